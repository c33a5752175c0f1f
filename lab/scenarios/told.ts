/** What kmon tells at a tick, as far as it is compared with what is expected. */
import type { LiveFinding } from '../../source/diagnose/finding.js';
import type { View } from '../../source/session/view.js';
import { matches, type Told, type Wanted } from './wanted.js';

/** A finding, and the one that it is listed under. */
export interface Placed {
  readonly finding: LiveFinding;
  readonly parent?: LiveFinding;
}

/** All of them, each consequence behind its cause. */
export function placed(findings: readonly LiveFinding[], parent?: LiveFinding): readonly Placed[] {
  return findings.flatMap(finding => [
    { finding, ...(parent && { parent }) },
    ...placed(finding.consequences, finding),
  ]);
}

export function toldOf({ rule, verdict, subject, sentence }: LiveFinding): Told {
  return { rule, verdict, subject: `${subject.kind} ${subject.id}`, sentence };
}

/** Such a finding that fires, for itself or as a consequence. */
export function firing({ findings }: View, wanted: Wanted): LiveFinding | undefined {
  return placed(findings).find(
    ({ finding }) => finding.phase === 'firing' && matches(wanted, toldOf(finding)),
  )?.finding;
}
