import { withAdmin } from '../clients.js';
import { deleteGroup } from '../groups.js';
import { createTopic, deleteTopic } from '../topics.js';
import { writeRecords } from '../write.js';
import type { Fault } from './fault.js';

const topic = 'returns';
const group = 'returns-desk';
const before = 4;
const after = 6;

export const partitionsAdded: Fault = {
  name: 'partitions-added',
  about: `${topic}, a keyed topic that ${group} has read to the half, gets ${after} partitions instead of ${before}`,
  prepare: async site => {
    if (!(await createTopic(site, 'eu', { topic, partitions: before }))) return;
    await writeRecords(site, 'eu', { topic, partitions: before, each: 200 });
    await withAdmin(site, 'eu', async admin => {
      const offset = '100';
      const partitions = Array.from({ length: before }, (_, partition) => ({ partition, offset }));
      await admin.setOffsets({ groupId: group, topic, partitions });
    });
  },
  inject: site =>
    withAdmin(site, 'eu', async admin => {
      await admin.createPartitions({ topicPartitions: [{ topic, count: after }] });
    }),
  heal: async site => {
    await deleteGroup(site, 'eu', group);
    await deleteTopic(site, 'eu', topic);
  },
};
