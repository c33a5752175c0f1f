import { maySee, type Api, type Question } from '../api.js';

const unknownTopic = 3;
const topicAuthorizationFailed = 29;
const clusterAuthorizationFailed = 31;
const invalidRequest = 42;
const [aTopic, aBroker] = [2, 4];

/** Where a value comes from. */
const [dynamicTopicConfig, dynamicBrokerConfig, defaultConfig] = [1, 2, 5];

/** Kafka's defaults of some of a topic's keys. */
const ofTopics: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'producer',
  'delete.retention.ms': '86400000',
  'max.message.bytes': '1048588',
  'message.timestamp.type': 'CreateTime',
  'min.insync.replicas': '1',
  'retention.bytes': '-1',
  'retention.ms': '604800000',
  'segment.bytes': '1073741824',
  'segment.ms': '604800000',
  'unclean.leader.election.enable': 'false',
};

/** And of a broker's. */
const ofBrokers: Readonly<Record<string, string>> = {
  'auto.leader.rebalance.enable': 'true',
  'default.replication.factor': '1',
  'group.max.session.timeout.ms': '1800000',
  'group.min.session.timeout.ms': '6000',
  'log.retention.check.interval.ms': '300000',
  'message.max.bytes': '1048588',
  'min.insync.replicas': '1',
  'num.io.threads': '8',
  'num.network.threads': '3',
  'offsets.retention.minutes': '10080',
  'unclean.leader.election.enable': 'false',
};

/** DescribeConfigs (32), of topics and brokers. A key that is none of theirs is left out. */
export const describeConfigs: Api = {
  key: 32,
  name: 'DescribeConfigs',
  min: 1,
  max: 4,
  flexibleFrom: 4,
  answer(request, answer, question) {
    const { state, version } = question;
    const resources =
      request.structs(() => ({
        type: request.int8(),
        name: request.name(),
        keys: request.list(() => request.name()),
      })) ?? [];
    request.flag();
    if (version >= 3) request.flag();
    request.tags();
    answer.int32(state.throttleMs).list(resources, ({ type, name, keys }) => {
      const { error, own, defaults, set } = configured(type, name, question);
      const values = Object.entries({ ...defaults, ...own }).filter(([key]) => keys?.includes(key) ?? true);
      answer.int16(error).text(error === 0 ? null : `${name} cannot be described.`);
      answer.int8(type).text(name);
      answer.list(error === 0 ? values : [], ([key, value]) => {
        const source = key in own ? set : defaultConfig;
        answer.text(key).text(value).flag(false).int8(source).flag(false);
        answer.list([], () => undefined);
        if (version >= 3) answer.int8(0).text(null);
        answer.tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};

type Values = Readonly<Record<string, string>>;

function configured(
  type: number,
  name: string,
  question: Question,
): { readonly error: number; readonly own: Values; readonly defaults: Values; readonly set: number } {
  const { state, broker } = question;
  const topic = { own: state.topics[name]?.configs ?? {}, defaults: ofTopics, set: dynamicTopicConfig };
  if (type === aTopic) return { ...topic, error: errorOf(name, question) };
  const itself = { own: broker.configs ?? {}, defaults: ofBrokers, set: dynamicBrokerConfig };
  // A broker tells of itself alone.
  const isItself = type === aBroker && name === String(broker.id);
  const error = !maySee(question) ? clusterAuthorizationFailed : isItself ? 0 : invalidRequest;
  return { ...itself, error };
}

function errorOf(topic: string, question: Question): number {
  if (!maySee(question)) return topicAuthorizationFailed;
  const found = question.state.topics[topic];
  return found ? found.error : unknownTopic;
}
