import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { actions } from '../../source/remedy/actions.js';
import { isRefusal, type Offer } from '../../source/remedy/plan.js';
import { press } from '../../source/screen/keymap.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import { RemedyDesk } from '../../source/session/remedy-desk.js';
import type { View } from '../../source/session/view.js';
import { planted } from '../support/simulated-mirror.js';
import { view } from '../support/views.js';
import { startKafkaBench, type KafkaBench, type KafkaBenchSetup } from './kafka-bench.js';
import { startBench, target, type Bench, type BenchSetup } from './bench.js';

/** What holds for every action that there is, and every one that will be added. */

const benches: (Bench | KafkaBench)[] = [];
const never = new AbortController().signal;
const subject = { kind: 'flow', id: 'us/mm2-source' } as const;

async function bench(setup: BenchSetup = {}): Promise<Bench> {
  const made = await startBench(setup);
  benches.push(made);
  return made;
}

async function kafkaBench(setup: KafkaBenchSetup = {}): Promise<KafkaBench> {
  const made = await startKafkaBench(setup);
  benches.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

/** An answer that each question takes. */
const answers: Readonly<Record<string, string>> = {
  'set-key': 'refresh.topics.interval.seconds=60',
  'restart-task': '1',
  'set-quota': '90000',
  'set-fetch-quota': '90000',
  'min-insync': '2',
  'set-topic-key': 'segment.ms=3600000',
  'add-partitions': '6',
  'remove-member': 'billing-1',
  'reset-offsets': 'orders 2h',
  'delete-offsets': 'orders',
};

/** What can be planned in the cluster of the bench with these answers. */
const planned = new Set([
  'raise-quota',
  'set-quota',
  'lengthen-retention',
  'add-partitions',
  'reset-offsets',
  'delete-group',
]);

/** Everything that stands in the cluster of the bench, as targets. */
const inKafka = [
  { kind: 'quota', cluster: 'us', user: 'mm2-user' },
  { kind: 'topic', cluster: 'us', topic: 'orders' },
  { kind: 'group', cluster: 'us', group: 'stopped' },
  { kind: 'group', cluster: 'us', group: 'billing' },
  { kind: 'cluster', cluster: 'us' },
] as const;

describe('the registry', () => {
  it('has no id twice, and tells of each action what it changes, its risk, its inverse and how it is done by hand', () => {
    expect(new Set(actions.map(a => a.id)).size).toBe(actions.length);
    for (const { about } of actions) for (const text of Object.values(about)) expect(text).not.toBe('');
  });

  it('knows no way to the network: nothing that an action imports opens a connection or sends a write', () => {
    const root = resolve(import.meta.dirname, '../..');
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      const imports = readFileSync(file, 'utf8').matchAll(/^import (?!type )[^;]*?from '([^']+)';/gms);
      for (const [, from = ''] of imports) {
        if (from.startsWith('.')) visit(resolve(file, '..', from.replace(/\.js$/, '.ts')));
        else reached.add(from);
      }
    };
    visit(join(root, 'source/remedy/actions.ts'));
    const closed =
      /^(node:(?!util$)|axios|kafkajs)|\/wire\/(\w+\/(link|writes|pipe)|http\/ask)|remedy\/(gate|audit)/;
    expect(reached.size).toBeGreaterThan(actions.length);
    expect([...reached].filter(file => closed.test(file))).toEqual([]);
  });
});

describe.each(actions.map(action => action.id))('%s', id => {
  it('plans or refuses whatever the user answers, and changes nothing by that', async () => {
    const b = await bench();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.constant(answers[id] ?? '')), async argument => {
        const outcome = await b.gate.plan(id, target, argument, never);
        if (isRefusal(outcome)) return outcome.reason !== '';
        return outcome.changes.length > 0 && outcome.byHand.length > 0 && outcome.undo !== '';
      }),
      { numRuns: 10 },
    );
    expect(b.connect.mutations()).toEqual([]);
  });

  it('writes no masked value back, and no secret into any plan, step or line', async () => {
    for (const version of ['3.7.2', '4.3.1']) {
      const b = await bench({ version, config: { 'source.cluster.ssl.keystore.password': '********' } });
      const outcome = await b.planOf(id, answers[id]);
      const steps = isRefusal(outcome) ? [] : await b.run(outcome);
      for (const { body } of b.connect.mutations()) expect(body).not.toContain('***');
      const audit = await readFile(b.auditFile, 'utf8').catch(() => '');
      const text = JSON.stringify([outcome, steps, b.gate.offers(subject, [])]) + audit;
      for (const secret of Object.values(planted)) expect(text).not.toContain(secret);
    }
  });
});

describe.each(actions.map(action => action.id))('%s on Kafka', id => {
  it('plans or refuses whatever is the target and whatever the user answers, and changes nothing by that', async () => {
    const b = await kafkaBench();
    let plans = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...inKafka),
        fc.oneof(fc.string(), fc.constant(answers[id] ?? '')),
        async (where, argument) => {
          const outcome = await b.gate.plan(id, where, argument, never);
          if (isRefusal(outcome)) return outcome.reason !== '';
          plans++;
          return outcome.changes.length > 0 && outcome.byHand.length > 0 && outcome.undo !== '';
        },
      ),
      { numRuns: 25, seed: 3 },
    );
    expect(b.writes()).toEqual([]);
    if (planned.has(id)) expect(plans).toBeGreaterThan(0);
  });
});

