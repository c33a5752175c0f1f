import kafkajs, { type PartitionAssigner } from 'kafkajs';

// kafkajs is CommonJS, and Node finds only some of its names.
const { AssignerProtocol } = kafkajs;
const name = 'Uneven';
const version = 1;

/** One partition for each member, and all the others for the first. */
export const unevenAssigner: PartitionAssigner = ({ cluster }) => ({
  name,
  version,
  assign: ({ members, topics }) => {
    const ids = members.map(({ memberId }) => memberId).sort();
    const assigned = ids.map((): Record<string, number[]> => ({}));
    for (const topic of topics)
      cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => partitionId)
        .sort((a, b) => a - b)
        .forEach((partition, i) => {
          const owner = assigned[i < ids.length ? i : 0];
          if (owner) (owner[topic] ??= []).push(partition);
        });
    return Promise.resolve(
      ids.map((memberId, i) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version,
          assignment: assigned[i] ?? {},
          userData: Buffer.alloc(0),
        }),
      })),
    );
  },
  protocol: ({ topics }) => ({
    name,
    metadata: AssignerProtocol.MemberMetadata.encode({ version, topics, userData: Buffer.alloc(0) }),
  }),
});
