import { describe, expect, it } from 'vitest';
import { seen } from '../../source/core/known.js';
import type { Snapshot, TopicView } from '../../source/model/snapshot.js';
import type { Check, Guide, OpenGuide } from '../../source/remedy/guide.js';
import { guides } from '../../source/remedy/guides.js';
import { clientLines } from '../../source/remedy/guides/client-lines.js';
import type { Subject } from '../../source/remedy/subject.js';
import { group, healthyFlow, now, view, worker } from '../support/views.js';

/** What kmon can not do itself: what it says of it, and how it sees that it was done. */

const site = (over: Partial<Snapshot> = {}, at = now): Snapshot => view({}, { at, ...over }).snapshot;
const guideOf = (id: string): Guide => guides.find(guide => guide.id === id) ?? expect.fail(id);
const flow: Subject = { kind: 'flow', id: 'connect us/mm2-source' };
const states = (checks: readonly Check[]): readonly string[] =>
  checks.map(({ is, now: text }) => `${is}: ${text}`);
const watch = (open: OpenGuide, snapshot: Snapshot, findings: readonly string[] = []): readonly string[] =>
  states(open.watch({ snapshot, findings: new Set(findings) }));

function open(id: string, snapshot: Snapshot, subject: Subject): OpenGuide {
  const [offered] = guideOf(id).offer(snapshot, subject);
  if (offered === undefined) throw new Error(`${id} is not offered`);
  return guideOf(id).open(snapshot, offered.target);
}

describe('every guide', () => {
  it('tells what it says and what it watches, and nothing twice', () => {
    expect(new Set(guides.map(guide => guide.id)).size).toBe(guides.length);
    for (const { about } of guides) for (const text of Object.values(about)) expect(text).not.toBe('');
  });

  it('opens on a site of which nothing is known', () => {
    const nothing = site({ clusters: [], connects: [], workers: [], flows: [], groups: [], topics: [] });
    for (const guide of guides) {
      const opened = guide.open(nothing, { kind: 'connector', connect: 'us', connector: 'gone' });
      for (const check of opened.watch({ snapshot: nothing, findings: new Set() }))
        expect(check.is).not.toBe('done');
    }
  });
});