describe('read-only', () => {
  it('10,000 random keys leave Kafka without one request that would change something', async () => {
    const b = await kafkaBench({ mode: 'read-only' });
    const desk = new RemedyDesk(b.gate, never, () => undefined);
    const site = { site: { context: 'eu-us', mode: 'read-only' } } as const;
    const still = view(site, b.snapshot());
    const [all, keys] = [
      ['x', 'enter', 'enter', 'up', 'down', 'j', 'escape', 'u'],
      Array.from('12367rt=5 oearlist'),
    ];
    const random = fc.sample(fc.constantFrom(...all, ...all, ...keys), { numRuns: 10_000, seed: 11 });
    const seenPlans = new Set<string>();
    let ui: Ui = initialUi;
    for (const [i, key] of random.entries()) {
      const shown = { ...still, remedy: desk.view(), changes: desk.changes() };
      const effect = press({ view: shown, ui, size: { columns: 120, rows: 40 } }, key);
      ui = effect.ui;
      for (const intent of effect.intents ?? [])
        if (
          intent.type !== 'refresh' &&
          intent.type !== 'time' &&
          intent.type !== 'mark' &&
          intent.type !== 'pin' &&
          intent.type !== 'compare'
        )
          desk.intend(intent, shown.snapshot);
      if (shown.remedy.phase === 'plan') {
        seenPlans.add(shown.remedy.plan.action);
        desk.intend({ type: 'confirm', typed: shown.remedy.plan.confirm }, shown.snapshot);
      }
      if (i % 20 === 0) {
        do await new Promise(resolve => setImmediate(resolve));
        while (desk.view().phase === 'planning');
      }
    }
    expect(seenPlans.size).toBeGreaterThan(1);
    expect(b.writes()).toEqual([]);
  }, 60_000);

  it('10,000 random keys leave Connect without one request that would change something', async () => {
    const b = await bench({ mode: 'read-only' });
    const desk = new RemedyDesk(b.gate, never, () => undefined);
    const still = view({ site: { context: 'eu-us', mode: 'read-only' } }, { flows: [b.flow()] });
    const now = (): View => ({ ...still, remedy: desk.view(), changes: desk.changes() });
    const keys = [
      ...Array<string>(8).fill('down'),
      'x',
      'x',
      'enter',
      'enter',
      'enter',
      'up',
      'down',
      'j',
      'k',
      'u',
      'escape',
      'q',
      ...Array.from('12367?efry=mes'),
    ];
    const phases = new Set<string>();
    let ui: Ui = initialUi;
    let confirmed = 0;
    for (const [i, pick] of fc.sample(fc.nat(keys.length - 1), { numRuns: 10_000, seed: 7 }).entries()) {
      const shown = now();
      phases.add(shown.remedy.phase);
      const effect = press({ view: shown, ui, size: { columns: 120, rows: 40 } }, keys[pick] ?? 'x');
      ui = effect.ui;
      for (const intent of effect.intents ?? [])
        if (
          intent.type !== 'refresh' &&
          intent.type !== 'time' &&
          intent.type !== 'mark' &&
          intent.type !== 'pin' &&
          intent.type !== 'compare'
        )
          desk.intend(intent, shown.snapshot);
      // No key can confirm here; even something that could would be refused by the gate itself.
      if (shown.remedy.phase === 'plan' && confirmed++ < 20) {
        desk.intend({ type: 'confirm', typed: shown.remedy.plan.confirm }, shown.snapshot);
      }
      if (i % 20 === 0) {
        do await new Promise(resolve => setImmediate(resolve));
        while (desk.view().phase === 'planning');
      }
    }
    expect([...phases]).toEqual(expect.arrayContaining(['offers', 'planning', 'plan', 'running', 'asking']));
    expect(b.connect.mutations()).toEqual([]);
  }, 60_000);
});

describe('what is offered', () => {
  it('begins with what a finding says cures, ends with what can not be planned, and says why', async () => {
    const b = await bench();
    const offers = b.gate.offers(subject, [
      { action: 'tasks-max', cures: false, note: 'more tasks share the same quota' },
      { action: 'buffer-memory', cures: true, note: 'bursts' },
    ]);
    const place = (id: string): number => offers.findIndex(offer => offer.action === id);
    expect(place('buffer-memory')).toBe(0);
    expect(offers[place('tasks-max')]?.note).toBe('would not cure it: more tasks share the same quota');
    const first = offers.findIndex((offer: Offer) => offer.disabled !== undefined);
    expect(place('tasks-max')).toBe(first - 1);
    expect(offers.slice(first).every((offer: Offer) => offer.disabled !== undefined)).toBe(true);
    expect(offers[place('resume')]?.disabled).toBe('the connector is RUNNING');
  });
});
