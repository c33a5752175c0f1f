import type { FlowView } from '../../model/snapshot.js';
import type { RemedyHint } from '../finding.js';
import { byHandConfig } from './by-hand.js';
import type { Verdict } from './flow-verdict.js';

/** Exceptions of Kafka and Java after which a task runs when it is restarted. */
type Kind = { readonly is: RegExp; readonly note: string };

const passing: Kind = {
  is: /\bjava\.net\.\w+Exception\b|\.(Timeout|Disconnect|Network|Retriable|NotEnoughReplicas\w*|NotLeader\w+|LeaderNotAvailable|BrokerNotAvailable|Coordinator\w+)Exception\b/,
  note: 'what ended it passes, and what is FAILED does not start again by itself',
};
const mended: Kind = {
  is: /\.\w*(Authorization|Authentication|UnknownTopicOrPartition)Exception\b/,
  note: 'once the right, the login or the topic is there again: until then it fails anew',
};
/**
 * A worker that starts reads the compacted topic of configurations, and passes over those of tasks where that of their connector stands
 * behind them: it takes the connector for one that was deleted (KAFKA-17719, Kafka 3.8 to 4.3 at least). That order comes about where a
 * configuration was put again unchanged, as tools that deploy do: Connect writes it, and those of the tasks not.
 */
const lostConfiguration = /NullPointerException\b.*"inputMap" is null/;

/** What FAILED, by its traces: what follows, and what to do about it. */
export function failedCause(
  flow: FlowView,
  traces: readonly (string | undefined)[],
): Pick<Verdict, 'remedies' | 'byHand'> & { readonly consequence: string } {
  if (!traces.some(trace => lostConfiguration.test(trace ?? '')))
    return { consequence: 'does not recover by itself', remedies: [restartHint(traces)] };
  return {
    consequence: 'fails at every restart: Connect has lost the configuration of its tasks (KAFKA-17719)',
    remedies: [
      {
        action: 'set-key',
        cures: true,
        note: 'renewed=1, or any other key: a configuration that is another makes Connect write those of its tasks anew',
      },
      restartHint(traces),
    ],
    byHand: byHandConfig(flow, 'renewed', '1'),
  };
}

const lasting = 'it fails again while the cause in the trace stands';

/** The restart of what failed: it cures where each of the failures is of something that passes or is mended elsewhere. */
export function restartHint(traces: readonly (string | undefined)[]): RemedyHint {
  const kinds = traces.map(trace => [mended, passing].find(({ is }) => is.test(rootOf(trace ?? ''))));
  const cures = kinds.length > 0 && !kinds.includes(undefined);
  const note = !cures ? lasting : kinds.includes(mended) ? mended.note : passing.note;
  return { action: 'restart-failed', cures, note };
}

/** `org.apache.kafka.common.errors.TimeoutException: …`, of the first line of a trace and the last cause behind it. */
function rootOf(trace: string): string {
  const cause = trace.lastIndexOf('Caused by: ');
  return cause < 0 ? trace : trace.slice(cause);
}
