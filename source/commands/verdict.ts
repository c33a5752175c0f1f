import * as z from 'zod';
import type { Evidence, LiveFinding } from '../diagnose/finding.js';
import type { Step } from '../diagnose/tree.js';
import { notJudged, stateOf, type NotJudged as Missing, type NotJudgedState } from '../session/not-judged.js';
import { isNew, isKnownThen } from '../session/since.js';
import type { View } from '../session/view.js';
import { compare, type Comparison } from './since.js';
import { sinceShape } from './verdict/since-shape.js';

const evidenceShape = z.strictObject({
  what: z.string(),
  value: z.string(),
  threshold: z.string(),
  origin: z.string(),
  holds: z.union([z.boolean(), z.literal('unknown')]),
  measured: z.number().nullable().describe('the value as a number, in `unit`'),
  limit: z.number().nullable(),
  unit: z.string().nullable(),
  setting: z.string().nullable().describe('the threshold of the configuration'),
  window: z.number().nullable().describe('seconds'),
  samples: z.number().nullable(),
});

const stepShape = z
  .strictObject({
    id: z.string(),
    question: z.string(),
    answer: z.enum(['yes', 'no', 'unknown']),
    because: z.string(),
    taken: z.boolean().describe('on the way that led to the verdict'),
    leads: z.string().describe('what a yes means'),
    evidence: z.array(evidenceShape),
    get steps(): z.ZodArray<typeof stepShape> {
      return z.array(stepShape);
    },
  })
  .meta({ id: 'step' });

/**
 * What `kmon check --json` prints, one object. `docs/check.schema.json` is made from it. `version` changes when a reader
 * of the old one would misread the new; fields may be added without.
 */
export const verdictShape = z.strictObject({
  version: z.literal(1),
  verdict: z.enum(['ok', 'warning', 'critical', 'unknown']).describe('also the exit code: 0, 1, 2, 3'),
  reason: z.string().describe('one line for people'),
  kmon: z.string(),
  context: z.string().nullable().describe('null where the command line or the configuration is at fault'),
  at: z.string().describe('ISO 8601, UTC'),
  watchedSeconds: z.number(),
  seen: z
    .strictObject({ clusters: z.number(), connects: z.number(), flows: z.number(), groups: z.number() })
    .describe('how much the verdict is about'),
  findings: z.array(
    z.strictObject({
      rule: z.string(),
      verdict: z.string(),
      severity: z.enum(['critical', 'warning', 'info']),
      phase: z
        .enum(['pending', 'firing', 'resolving'])
        .describe(
          'firing counts; resolving held a moment ago and counts as a warning at most; pending is in notJudged',
        ),
      subject: z.strictObject({ kind: z.string(), id: z.string(), name: z.string() }),
      sentence: z.string(),
      consequence: z.string(),
      confidence: z.enum(['high', 'medium', 'low']),
      certainty: z.number().describe('the same, 0…1'),
      raise: z.array(z.string()).describe('what would raise the confidence'),
      since: z.string(),
      sinceIsBound: z.boolean().describe('true where it may have begun earlier'),
      key: z.string(),
      explainedBy: z
        .string()
        .nullable()
        .describe('the key of the finding that it follows from; then it does not count by itself'),
      evidence: z.array(evidenceShape),
      tree: z
        .strictObject({ asks: z.string(), verdict: z.string(), steps: z.array(stepShape) })
        .nullable()
        .describe('the questions that led to the verdict; null where the rule asks only one'),
      unchecked: z.array(z.string()),
      falsifier: z.string().describe('what would prove it wrong'),
      remedies: z.array(z.strictObject({ action: z.string(), cures: z.boolean(), note: z.string() })),
      byHand: z.array(z.string()),
      advice: z
        .array(z.strictObject({ where: z.string(), lines: z.array(z.string()), why: z.string() }))
        .describe('lines for the configuration of a client'),
    }),
  ),
  notJudged: z
    .array(
      z.strictObject({
        what: z.string(),
        reason: z.string(),
        next: z.string(),
        state: z
          .enum(['early', 'unseen', 'unavailable'])
          .describe(
            'early: time will tell. unseen: asked for, and not seen. unavailable: this site has nothing to judge it by (a metric that is not exported), so that neither time nor a right would help',
          ),
        required: z
          .boolean()
          .describe(
            'where one is, the verdict is unknown unless something critical fires. Required is all that rules say of MirrorMaker 2 flows, but for what this site exports no metric, and that any flow runs; of all else what was asked for and not seen, but not what there is none of here (unsupported, absent) or what only takes longer (early)',
          ),
      }),
    )
    .describe('what nothing can be said about'),
  since: sinceShape,
});

export type Verdict = z.infer<typeof verdictShape>;
type NotJudged = Verdict['notJudged'][number];

export const exitCodes: { readonly [V in Verdict['verdict']]: number } = {
  ok: 0,
  warning: 1,
  critical: 2,
  unknown: 3,
};

/**
 * One verdict over what is shown now. Critical where a critical finding fires, whatever else could not be seen: it is
 * bad already. Unknown where anything that is required could not be judged. Silence is never ok.
 *
 * With a comparison it is about what changed since: findings that fired then as they do now do not count, and what grew beyond
 * its threshold is a warning.
 */
