import { maySee, type Api } from '../api.js';

const clusterAuthorizationFailed = 31;

/** ListPartitionReassignments (46): the partitions that gain or lose replicas now. */
export const listReassignments: Api = {
  key: 46,
  name: 'ListPartitionReassignments',
  min: 0,
  max: 0,
  flexibleFrom: 0,
  answer(request, answer, question) {
    const { state } = question;
    request.int32();
    const wanted = request.partitions();
    request.tags();
    const error = maySee(question) ? 0 : clusterAuthorizationFailed;
    const moving = Object.entries(error === 0 ? state.topics : {})
      .map(([name, { partitions }]) => ({
        name,
        moves: [...partitions.entries()].filter(
          ([index, p]) =>
            (p.adding !== undefined || p.removing !== undefined) &&
            (wanted === null || wanted.some(w => w.topic === name && w.partitions.includes(index))),
        ),
      }))
      .filter(({ moves }) => moves.length > 0);
    answer.int32(state.throttleMs).int16(error);
    answer.text(error === 0 ? null : 'Cluster authorization failed.');
    answer.list(moving, ({ name, moves }) => {
      answer.text(name).list(moves, ([index, { replicas, adding = [], removing = [] }]) => {
        answer.int32(index).int32s(replicas).int32s(adding).int32s(removing).tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};
