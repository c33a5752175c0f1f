import { mayChange, type Api, type Question } from '../api.js';

const unknownTopicOrPartition = 3;
const clusterAuthorizationFailed = 31;
const preferredLeaderNotAvailable = 80;
const electionNotNeeded = 84;

/** ElectLeaders (43): the first replica leads, where it is in sync. */
export const electLeaders: Api = {
  key: 43,
  name: 'ElectLeaders',
  min: 0,
  max: 2,
  flexibleFrom: 2,
  answer(request, answer, question) {
    const { state, version } = question;
    if (version >= 1) request.int8();
    const topics = request.partitions() ?? [];
    request.int32();
    request.tags();
    const mayElect = mayChange(question);
    answer.int32(state.throttleMs);
    if (version >= 1) answer.int16(mayElect ? 0 : clusterAuthorizationFailed);
    answer.list(topics, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, index => {
        const error = mayElect ? elect(topic, index, question) : clusterAuthorizationFailed;
        answer.int32(index).int16(error).text(null).tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};

function elect(name: string, index: number, { state }: Question): number {
  const partition = state.topics[name]?.partitions[index];
  const [preferred] = partition?.replicas ?? [];
  if (partition === undefined || preferred === undefined) return unknownTopicOrPartition;
  if (partition.leader === preferred) return electionNotNeeded;
  if (!partition.isr.includes(preferred)) return preferredLeaderNotAvailable;
  partition.leader = preferred;
  partition.leaderEpoch = (partition.leaderEpoch ?? 0) + 1;
  return 0;
}
