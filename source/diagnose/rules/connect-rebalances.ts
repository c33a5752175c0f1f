import { valueOf } from '../../core/known.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import type { Explains, Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofConnect } from '../subject.js';
import { workerTimeouts } from './client-advice.js';
import { findingPart, judgementPart, rebalanceFormula } from './group-rebalances.js';
import { restlessness, type Restless } from './restless.js';

const description: Description = {
  what: 'Do the workers of a Connect cluster rebalance too often, or was one lost?',
  formula: `${rebalanceFormula.trim()}

worker-lost     a worker went and did not come back: Connect keeps its tasks for it, for scheduled.rebalance.max.delay.ms
                (5 min by default). Until then tasks UNASSIGNED are excused.`,
  thresholds: [
    'storm-rebalances',
    'storm-returns',
    'storm-critical',
    'rebalancing-share',
    'consume-short',
    'rebalance-stuck',
    'rebalances-hour',
  ],
  needs: [
    { fact: 'connectors', without: 'blind' },
    { fact: 'described', without: 'less-sure' },
    { fact: 'worker-rebalances-total', without: 'less-sure' },
  ],
  traps: [
    'Connect lists the tasks of a killed worker as RUNNING until the next rebalance.',
    'A worker that is restarted within 40 s is not spoken of: it returns to its own tasks.',
    'A new connector, or another number of tasks, makes a rebalance, too. Measured: connectors that were configured anew a few times within ten minutes looked like a storm, and hid that a worker was killed. So these are none, and a lost worker is told first.',
    'A worker’s time-outs are its own, not those of a connector: `consumer.session.timeout.ms` of a connector calms no worker.',
  ],
  wrongIf: ['worker-lost: it was taken out of service on purpose'],
  remedies: ['start the worker again; its tasks go back to it within the delay'],
};

export const connectRebalances: Rule = {
  id: 'connect-rebalances',
  fireAfter: 60_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.connects.flatMap(({ name }) => judgeConnect(name, snapshot, limits)),
};

function judgeConnect(connect: string, snapshot: Snapshot, limits: Limits): readonly Judgement[] {
  const subject = ofConnect(connect);
  const flows = snapshot.flows.filter(flow => flow.connect === connect);
  const [first] = flows;
  if (first === undefined) return [];
  const said = restlessness(restlessOf(first, flows), snapshot.at, limits);
  if (said === undefined) return [{ subject }];
  const finding: Finding = {
    rule: connectRebalances.id,
    subject,
    unchecked: ['session.timeout.ms and scheduled.rebalance.max.delay.ms of the workers cannot be read'],
    falsifier: 'workers are stopped and started on purpose',
    remedies: [],
    byHand: byHandOf(flows),
    advice: [workerTimeouts(connect)],
    explains: ['flow-running', 'flow-limits'].map((rule): Explains => ({
      rule,
      subject: { kind: 'flow', id: `${connect}/*` },
      ...(said.excusesUntil !== undefined && { excuses: true, until: said.excusesUntil }),
    })),
    ...findingPart(said),
  };
  return [{ subject, finding, ...judgementPart(said) }];
}

function restlessOf({ rebalances }: FlowView, flows: readonly FlowView[]): Restless {
  const mirrors = flows.filter(flow => flow.kind === 'mirror-source');
  const consumed = sum(mirrors.map(flow => valueOf(flow.write.now)));
  const arrival = sum(mirrors.map(flow => valueOf(flow.arrival.now)));
  return {
    of: 'workers',
    rebalances,
    isBusy: false,
    partitions: flows.reduce((n, flow) => n + flow.tasks.length, 0),
    stops: 'unknown',
    ...(consumed !== undefined && { consumed }),
    ...(arrival !== undefined && { arrival }),
  };
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  let total: number | undefined;
  for (const value of values) {
    if (value === undefined) return undefined;
    total = (total ?? 0) + value;
  }
  return total;
}

function byHandOf(flows: readonly FlowView[]): string[] {
  const workers = [...new Set(flows.flatMap(flow => flow.tasks.map(task => task.worker)))].filter(Boolean);
  const [worker] = workers.sort();
  return [`curl -s 'http://${worker ?? '<worker>'}/connectors?expand=status'`];
}
