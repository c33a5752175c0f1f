import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation, ObservationKind } from '../../source/core/observation.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { rules } from '../../source/diagnose/rules.js';
import { SiteModel } from '../../source/model/site-model.js';
import { anything } from '../support/anything.js';
import { GroupTruth, observed as ofGroup } from '../support/group-truth.js';
import { site } from '../support/site-stream.js';

/** What happens to a group in a round of questions. */
const round = fc.record({
  seconds: fc.integer({ min: 1, max: 300 }),
  members: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 }),
  state: fc.constantFrom('Stable', 'Stable', 'Stable', 'PreparingRebalance', 'Reconciling', 'Dead', ''),
  type: fc.constantFrom<GroupTruth['type']>('classic', 'consumer', 'share'),
  assignor: fc.constantFrom('range', 'cooperative-sticky', ''),
  arrival: fc.array(fc.constantFrom(0, 1, 100, 50_000), { minLength: 6, maxLength: 6 }),
  perSecond: fc.constantFrom(0, 50, 100_000),
  simple: fc.constantFrom(0, 0, 1_000),
  back: fc.constantFrom(0, 0, 300, 1e9),
  poisoned: fc.option(fc.nat(5)),
  unseen: fc.subarray<ObservationKind>(['cluster', 'groups', 'described', 'committed', 'offsets'], {
    maxLength: 2,
  }),
  strange: fc.array(anything, { maxLength: 2 }),
});

type Round = typeof round extends fc.Arbitrary<infer R> ? R : never;

function* observed(truth: GroupTruth, happens: Round): Generator<Observation> {
  const { seconds, members, perSecond, back, poisoned, unseen, strange, ...rest } = happens;
  Object.assign(truth, rest);
  truth.members = members.map(name => ({ name, perSecond }));
  if (poisoned !== null) truth.poisoned.add(poisoned);
  truth.position.forEach((at, p) => (truth.position[p] = Math.max(0, at - back)));
  truth.advance(seconds * 1_000);
  for (const o of ofGroup(truth)) if (!unseen.includes(o.kind)) yield o;
  yield* strange;
}

test('no rule throws, or says a number that it does not know, whatever happens to a group', () => {
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 16 }), rounds => {
      const truth = new GroupTruth();
      const model = new SiteModel(site);
      const lifecycle = new Lifecycle();
      for (const happens of rounds) {
        for (const o of observed(truth, happens)) model.fold(o);
        const snapshot = model.snapshot(truth.now);
        for (const rule of rules)
          for (const { finding } of rule.judge(snapshot, defaultLimits)) {
            if (finding === undefined) continue;
            const said = [finding.sentence, finding.consequence, ...finding.evidence.map(e => e.value)];
            expect(said.join('\n'), rule.id).not.toMatch(/NaN|undefined|Infinity/);
          }
        lifecycle.judge(snapshot);
      }
    }),
    { numRuns: 60 },
  );
});
