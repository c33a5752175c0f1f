import { expectations, nameOf } from '../lab/scenarios/expected.js';
import { inUnit } from '../source/diagnose/evidence.js';
import type { Need, Rule } from '../source/diagnose/rule.js';
import { rules } from '../source/diagnose/rules.js';
import type { Outline } from '../source/diagnose/tree.js';
import { thresholds, thresholdNames, type ThresholdName } from '../source/diagnose/thresholds.js';

/** `docs/diagnosis.md`: every rule as it describes itself, and every threshold. */
export function diagnosisDocument(): string {
  return [
    '# Diagnosis',
    'Made by `npm run docs` from the rules in `source/diagnose/rules/`: change them, not this file.',
    introduction,
    `## Rules\n\n${rules.map(({ id, description }) => `* [${id}](#${id}): ${description.what}`).join('\n')}`,
    ...rules.map(ruleText),
    thresholdText(),
  ].join('\n\n');
}

const introduction = `## How a finding lives

A rule says at every tick what it finds about each subject. A finding is **pending** until it held for the time of its rule in
80 % of the evaluations; then it **fires**. When it does not hold for some seconds it is **resolving**, and when it did not for the rule's second time it is over and
stays in the list of what was. A value that fired above a threshold holds until it is below the clear level (70 % of it). A subject that can no longer be judged keeps its findings
for ten minutes: unknown is not healthy. An age whose start kmon did not see reads \`≥\`.

A finding may explain others: then they are listed under it and not beside it, and it is as severe as the worst of them. A cause explains nothing that was there
a minute before it.

\`certainty = base + Σ support − Σ contradiction\`, within 0…1; high from 0.8, medium from 0.5. What is not known adds no support and half
of its contradiction, and is named as what would raise the confidence.

Every threshold may be set under \`thresholds:\` of a context, with its unit: \`produce-throttle: 200ms\`, \`buffer-used: 80%\`. \`kmon config\` shows what
is in force.`;

function ruleText({ id, fireAfter, keep, description }: Rule): string {
  const { what, formula, tree = [], thresholds: used, needs, traps, wrongIf, remedies } = description;
  const fires = fireAfter === 0 ? 'at once' : `after ${inUnit(fireAfter / 1000, 's')}`;
  return [
    `### ${id}`,
    what,
    `Fires ${fires}; shown for ${inUnit(keep / 1000, 's')} after it ceased to hold.`,
    `\`\`\`text\n${formula.trim()}\n\`\`\``,
    tree.length > 0 ? `It asks, in this order, and goes on below the first yes:\n\n${outline(tree)}` : '',
    used.length > 0 ? `Thresholds: ${used.map(thresholdInLine).join(', ')}.` : '',
    needsText(needs),
    calibrationText(id, used),
    list('Traps', traps),
    list('Would be wrong if', wrongIf),
    list('Remedies', remedies),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function outline(tree: readonly Outline[], indent = ''): string {
  return tree
    .map(({ question, leads, below }) =>
      [
        `${indent}* ${question} → ${leads}`,
        ...(below.length > 0 ? [outline(below, `${indent}  `)] : []),
      ].join('\n'),
    )
    .join('\n');
}

function thresholdInLine(name: ThresholdName): string {
  return `[\`${name}\`](#thresholds)`;
}

function needsText(needs: readonly Need[]): string {
  const facts = (without: Need['without']): string =>
    needs
      .filter(need => need.without === without)
      .map(need => `\`${need.fact}\``)
      .join(', ');
  const [blind, lessSure] = [facts('blind'), facts('less-sure')];
  return [
    blind && `Says nothing without ${blind}.`,
    lessSure && `Is less sure without any of ${lessSure}, and says so.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What of it was held against a real site, and which of its numbers no measurement stands behind. */
function calibrationText(rule: string, used: readonly ThresholdName[]): string {
  const faults = expectations.filter(e => e.expected.some(wanted => wanted.rule === rule)).map(nameOf);
  const unmeasured = used.filter(name => !/measured|simulation/.test(thresholds[name].origin));
  const [is, whose] =
    unmeasured.length === 1
      ? ['it is a default, or a number', 'its']
      : ['they are defaults, or numbers', 'their'];
  return [
    faults.length > 0
      ? `Faults of the lab that it must find: ${code(faults)} ([what was measured](scenarios.md)).`
      : 'Not calibrated: no fault of the lab is made for it. It rests on facts of Kafka, and on tests.',
    unmeasured.length > 0
      ? `No measurement stands behind ${code(unmeasured)}: ${is} of others, as ${whose} [origin](#thresholds) says.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function code(names: readonly string[]): string {
  return names.map(name => `\`${name}\``).join(', ');
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n\n${lines.map(line => `* ${line}`).join('\n')}`;
}

function thresholdText(): string {
  const rows = thresholdNames.map(name => {
    const { value, unit, origin, meaning } = thresholds[name];
    return `| \`${name}\` | ${inUnit(value, unit)} | ${meaning} | ${origin} |`;
  });
  return [
    '## Thresholds',
    ['| name | default | meaning | origin |', '|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}
