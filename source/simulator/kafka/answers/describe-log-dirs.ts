import { maySee, type Api } from '../api.js';
import type { SimulatedPartition } from '../state.js';

const clusterAuthorizationFailed = 31;
const bytesPerRecord = 100;
const diskBytes = 1_000_000_000_000;

/** DescribeLogDirs (35): one directory a broker. Before v3 a user who may not ask is told of none. */
export const describeLogDirs: Api = {
  key: 35,
  name: 'DescribeLogDirs',
  min: 1,
  max: 4,
  flexibleFrom: 2,
  answer(request, answer, question) {
    const { state, broker, version } = question;
    request.partitions();
    request.tags();
    const mayAsk = maySee(question);
    const held = Object.entries(state.topics)
      .map(([name, { partitions }]) => ({
        name,
        here: [...partitions.entries()].filter(([, p]) => p.replicas.includes(broker.id)),
      }))
      .filter(({ here }) => here.length > 0);
    answer.int32(state.throttleMs);
    if (version >= 3) answer.int16(mayAsk ? 0 : clusterAuthorizationFailed);
    answer.list(mayAsk ? ['/var/lib/kafka'] : [], dir => {
      answer.int16(broker.logDirError).text(dir);
      answer.list(broker.logDirError === 0 ? held : [], ({ name, here }) => {
        answer.text(name).list(here, ([index, p]) => {
          answer.int32(index).int64(sizeOf(p)).int64(0).flag(false).tags();
        });
        answer.tags();
      });
      if (version >= 4) answer.int64(diskBytes).int64(diskBytes / 2);
      answer.tags();
    });
    answer.tags();
  },
};

function sizeOf({ size, logStart, logEnd }: SimulatedPartition): number {
  return size ?? (logEnd - logStart) * bytesPerRecord;
}
