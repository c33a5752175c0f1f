import type { RemedyHint } from '../finding.js';

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
