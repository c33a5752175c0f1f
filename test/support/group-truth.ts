import type { GroupDescription, MemberSeen, Observation } from '../../source/core/observation.js';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { GroupView, Snapshot } from '../../source/model/snapshot.js';
import { column, site } from './site-stream.js';

export type Consumer = {
  readonly name: string;
  /** Records/s that it can work off. */
  perSecond: number;
  instance?: string;
};

/**
 * The truth of a topic and of a group that reads it, advanced second by second: producers append, members work off what they own as fast as
 * they can, and commit every so often.
 */
export class GroupTruth {
  now = 1_700_000_000_000;
  /** Records/s by partition. */
  arrival: number[];
  readonly end: number[];
  readonly position: number[];
  readonly committed: number[];
  members: Consumer[];
  state = 'Stable';
  type: 'classic' | 'consumer' | 'share' | 'streams' = 'classic';
  assignor = 'range';
  commitEvery = 5_000;
  /** Whether anybody commits. */
  commits = true;
  /** Partitions on a record that always fails. */
  readonly poisoned = new Set<number>();
  /** Of a share group: partitions of which one record is held, while those behind it are acknowledged. */
  readonly held = new Set<number>();
  /** Partitions that the assignor forgot. */
  readonly forgotten = new Set<number>();
  /** Reads without being a member: records/s over all partitions. */
  simple = 0;
  /** The broker that leads a partition. */
  leader = (p: number): number => 1 + (p % 3);
  owns = (p: number): number => p % Math.max(1, this.members.length);
  private committedAt = this.now;

  constructor(partitions = 6, members = 3, rate = 100) {
    this.arrival = Array.from({ length: partitions }, () => rate);
    this.end = this.arrival.map(() => 1_000);
    this.position = [...this.end];
    this.committed = [...this.end];
    this.members = Array.from({ length: members }, (_, i) => ({ name: `c-${i}`, perSecond: 10_000 }));
  }

  advance(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1_000) this.second();
  }

  private second(): void {
    this.now += 1_000;
    this.end.forEach((end, p) => (this.end[p] = end + (this.arrival[p] ?? 0)));
    if (this.state === 'Stable')
      this.members.forEach((member, i) => this.work(this.ownedBy(i), member.perSecond));
    if (this.simple > 0) this.work([...this.end.keys()], this.simple);
    if (this.now - this.committedAt < this.commitEvery) return;
    this.committedAt = this.now;
    if (!this.commits || (this.state !== 'Stable' && this.simple === 0)) return;
    this.position.forEach((position, p) => {
      if (!this.held.has(p)) this.committed[p] = position;
    });
  }

  /** Records that are not acknowledged, by partition, as the coordinator of a share group counts them. */
  get counted(): number[] {
    return this.end.map((end, p) =>
      this.held.has(p) ? end - (this.position[p] ?? 0) + 1 : end - (this.committed[p] ?? 0),
    );
  }

  ownedBy(member: number): number[] {
    return [...this.end.keys()].filter(p => this.owns(p) === member && !this.forgotten.has(p));
  }

  private work(partitions: readonly number[], perSecond: number): void {
    const able = partitions.filter(p => !this.poisoned.has(p));
    let left = perSecond;
    able.forEach((p, i) => {
      const waits = (this.end[p] ?? 0) - (this.position[p] ?? 0);
      const take = Math.min(waits, Math.floor(left / (able.length - i)));
      this.position[p] = (this.position[p] ?? 0) + take;
      left -= take;
    });
  }
}

/** A kmon that looks at it every five seconds. */
export class GroupWatch {
  readonly model = new SiteModel(site);
  private readonly rules = new Lifecycle();
  /** Every finding that ever fired, as `rule verdict severity`. */
  readonly fired = new Set<string>();
  findings: readonly LiveFinding[] = [];

  constructor(readonly truth: GroupTruth) {}

  run(seconds: number, each: (second: number) => void = () => undefined): this {
    for (let passed = 0; passed < seconds; passed += 5) {
      each(passed);
      this.truth.advance(5_000);
      for (const o of observed(this.truth)) this.model.fold(o);
      this.findings = this.rules.judge(this.snapshot).findings;
      for (const f of this.findings) this.note(f);
    }
    return this;
  }

  get snapshot(): Snapshot {
    return this.model.snapshot(this.truth.now);
  }

  get group(): GroupView {
    const [group] = this.snapshot.groups;
    if (group === undefined) throw new Error('no group');
    return group;
  }

  /** The finding of a rule, wherever it is listed. */
  find(rule: string, among = this.findings): LiveFinding | undefined {
    for (const f of among) {
      const found = f.rule === rule ? f : this.find(rule, f.consequences);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private note(f: LiveFinding): void {
    if (f.phase === 'firing') this.fired.add(`${f.rule} ${f.verdict} ${f.severity}`);
    for (const c of f.consequences) this.note(c);
  }
}

/** What a round of questions answers. */
export function observed(truth: GroupTruth): Observation[] {
  const { now } = truth;
  const common = { cluster: 'us', broker: 1, asked: now, answered: now };
  const group = 'billing';
  const state = truth.members.length === 0 ? 'Empty' : truth.state;
  const leader = Float64Array.from(truth.end, (_, p) => truth.leader(p));
  const three = new Float64Array(truth.end.length).fill(3);
  const brokers = [1, 2, 3].map(id => ({ id, host: `us-${id}`, port: 9092 }));
  const topics = [{ topic: 'orders', internal: false, leader, replicas: three, inSync: three }];
  const listed = { group, type: truth.type, protocolType: 'consumer', state } as const;
  const isShare = truth.type === 'share';
  const lag = Float64Array.from(truth.counted);
  const of = { ...column('orders', truth.committed), ...(isShare && { lag }) };
  const committed = { group, answer: { ok: [of] } };
  return [
    {
      kind: 'cluster',
      cluster: 'us',
      asked: now,
      answered: now,
      answer: { ok: { clusterId: 'id-us', controller: 1, brokers, topics } },
    },
    { kind: 'groups', ...common, answer: { ok: [listed] } },
    { kind: 'described', ...common, groups: [{ group, answer: { ok: describe(truth, group, state) } }] },
    { kind: isShare ? 'share-offsets' : 'committed', ...common, groups: [committed], failures: [] },
    { kind: 'offsets', ...common, which: 'log-end', topics: [column('orders', truth.end)], failures: [] },
  ];
}

function describe(truth: GroupTruth, group: string, state: string): GroupDescription {
  const members = truth.members.map((m, i): MemberSeen => ({
    member: `${m.name}-id`,
    clientId: m.name,
    host: `/10.0.0.${i + 1}`,
    ...(m.instance !== undefined && { instance: m.instance }),
    ...(state === 'Stable' && {
      assignment: [{ topic: 'orders', partitions: Int32Array.from(truth.ownedBy(i)) }],
    }),
  }));
  return { group, state, protocolType: 'consumer', assignor: truth.assignor, members };
}
