import { mayChange, type Api } from '../api.js';
import type { KafkaState, SimulatedQuota } from '../state.js';

const clusterAuthorizationFailed = 31;
const invalidRequest = 42;
const known = new Set([
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
]);

type Operation = { readonly key: string; readonly value: number; readonly remove: boolean };

/** AlterClientQuotas (49): sets and removes limits of entities. */
export const alterClientQuotas: Api = {
  key: 49,
  name: 'AlterClientQuotas',
  min: 0,
  max: 1,
  flexibleFrom: 1,
  answer(request, answer, question) {
    const { state } = question;
    const entries =
      request.structs(() => {
        const parts = request.structs(() => [request.name(), request.text()] as const) ?? [];
        const operations =
          request.structs((): Operation => ({
            key: request.name(),
            value: request.float64(),
            remove: request.flag(),
          })) ?? [];
        return { parts, operations };
      }) ?? [];
    const validateOnly = request.flag();
    request.tags();
    answer.int32(state.throttleMs).list(entries, ({ parts, operations }) => {
      const wrong = operations.find(o => !known.has(o.key) || (!o.remove && o.value < 0));
      const error = !mayChange(question) ? clusterAuthorizationFailed : wrong ? invalidRequest : 0;
      if (error === 0 && !validateOnly) apply(state, Object.fromEntries(parts), operations);
      answer.int16(error).text(wrong ? `Invalid configuration key ${wrong.key}` : null);
      answer.list(parts, ([type, name]) => answer.text(type).text(name).tags());
      answer.tags();
    });
    answer.tags();
  },
};

function apply(state: KafkaState, entity: SimulatedQuota['entity'], operations: readonly Operation[]): void {
  const before = state.quotas.find(q => isSame(q.entity, entity));
  const values = new Map(Object.entries(before?.values ?? {}));
  for (const { key, value, remove } of operations)
    if (remove) values.delete(key);
    else values.set(key, value);
  const others = state.quotas.filter(q => q !== before);
  state.quotas = values.size === 0 ? others : [...others, { entity, values: Object.fromEntries(values) }];
}

function isSame(a: SimulatedQuota['entity'], b: SimulatedQuota['entity']): boolean {
  return a.user === b.user && a['client-id'] === b['client-id'] && a.ip === b.ip;
}
