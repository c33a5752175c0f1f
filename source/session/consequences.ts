import type { LiveFinding } from '../diagnose/finding.js';

/** A finding and all that follows from it, over any number of steps: each cause before its consequences. */
export function withConsequences(finding: LiveFinding): readonly LiveFinding[] {
  return [finding, ...followersOf(finding)];
}

/** All that follow from a finding, over any number of steps. */
export function followersOf(finding: LiveFinding): readonly LiveFinding[] {
  return finding.consequences.flatMap(withConsequences);
}
