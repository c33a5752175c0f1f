import { brokerDown } from './broker-down.js';
import { brokerHung } from './broker-hung.js';
import { connectDown } from './connect-down.js';
import { connectRebalancing } from './connect-rebalancing.js';
import { coordinatorLoading } from './coordinator-loading.js';
import { garbage } from './garbage.js';
import { halfAnswers } from './half-answers.js';
import { healthy } from './healthy.js';
import { noPrometheus } from './no-prometheus.js';
import { overload } from './overload.js';
import { rebalanceStorm } from './rebalance-storm.js';
import type { Scenario } from './scenario.js';
import { skew } from './skew.js';
import { slowConsumer } from './slow-consumer.js';
import { targetQuota } from './target-quota.js';
import { unauthorised } from './unauthorised.js';
import { workerLost } from './worker-lost.js';

/** All of them, the default one first. A new one is a file beside this one and a line here. */
export const scenarios: readonly Scenario[] = [
  targetQuota,
  healthy,
  overload,
  skew,
  slowConsumer,
  rebalanceStorm,
  workerLost,
  brokerDown,
  brokerHung,
  connectDown,
  connectRebalancing,
  noPrometheus,
  unauthorised,
  coordinatorLoading,
  halfAnswers,
  garbage,
];

export const defaultScenario: Scenario = targetQuota;

export function scenarioNamed(name: string): Scenario | undefined {
  return scenarios.find(scenario => scenario.name === name);
}
