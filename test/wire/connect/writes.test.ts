import { expect, onTestFinished, test } from 'vitest';
import { openConnect, type ConnectLink, type WriteResult } from '../../../source/wire/connect/link.js';
import type { SimulatedConnect } from '../../../source/simulator/connect/site.js';
import { readStatus } from '../../../source/wire/connect/reads/status.js';
import { readTasks } from '../../../source/wire/connect/reads/tasks.js';
import { restartConnector } from '../../../source/wire/connect/writes/restart-connector.js';
import { restartTask } from '../../../source/wire/connect/writes/restart-task.js';
import { setState } from '../../../source/wire/connect/writes/set-state.js';
import { ok } from '../../support/answers.js';
import { FakeClock } from '../../support/fake-clock.js';
import { simulatedMirror } from '../../support/simulated-mirror.js';

async function opened(
  version?: string,
): Promise<{ site: SimulatedConnect; link: ConnectLink; clock: FakeClock }> {
  const clock = new FakeClock();
  const site = await simulatedMirror(clock, version === undefined ? {} : { version });
  const link = openConnect({ connect: 'us', urls: site.urls, requestTimeout: 5_000 }, { clock });
  onTestFinished(async () => {
    link.close();
    await site.stop();
  });
  return { site, link, clock };
}

const states = async (link: ConnectLink): Promise<readonly string[]> => {
  const { state, tasks } = ok(await readStatus(link, 'mm2-source'));
  return [state, ...tasks.map(t => t.state)];
};

test('a pause keeps the tasks, a stop takes them away, and both can be taken back', async () => {
  const { link, clock } = await opened();
  expect(await setState(link, 'mm2-source', 'PAUSED')).toHaveProperty('done');
  expect(await states(link)).toEqual(['PAUSED', ...Array<string>(4).fill('PAUSED')]);
  expect(await setState(link, 'mm2-source', 'RUNNING')).toHaveProperty('done');
  expect(await states(link)).toEqual(['RUNNING', ...Array<string>(4).fill('RUNNING')]);
  expect(await setState(link, 'mm2-source', 'STOPPED')).toHaveProperty('done');
  await clock.advance(10_000);
  expect(await states(link)).toEqual(['STOPPED']);
  expect(ok(await readTasks(link, 'mm2-source'))).toEqual([]);
  expect(await setState(link, 'mm2-source', 'RUNNING')).toHaveProperty('done');
  await clock.advance(10_000);
  expect(await states(link)).toEqual(['RUNNING', ...Array<string>(4).fill('RUNNING')]);
});

test('only what failed is restarted, where that is asked for', async () => {
  const { site, link } = await opened();
  const connector = site.connector('mm2-source');
  for (const task of connector.tasks().slice(1, 3)) Object.assign(task, { state: 'FAILED', trace: 'boom' });
  expect(await restartConnector(link, 'mm2-source', { includeTasks: true, onlyFailed: true })).toHaveProperty(
    'done',
  );
  expect(connector.takeRestarted()).toEqual([1, 2]);
  expect(await states(link)).toEqual(['RUNNING', ...Array<string>(4).fill('RUNNING')]);
  await restartConnector(link, 'mm2-source', { includeTasks: true, onlyFailed: false });
  expect(connector.takeRestarted()).toEqual([0, 1, 2, 3]);
});

test('one task is restarted; one that is not there is not', async () => {
  const { site, link } = await opened();
  expect(await restartTask(link, 'mm2-source', 2)).toHaveProperty('done');
  expect(site.connector('mm2-source').takeRestarted()).toEqual([2]);
  expect(await restartTask(link, 'mm2-source', 9)).toMatchObject({ undone: { kind: 'absent' } });
});

test('a Connect before 3.5 cannot stop, one before 3.0 passes over the flags', async () => {
  const { site, link } = await opened('2.8.1');
  expect(await setState(link, 'mm2-source', 'STOPPED')).toMatchObject({ undone: { kind: 'unsupported' } });
  await restartConnector(link, 'mm2-source', { includeTasks: true, onlyFailed: false });
  expect(site.connector('mm2-source').takeRestarted()).toEqual([]);
});

const all: readonly (readonly [string, (link: ConnectLink) => Promise<WriteResult<unknown>>])[] = [
  ['pause', link => setState(link, 'mm2-source', 'PAUSED')],
  ['resume', link => setState(link, 'mm2-source', 'RUNNING')],
  ['stop', link => setState(link, 'mm2-source', 'STOPPED')],
  ['restart', link => restartConnector(link, 'mm2-source', { includeTasks: true, onlyFailed: true })],
  ['restart of a task', link => restartTask(link, 'mm2-source', 0)],
];

test.each(all)('%s: refused while the workers rebalance', async (_, write) => {
  const { site, link } = await opened();
  site.fault = 'rebalancing-writes';
  expect(await write(link)).toMatchObject({ undone: { kind: 'busy' } });
});

test.each(all)('%s: sent once, and uncertain where Connect gave up on it', async (_, write) => {
  const { site, link } = await opened();
  site.fault = 'write-times-out-though-applied';
  expect(await write(link)).toMatchObject({ uncertain: { kind: 'timeout' } });
  expect(site.mutations()).toHaveLength(1);
});

test.each(all)('%s of a connector that is not there', async (name, write) => {
  const { site, link } = await opened();
  site.remove('mm2-source');
  expect([name, await write(link)]).toMatchObject([name, { undone: { kind: 'absent' } }]);
});