export function verdictOf(view: View, kmon: string, comparison?: Comparison): Verdict {
  const { snapshot, findings } = view;
  const compared = comparison && compare(view, comparison);
  const counts = (f: LiveFinding): boolean => comparison === undefined || isNew(comparison.mark, f);
  const missing = [
    ...notJudged(view).map(missingOf),
    ...findings
      .filter(f => f.phase === 'pending' && f.severity !== 'info')
      .filter(f => comparison === undefined || !isKnownThen(comparison.mark, f))
      .map(f =>
        blocking(
          `${f.subject.name}: ${f.sentence}`,
          'it has not held long enough to be sure',
          'watch longer: --for',
          'early',
        ),
      ),
    ...(compared?.uncompared ?? []).map(one => ({ ...one, state: 'unseen' as const })),
  ];
  const seen = {
    clusters: snapshot.clusters.length,
    connects: snapshot.connects.length,
    flows: snapshot.flows.length,
    groups: snapshot.groups.length,
  };
  const firing = findings.filter(f => f.phase === 'firing' && counts(f));
  const required = missing.filter(m => m.required);
  const passed = findings.filter(f => f.phase === 'resolving' && f.severity !== 'info' && counts(f));
  const critical = firing.find(f => f.severity === 'critical');
  const warning = firing.find(f => f.severity === 'warning') ?? passed[0];
  const worse = compared?.report.changes.find(change => change.worse.length > 0);
  const [verdict, reason]: [Verdict['verdict'], string] = critical
    ? ['critical', `${critical.subject.name}: ${critical.sentence}, ${critical.consequence}`]
    : required[0]
      ? ['unknown', `${required[0].what} could not be judged: ${required[0].reason}`]
      : warning
        ? ['warning', `${warning.subject.name}: ${warning.sentence}, ${warning.consequence}`]
        : worse
          ? ['warning', `${worse.subject.kind} ${worse.subject.name}: ${worse.worse.join(', ')}`]
          : ['ok', compared ? 'nothing is worse than it was' : 'nothing found wrong'];
  return {
    version: 1,
    verdict,
    reason,
    kmon,
    context: view.site.context,
    at: new Date(view.at).toISOString(),
    watchedSeconds: Math.round((view.at - view.startedAt) / 1000),
    seen,
    findings: findings.flatMap(f => withConsequences(f, null)),
    notJudged: missing,
    since: compared?.report ?? null,
  };
}

function withConsequences(f: LiveFinding, explainedBy: string | null): Verdict['findings'] {
  const self: Verdict['findings'][number] = {
    rule: f.rule,
    verdict: f.verdict,
    severity: f.severity,
    phase: f.phase,
    subject: { kind: f.subject.kind, id: f.subject.id, name: f.subject.name },
    sentence: f.sentence,
    consequence: f.consequence,
    confidence: f.confidence,
    certainty: f.certainty,
    raise: [...f.raise],
    since: new Date(f.since).toISOString(),
    sinceIsBound: f.sinceIsBound,
    key: f.key,
    explainedBy,
    evidence: f.evidence.map(evidenceOf),
    tree: f.tree ? { asks: f.tree.asks, verdict: f.tree.verdict, steps: f.tree.steps.map(stepOf) } : null,
    unchecked: [...f.unchecked],
    falsifier: f.falsifier,
    remedies: f.remedies.map(({ action, cures, note }) => ({ action, cures, note })),
    byHand: [...f.byHand],
    advice: f.advice.map(({ where, lines, why }) => ({ where, lines: [...lines], why })),
  };
  return [self, ...f.consequences.flatMap(c => withConsequences(c, f.key))];
}

function stepOf({
  id,
  question,
  answer,
  because,
  taken,
  leads,
  evidence,
  steps,
}: Step): z.infer<typeof stepShape> {
  return {
    id,
    question,
    answer,
    because,
    taken,
    leads,
    evidence: evidence.map(evidenceOf),
    steps: steps.map(stepOf),
  };
}

function evidenceOf(e: Evidence): z.infer<typeof evidenceShape> {
  return {
    what: e.what,
    value: e.value,
    threshold: e.threshold,
    origin: e.origin,
    holds: e.holds,
    measured: e.measured ?? null,
    limit: e.limit ?? null,
    unit: e.unit ?? null,
    setting: e.setting ?? null,
    window: e.window ?? null,
    samples: e.samples ?? null,
  };
}

/** The verdict of a check that could not begin, or broke. */
export function noVerdict(what: string, reason: string, next: string, kmon: string, at: number): Verdict {
  return {
    version: 1,
    verdict: 'unknown',
    reason,
    kmon,
    context: null,
    at: new Date(at).toISOString(),
    watchedSeconds: 0,
    seen: { clusters: 0, connects: 0, flows: 0, groups: 0 },
    findings: [],
    notJudged: [blocking(what, reason, next, 'unseen')],
    since: null,
  };
}

/** True once more time cannot change what is missing: nothing waits for a window to fill or a finding to ripen. */
export function isRipe(view: View, comparison?: Comparison): boolean {
  return verdictOf(view, '', comparison).notJudged.every(m => !m.required);
}

/** Here time is what the caller gives. */
function missingOf(missing: Missing): NotJudged {
  const { what, reason, next, required, early } = missing;
  return {
    what,
    reason,
    next: required && early ? 'watch longer: --for' : next,
    state: stateOf(missing),
    required,
  };
}

function blocking(what: string, reason: string, next: string, state: NotJudgedState): NotJudged {
  return { what, reason, next, state, required: true };
}