describe('adding a worker', () => {
  const two = [worker('connect us/10.0.3.11:8083'), worker('connect us/10.0.3.12:8083')];
  const busy = two.map(one => ({ ...one, processCpu: seen(0.93, now) }));

  it('says whether there is room, and whether CPU is what is missing', () => {
    const opened = open('scale-out', site({ workers: busy }), flow);
    expect(opened.why[0]).toMatch(/^room: \d+ tasks on 2 workers: a further one takes about \d/);
    expect(opened.why[1]).toMatch(/uses 93% of its host's cores: it has none to spare/);
    const many = [...two, ...Array.from({ length: 6 }, (_, i) => worker(`connect us/10.0.4.${i}:8083`))];
    expect(open('scale-out', site({ workers: many }), flow).why[0]).toMatch(
      /^NO ROOM: .*raise tasks\.max first/,
    );
  });

  it('says what the new one must have, with the group and the brokers filled in', () => {
    const workers = group('connect-mm2', 0, { protocol: 'connect', cluster: 'us', id: 'us/connect-mm2' });
    const lines = open('scale-out', site({ workers: two, groups: [workers] }), flow).parts.flatMap(
      part => part.lines,
    );
    expect(lines).toContain('group.id=connect-mm2');
    expect(lines.find(line => line.startsWith('bootstrap.servers='))).toMatch(/=\S+:9092/);
    expect(lines.some(line => line.startsWith('config.storage.topic='))).toBe(true);
  });

  it('watches 2 → 3 workers, tasks that move, and writes that rise', () => {
    const before = site({ workers: two });
    const opened = open('scale-out', before, flow);
    expect(watch(opened, before)).toMatchObject(
      ['open: 2 workers', 'open: 0 tasks on the new one', /^done/, /^open/].map(
        text => expect.stringMatching(text) as string,
      ),
    );
    const third = worker('connect us/10.0.3.13:8083', { tasks: 2 });
    const write = healthyFlow().write;
    const after = site({
      workers: [...two, third],
      flows: [healthyFlow({ write: { ...write, now: seen(9_000, now) } })],
    });
    expect(watch(opened, after)).toEqual([
      'done: 3 workers: 10.0.3.13:8083 is new',
      'done: 2 tasks on the new one',
      'done: 4 of 4 RUNNING',
      'done: 9.00k/s',
    ]);
  });

  it('does not take a worker that was replaced for one more that brought nothing', () => {
    const opened = open('scale-out', site({ workers: two }), flow);
    expect(watch(opened, site({ workers: two.slice(1) }))[0]).toBe('open: 1 worker');
  });
});

describe('more heap', () => {
  it('says how large heaps are and what buffers take, and watches them grow', () => {
    const before = site({ workers: [worker('connect us/w1:8083')] });
    const opened = open('worker-heap', before, flow);
    expect(opened.why[0]).toMatch(/^w1:8083: heap 1021 MiB, 71% in use, garbage collection 1%$/);
    expect(opened.parts[0]?.lines[0]).toMatch(/^KAFKA_HEAP_OPTS="-Xms\dg -Xmx\dg"$/);
    expect(watch(opened, before)).toEqual(['open: 1021 MiB', 'done: 71% in use, collection 1%']);
    const after = site({ workers: [worker('connect us/w1:8083', { heap: seen(0.3, now) })] });
    expect(watch(opened, after)[0]).toMatch(/^done: 2\.36 GiB/);
  });
});

describe('a MirrorMaker 2 that runs by itself', () => {
  const topic = (name: string): TopicView => ({ id: `us/${name}`, cluster: 'us', topic: name }) as TopicView;
  const members = group('eu-mm2', 0, { protocol: 'connect' });
  const dedicated = site({
    groups: [members],
    topics: [topic('mm2-configs.eu.internal'), topic('mm2-status.eu.internal')],
  });

  it('is found by its group and its topics, and by nothing else', () => {
    const offers = (snapshot: Snapshot, subject: Subject) =>
      guideOf('dedicated-mirror').offer(snapshot, subject);
    expect(offers(dedicated, { kind: 'group', id: 'us/eu-mm2' })).toHaveLength(1);
    expect(offers(dedicated, { kind: 'topic', id: 'us/mm2-status.eu.internal' })).toHaveLength(1);
    expect(offers(dedicated, { kind: 'cluster', id: 'us' })).toHaveLength(1);
    expect(offers(site({ groups: [members] }), { kind: 'group', id: 'us/eu-mm2' })).toEqual([]);
    const consumers = group('eu-mm2', 0);
    expect(offers({ ...dedicated, groups: [consumers] }, { kind: 'group', id: 'us/eu-mm2' })).toEqual([]);
  });

  it('is told to be changed in its file, with the keys that work there, and its restart is watched', () => {
    const opened = open('dedicated-mirror', dedicated, { kind: 'group', id: 'us/eu-mm2' });
    const lines = opened.parts.flatMap(part => part.lines);
    expect(lines).toContain('eu->us.producer.override.batch.size=65536');
    expect(lines).toContain('eu.consumer.max.poll.records=2000');
    expect(watch(opened, dedicated)).toEqual(['open: 0 rebalances', 'open: 4 processes', 'done: Stable']);
    const rebalances = { ...members.rebalances, total: members.rebalances.total + 2 };
    expect(watch(opened, { ...dedicated, groups: [{ ...members, rebalances }] })).toEqual([
      'done: 2 rebalances',
      'done: 4 processes',
      'done: Stable',
    ]);
  });
});

describe('lines for the configuration of a client', () => {
  const subject: Subject = { kind: 'group', id: 'us/billing' };
  const advised = (...lines: string[]) => ({
    where: 'consumers of billing',
    lines,
    why: 'because',
    finding: 'group-rebalances us/billing',
    sentence: 'it rebalances too often',
  });
  const billing = group('billing', 10);

  it('end with the finding that asked for them', () => {
    const snapshot = site({ groups: [billing] });
    const opened = clientLines(advised('enable.auto.commit=false'), subject, snapshot);
    expect(opened.parts[0]?.lines).toEqual(['enable.auto.commit=false']);
    expect(watch(opened, snapshot, ['group-rebalances us/billing'])).toEqual(['open: it stands']);
    expect(watch(opened, snapshot)).toEqual(['done: it is gone']);
  });

  it('are seen in what members say: the assignor, static members', () => {
    const snapshot = site({ groups: [billing] });
    const opened = clientLines(
      advised(
        'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
        'group.instance.id=<a name>',
      ),
      subject,
      snapshot,
    );
    expect(watch(opened, snapshot).slice(0, 2)).toEqual(['open: range', 'open: 0 of 4 members']);
    const after = group('billing', 10, {
      assignor: 'cooperative-sticky',
      assignment: seen({ members: 4, idle: 0, static: 4, partitions: 12, least: 3, most: 3 }, now),
    });
    expect(watch(opened, site({ groups: [after] })).slice(0, 2)).toEqual([
      'done: cooperative-sticky',
      'done: 4 of 4 members',
    ]);
  });

  it('of time-outs are seen in ten minutes without a rebalance', () => {
    const opened = clientLines(advised('session.timeout.ms=45000'), subject, site({ groups: [billing] }));
    expect(watch(opened, site({ groups: [billing] }, now + 300_000))[0]).toBe('open: none for 5m');
    expect(watch(opened, site({ groups: [billing] }, now + 600_000))[0]).toBe('done: none for 10m');
    const again = { ...billing, rebalances: { ...billing.rebalances, last: now + 500_000 } };
    expect(watch(opened, site({ groups: [again] }, now + 600_000))[0]).toMatch(/^open/);
  });

  it('of a connector are seen in its configuration', () => {
    const opened = clientLines(advised('producer.override.acks=all'), flow, site());
    expect(watch(opened, site())[0]).toBe('open: not set');
    const set = healthyFlow({ config: seen({ 'producer.override.acks': 'all' }, now) });
    expect(watch(opened, site({ flows: [set] }))[0]).toBe('done: all');
  });
});
