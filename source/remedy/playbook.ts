import { isKnown, valueOf } from '../core/known.js';
import { count, duration } from '../core/units.js';
import type { FlowView, Snapshot } from '../model/snapshot.js';
import { noUseOfWorker } from './guides/scale-out.js';
import type { Suggested } from './offers.js';
import type { Offer } from './plan.js';

/** What the runbook does first, next and last against a growing lag. */
export type Stage = 'P0' | 'P1' | 'P2';

export type PlayStep = {
  readonly stage: Stage;
  readonly title: string;
  /** The action that does it; absent of what kmon does not do from a playbook. */
  readonly action?: string;
  /** Why it is passed over, whatever the plan would say; undefined where it is not. */
  readonly passes?: (flow: FlowView, snapshot: Snapshot) => string | undefined;
};

/**
 * The runbook's way against a growing lag: what costs least and is taken back soonest comes first (P0: what stands still, quotas, tasks),
 * then throughput (P1), then what needs room or is a last resort (P2).
 */
export const growingLag: readonly PlayStep[] = [
  { stage: 'P0', title: 'restart what failed', action: 'restart-failed' },
  { stage: 'P0', title: 'resume what is paused or stopped', action: 'resume' },
  { stage: 'P0', title: 'raise the produce quota', action: 'raise-quota' },
  { stage: 'P0', title: 'raise the fetch quota', action: 'raise-fetch-quota' },
  { stage: 'P0', title: 'raise tasks.max', action: 'tasks-max' },
  { stage: 'P1', title: 'larger batches', action: 'producer-throughput' },
  { stage: 'P1', title: 'larger fetches', action: 'consumer-fetch' },
  {
    stage: 'P1',
    title: 'add a worker',
    passes: ({ connect, connector }, snapshot) =>
      noUseOfWorker(snapshot, { kind: 'connector', connect, connector }) ??
      'kmon starts no processes: x, "Add a worker" says what it needs and watches it come',
  },
  { stage: 'P2', title: 'a larger producer buffer', action: 'buffer-memory' },
  {
    stage: 'P2',
    title: 'more partitions at the source',
    passes: () =>
      'not from here: it moves keys to other partitions for ever; x on the topic plans it, once nothing else is left',
  },
];

/** How long after a change was verified its effect is watched before the next step: rates take 30 s, growth of lag a minute to follow. */
export const watchFor = 120_000;

/** Why the step is not even planned; undefined where it is. */
export function skipped(
  step: PlayStep,
  flow: FlowView,
  snapshot: Snapshot,
  offers: readonly Offer[],
  suggested: readonly Suggested[],
): string | undefined {
  const passed = step.passes?.(flow, snapshot);
  if (passed !== undefined) return passed;
  const said = suggested.find(one => one.action === step.action);
  if (said !== undefined && !said.cures) return `would not cure it: ${said.note}`;
  const offer = offers.find(one => one.action === step.action);
  return offer === undefined ? 'it has nothing to do with this flow' : offer.disabled;
}

/** Why there is nothing to play: its lag is not known, or does not grow. */
export function noNeed(flow: FlowView): string | undefined {
  if (flow.kind !== 'mirror-source' && flow.kind !== 'source')
    return 'only for what replicates or brings records in';
  if (!isKnown(flow.state)) return 'the state of the connector is not known';
  // What stands still has no growth that is measured against its target, and is what the first steps are for.
  if (flow.state.value !== 'RUNNING' || flow.tasks.some(task => task.state === 'FAILED')) return undefined;
  if (!isKnown(flow.lagSlope)) return 'whether its lag grows is not known';
  return grows(flow) ? undefined : 'its lag does not grow';
}

/** How a flow stands, in one line. */
export function standOf(flow: FlowView): string {
  const [slope, lag] = [valueOf(flow.lagSlope), valueOf(flow.lag)?.low];
  const level = lag === undefined ? 'lag is not known' : `lag ${count(lag)}`;
  if (slope === undefined) return `${level}, its growth is not known`;
  return `${level}, ${slope < 0 ? `falls by ${count(-slope)}/s` : `grows by ${count(slope)}/s`}`;
}

/** What a watched step did; `cured` where lag grows no more, so that nothing more need be changed. */
export function outcomeOf(flow: FlowView): { readonly cured: boolean | 'unknown'; readonly text: string } {
  if (!isKnown(flow.lagSlope)) return { cured: 'unknown', text: standOf(flow) };
  if (grows(flow)) return { cured: false, text: standOf(flow) };
  const [slope, lag] = [flow.lagSlope.value, valueOf(flow.lag)?.low];
  const drains = lag !== undefined && slope < 0 ? `, drained in ${duration((lag / -slope) * 1000)}` : '';
  return { cured: true, text: `${standOf(flow)}${drains}` };
}

/** By more than a hundredth of what arrives: below it, growth is noise. */
function grows({ lagSlope, arrival }: FlowView): boolean {
  return (valueOf(lagSlope) ?? 0) > Math.max(1, 0.01 * (valueOf(arrival.now) ?? 0));
}
