import { openLab } from '../../lab/site.js';
import { systemClock } from '../../source/core/clock.js';
import { openConnect } from '../../source/wire/connect/link.js';
import { readTasks } from '../../source/wire/connect/reads/tasks.js';
import { prometheusContract } from '../contract/prometheus.contract.js';
import { ok } from '../support/answers.js';

prometheusContract('the lab', async () => {
  const lab = openLab(process.env['KMON_LAB']);
  const link = openConnect(
    { connect: 'us', urls: lab.workerUrls, requestTimeout: 10_000 },
    { clock: systemClock },
  );
  const tasks = ok(await readTasks(link, 'mm2-source')).length;
  link.close();
  return {
    clock: systemClock,
    endpoint: { name: 'prometheus', url: lab.prometheusUrl, requestTimeout: 10_000 },
    connector: 'mm2-source',
    tasks,
    stop: () => Promise.resolve(),
  };
});
