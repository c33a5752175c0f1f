import { isKnown, valueOf } from '../../core/known.js';
import { duration, plural } from '../../core/units.js';
import type { FlowView, GroupView, Snapshot } from '../../model/snapshot.js';
import type { Check, Instruction, OpenGuide, Seen } from '../guide.js';
import { nameOf, type Subject } from '../subject.js';

/** What a finding says that the owner of an application, or of a topic, should set. */
export type Advised = Instruction & {
  /** The finding, by its key, and what it says. */
  readonly finding: string;
  readonly sentence: string;
};

/** A group is calm that did not rebalance for so long; rules look as far back. */
const calm = 600_000;

/** The lines of a finding's advice, with how kmon will know that they work: what of them is seen from outside, and the finding's end. */
export function clientLines(advised: Advised, subject: Subject, snapshot: Snapshot): OpenGuide {
  const { where, lines, why, finding, sentence } = advised;
  const keys = lines.flatMap(line => /^([\w.]+)=/.exec(line)?.[1] ?? []);
  const opened = snapshot.at;
  return {
    title: `${nameOf(snapshot, subject)}: ${where}`,
    why: [sentence],
    parts: [{ where, lines, why }],
    watch: seen => [...seenOf(lines, keys, subject, seen, opened), isOver(finding, sentence, seen)],
  };
}

function isOver(finding: string, sentence: string, { findings }: Seen): Check {
  return {
    what: `it is found no more: ${sentence}`,
    is: findings.has(finding) ? 'open' : 'done',
    now: findings.has(finding) ? 'it stands' : 'it is gone',
  };
}

/** A check for each thing that the lines change and that can be seen from here. */
function seenOf(
  lines: readonly string[],
  keys: readonly string[],
  subject: Subject,
  { snapshot }: Seen,
  opened: number,
): readonly Check[] {
  const group = subject.kind === 'group' ? snapshot.groups.find(one => one.id === subject.id) : undefined;
  const flow = subject.kind === 'flow' ? snapshot.flows.find(one => one.id === subject.id) : undefined;
  const has = (...some: readonly string[]): boolean => some.some(key => keys.includes(key));
  return [
    ...(group && has('partition.assignment.strategy') ? [assignor(group, lines)] : []),
    ...(group && has('group.instance.id') ? [statics(group)] : []),
    ...(group &&
    has('session.timeout.ms', 'heartbeat.interval.ms', 'max.poll.interval.ms', 'max.poll.records')
      ? [isCalm(group, snapshot, opened)]
      : []),
    ...(flow ? lines.flatMap(line => configured(flow, line)) : []),
  ];
}

function assignor({ assignor: now }: GroupView, lines: readonly string[]): Check {
  const wanted = lines.some(line => line.includes('CooperativeSticky')) ? 'cooperative-sticky' : undefined;
  return {
    what: 'the members agree on the assignor',
    is: now === undefined || wanted === undefined ? 'unknown' : now === wanted ? 'done' : 'open',
    now: now ?? 'not known',
  };
}

function statics({ assignment }: GroupView): Check {
  if (!isKnown(assignment))
    return { what: 'all members are static', is: 'unknown', now: 'members are not known' };
  const { static: named, members } = assignment.value;
  return {
    what: 'all members are static',
    is: members > 0 && named === members ? 'done' : 'open',
    now: `${named} of ${plural(members, 'member')}`,
  };
}

function isCalm({ rebalances }: GroupView, { at }: Snapshot, opened: number): Check {
  const last = Math.max(opened, rebalances.last ?? opened);
  return {
    what: `no rebalance for ${duration(calm)}, counted from now`,
    is: at - last >= calm ? 'done' : 'open',
    now: `none for ${duration(at - last)}`,
  };
}

/** A key of a connector is seen in its configuration. */
function configured(flow: FlowView, line: string): readonly Check[] {
  const [, key, value] =
    /^((?:producer\.override|source\.consumer|consumer\.override)\.[\w.]+)=(\S+)/.exec(line) ?? [];
  if (key === undefined) return [];
  const config = valueOf(flow.config);
  const now = config?.[key];
  return [
    {
      what: `${flow.connector} has ${key}=${value ?? ''}`,
      is: config === undefined ? 'unknown' : now === value ? 'done' : 'open',
      now: config === undefined ? 'its configuration is not known' : (now ?? 'not set'),
    },
  ];
}
