import { expect, test } from 'vitest';
import { stateOf } from '../../../source/simulator/kafka/state.js';
import { loseBroker, returnBroker } from '../../../source/simulator/site/brokers.js';
import { KafkaTie } from '../../../source/simulator/site/kafka-tie.js';
import {
  publishClusters,
  sourceCluster,
  targetCluster,
} from '../../../source/simulator/site/publish-kafka.js';
import { usualSetting } from '../../../source/simulator/site/setting.js';
import { restartTask } from '../../../source/simulator/site/tasks.js';
import { Engine } from './engine.js';

/** The engine with the state of both clusters, as a site has them, without sockets. */
function tied(): { engine: Engine; us: ReturnType<typeof stateOf>; run: (seconds: number) => number } {
  const engine = new Engine();
  const [eu, us] = [stateOf(sourceCluster(usualSetting)), stateOf(targetCluster(usualSetting))];
  const tie = new KafkaTie(us);
  const run = (seconds: number): number => {
    tie.obey(engine.state);
    const { throttle } = engine.run(seconds);
    publishClusters(engine.state, { eu, us });
    tie.publish(engine.state);
    return throttle;
  };
  run(5);
  return { engine, us, run };
}

const ofMirrorMaker = { entity: { user: 'mm2-user' }, values: { producer_byte_rate: 100_000 } };

test('a quota that a client sets throttles, and its removal ends that', () => {
  const { us, run } = tied();
  us.quotas = [ofMirrorMaker];
  expect(run(30)).toBeGreaterThan(0);
  us.quotas = [];
  expect(run(120)).toBeLessThan(1);
});

test('a quota that a scene sets shows in the cluster; a client that raises it has the last word', () => {
  const { engine, us, run } = tied();
  engine.state.quota = { bytesPerSecond: 100_000, of: 'user' };
  expect(run(30)).toBeGreaterThan(0);
  expect(us.quotas).toEqual([ofMirrorMaker]);
  us.quotas = [{ ...ofMirrorMaker, values: { producer_byte_rate: 50_000_000 } }];
  expect(run(120)).toBeLessThan(1);
  expect(engine.state.quota.bytesPerSecond).toBe(50_000_000);
});

test('a quota of another user throttles nobody here', () => {
  const { us, run } = tied();
  us.quotas = [{ entity: { user: 'somebody' }, values: { producer_byte_rate: 1 } }];
  expect(run(30)).toBe(0);
});

const leads = (engine: Engine): number | undefined =>
  engine.state.partitions.find(p => p.topic === 'orders' && p.partition === 0)?.leader;

test('a broker that is back leads as soon as it is elected over the wire', () => {
  const { engine, us, run } = tied();
  loseBroker(engine.state, 1);
  run(5);
  returnBroker(engine.state, 1);
  run(6);
  expect(leads(engine)).not.toBe(1);
  const copy = us.topics['eu.orders']?.partitions[0];
  if (copy) copy.leader = 1;
  run(1);
  expect(leads(engine)).toBe(1);
});

test('another order of the replicas makes another leader', () => {
  const { engine, us, run } = tied();
  const copy = us.topics['eu.orders']?.partitions[0];
  copy?.replicas.reverse();
  run(1);
  expect(leads(engine)).toBe(copy?.replicas[0]);
});

test('a task that is restarted goes on, and loses nothing', () => {
  const { engine, run } = tied();
  restartTask(engine.state, 0);
  run(20);
  expect(engine.state.tasks[0]).toMatchObject({ phase: 'running' });
  expect(engine.run(5).lag).toBeLessThan(3_000);
});
