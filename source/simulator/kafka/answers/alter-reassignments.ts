import { mayChange, type Api, type Question } from '../api.js';
import type { SimulatedPartition } from '../state.js';

const unknownTopicOrPartition = 3;
const clusterAuthorizationFailed = 31;
const invalidReplicaAssignment = 39;
const noReassignmentInProgress = 85;

/**
 * AlterPartitionReassignments (45). Another order of the same replicas is there at once; one that adds replicas is under way
 * from then on, and ends when the state is given what it wanted.
 */
export const alterReassignments: Api = {
  key: 45,
  name: 'AlterPartitionReassignments',
  min: 0,
  max: 1,
  flexibleFrom: 0,
  answer(request, answer, question) {
    const { state, version } = question;
    request.int32();
    if (version >= 1) request.flag();
    const topics = request.topics(() => ({
      index: request.int32(),
      replicas: request.list(() => request.int32()),
    }));
    request.tags();
    const mayMove = mayChange(question);
    answer.int32(state.throttleMs);
    if (version >= 1) answer.flag(false);
    answer.int16(mayMove ? 0 : clusterAuthorizationFailed).text(null);
    answer.list(mayMove ? topics : [], ({ topic, partitions }) => {
      answer.text(topic).list(partitions, ({ index, replicas }) => {
        const error = move(state.topics[topic]?.partitions[index], replicas, question);
        answer.int32(index).int16(error).text(null).tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};

function move(
  partition: SimulatedPartition | undefined,
  wanted: readonly number[] | null,
  { state }: Question,
): number {
  if (partition === undefined) return unknownTopicOrPartition;
  const { adding = [], removing = [] } = partition;
  const before = partition.replicas.filter(id => !adding.includes(id));
  if (wanted === null) {
    if (adding.length + removing.length === 0) return noReassignmentInProgress;
    settle(partition, before);
    return 0;
  }
  const ids = new Set(state.brokers.map(b => b.id));
  const isSound = wanted.every(id => ids.has(id)) && new Set(wanted).size === wanted.length;
  if (!isSound || wanted.length !== before.length) return invalidReplicaAssignment;
  const added = wanted.filter(id => !before.includes(id));
  if (added.length === 0) settle(partition, wanted);
  else {
    partition.adding = added;
    partition.removing = before.filter(id => !wanted.includes(id));
    partition.replicas = [...wanted, ...partition.removing];
  }
  return 0;
}

function settle(partition: SimulatedPartition, replicas: readonly number[]): void {
  partition.replicas = [...replicas];
  partition.isr = partition.isr.filter(id => replicas.includes(id));
  delete partition.adding;
  delete partition.removing;
}
