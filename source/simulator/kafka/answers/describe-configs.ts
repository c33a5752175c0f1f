import { maySee, type Api, type Question } from '../api.js';

const unknownTopic = 3;
const topicAuthorizationFailed = 29;
const aTopic = 2;

/** Where a value comes from. */
const [dynamicTopicConfig, defaultConfig] = [1, 5];

/** Kafka's defaults of some of a topic's keys. */
const defaults: Readonly<Record<string, string>> = {
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

/** DescribeConfigs (32), of topics. A key that is not one of a topic's is left out. */
export const describeConfigs: Api = {
  key: 32,
  name: 'DescribeConfigs',
  min: 1,
  max: 4,
  flexibleFrom: 4,
  answer(request, answer, question) {
    const { state, version } = question;
    const resources =
      request.list(() => {
        request.int8();
        const resource = { topic: request.name(), keys: request.list(() => request.name()) };
        request.tags();
        return resource;
      }) ?? [];
    request.flag();
    if (version >= 3) request.flag();
    request.tags();
    answer.int32(state.throttleMs).list(resources, ({ topic, keys }) => {
      const error = errorOf(topic, question);
      const own = state.topics[topic]?.configs ?? {};
      const values = Object.entries({ ...defaults, ...own }).filter(([key]) => keys?.includes(key) ?? true);
      answer.int16(error).text(error === 0 ? null : `Topic ${topic} cannot be described.`);
      answer.int8(aTopic).text(topic);
      answer.list(error === 0 ? values : [], ([key, value]) => {
        const source = key in own ? dynamicTopicConfig : defaultConfig;
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

function errorOf(topic: string, question: Question): number {
  if (!maySee(question)) return topicAuthorizationFailed;
  const found = question.state.topics[topic];
  return found ? found.error : unknownTopic;
}
