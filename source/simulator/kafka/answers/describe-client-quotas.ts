import { maySee, type Api } from '../api.js';
import type { SimulatedQuota } from '../state.js';

const clusterAuthorizationFailed = 31;
const [exactly, theDefault] = [0, 1];

type Component = { readonly type: string; readonly match: number; readonly name: string | null };

/** DescribeClientQuotas (48). A filter without components that is not strict finds all. */
export const describeClientQuotas: Api = {
  key: 48,
  name: 'DescribeClientQuotas',
  min: 0,
  max: 1,
  flexibleFrom: 1,
  answer(request, answer, question) {
    const { state } = question;
    const components =
      request.structs((): Component => ({
        type: request.name(),
        match: request.int8(),
        name: request.text(),
      })) ?? [];
    const strict = request.flag();
    request.tags();
    const error = maySee(question) ? 0 : clusterAuthorizationFailed;
    const found = error === 0 ? state.quotas.filter(q => isFound(q, components, strict)) : [];
    answer.int32(state.throttleMs).int16(error);
    answer.text(error === 0 ? null : 'Cluster authorization failed.');
    answer.list(found, ({ entity, values }) => {
      answer.list(Object.entries(entity), ([type, name]) => answer.text(type).text(name).tags());
      answer.list(Object.entries(values), ([key, value]) => answer.text(key).float64(value).tags());
      answer.tags();
    });
    answer.tags();
  },
};

function isFound({ entity }: SimulatedQuota, components: readonly Component[], strict: boolean): boolean {
  const parts = new Map<string, string | null>(Object.entries(entity));
  if (strict && parts.size !== components.length) return false;
  return components.every(({ type, match, name }) => {
    const own = parts.get(type);
    if (own === undefined) return false;
    if (match === exactly) return own === name;
    return match !== theDefault || own === null;
  });
}
