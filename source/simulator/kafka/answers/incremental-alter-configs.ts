import { mayChange, type Api, type Question } from '../api.js';

const unknownTopic = 3;
const topicAuthorizationFailed = 29;
const clusterAuthorizationFailed = 31;
const invalidConfig = 40;
const invalidRequest = 42;
const [aTopic, aBroker] = [2, 4];
const [setIt, deleteIt] = [0, 1];

type Change = { readonly key: string; readonly operation: number; readonly value: string | null };

/** IncrementalAlterConfigs (44): keys of topics, and of the broker that is asked. All changes of a resource, or none. */
export const incrementalAlterConfigs: Api = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  min: 0,
  max: 1,
  flexibleFrom: 1,
  answer(request, answer, question) {
    const { state } = question;
    const resources =
      request.structs(() => {
        const [type, name] = [request.int8(), request.name()];
        const changes =
          request.structs((): Change => ({
            key: request.name(),
            operation: request.int8(),
            value: request.text(),
          })) ?? [];
        return { type, name, changes };
      }) ?? [];
    const validateOnly = request.flag();
    request.tags();
    answer.int32(state.throttleMs).list(resources, ({ type, name, changes }) => {
      const { error, message } = refusal(type, name, changes, question);
      if (error === 0 && !validateOnly) apply(type, name, changes, question);
      answer.int16(error).text(message).int8(type).text(name).tags();
    });
    answer.tags();
  },
};

type Refusal = { readonly error: number; readonly message: string | null };

function refusal(type: number, name: string, changes: readonly Change[], question: Question): Refusal {
  const { state, broker } = question;
  if (!mayChange(question))
    return { error: type === aTopic ? topicAuthorizationFailed : clusterAuthorizationFailed, message: null };
  if (type === aTopic && state.topics[name] === undefined)
    return { error: unknownTopic, message: 'The topic does not exist.' };
  if (type !== aTopic && !(type === aBroker && name === String(broker.id)))
    return { error: invalidRequest, message: `Unexpected resource ${name}` };
  const wrong = changes.find(({ key, operation, value }) => operation === setIt && isWrong(key, value));
  if (wrong === undefined) return { error: 0, message: null };
  return { error: invalidConfig, message: `Invalid value ${wrong.value} for configuration ${wrong.key}` };
}

/** Numbers are numbers; other values are not looked at. */
function isWrong(key: string, value: string | null): boolean {
  return /(\.ms|\.bytes|\.replicas|\.minutes)$/.test(key) && !/^-?\d+$/.test(value ?? '');
}

function apply(type: number, name: string, changes: readonly Change[], { state, broker }: Question): void {
  const resource = type === aTopic ? state.topics[name] : broker;
  if (resource === undefined) return;
  const configs = new Map(Object.entries(resource.configs ?? {}));
  for (const { key, operation, value } of changes)
    if (operation === deleteIt) configs.delete(key);
    else configs.set(key, value ?? '');
  resource.configs = Object.fromEntries(configs);
}
