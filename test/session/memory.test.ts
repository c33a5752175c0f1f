import { describe, expect, it } from 'vitest';
import { baselineOf, comparedWith } from '../../source/session/mark.js';
import {
  Memory,
  nothingRemembered,
  withMark,
  type Broken,
  type MemoryPort,
  type Remembered,
} from '../../source/session/memory.js';
import { settle } from '../support/fake-clock.js';
import * as views from '../support/views.js';

const view = views.incident();

/** A file that any number of kmons share, in memory. */
function shared(): { port: MemoryPort; content: Remembered | Broken } {
  const file: { port: MemoryPort; content: Remembered | Broken } = {
    content: nothingRemembered,
    port: {
      read: () => Promise.resolve(file.content),
      change: how => {
        if (!('broken' in file.content)) file.content = how(file.content);
        return Promise.resolve(file.content);
      },
    },
  };
  return file;
}

const labels = (memory: Memory): (string | undefined)[] => memory.view().marks.map(mark => mark.label);

describe('the memory of a session', () => {
  it('has a mark at once, with what everything was like, and in the file', async () => {
    const { port } = shared();
    const memory = new Memory(port, () => undefined);
    memory.mark(view, 1000, 'v42');
    expect(memory.view().marks).toEqual([{ at: 1000, label: 'v42', baseline: baselineOf(view) }]);
    await settle();
    expect(await port.read()).toMatchObject({ marks: [{ label: 'v42' }] });
  });

  it('sees what another kmon marks, within seconds', async () => {
    const file = shared();
    let changes = 0;
    const memory = new Memory(file.port, () => changes++);
    memory.tick(0);
    await settle();
    await file.port.change(before =>
      withMark(before, { at: 1, label: 'from a script', baseline: baselineOf(view) }),
    );
    memory.tick(2_000);
    await settle();
    expect(labels(memory)).toEqual([]);
    memory.tick(5_000);
    await settle();
    expect(labels(memory)).toEqual(['from a script']);
    memory.tick(10_000);
    await settle();
    expect(changes).toBe(1);
  });

  it('keeps the newest dozen', () => {
    const memory = new Memory(undefined, () => undefined);
    for (let i = 0; i < 20; i++) memory.mark(view, i, `v${i}`);
    expect(labels(memory)).toEqual(Array.from({ length: 12 }, (_, i) => `v${i + 8}`));
  });

  it('steps from the newest mark to older ones, to none, and round again; a new mark is compared with', () => {
    const memory = new Memory(undefined, () => undefined);
    memory.mark(view, 1, 'a');
    memory.mark(view, 2, 'b');
    const compared = (): string | undefined => comparedWith({ memory: memory.view(), at: 10 })?.label;
    const seen = [compared()];
    for (let i = 0; i < 3; i++) {
      memory.compare();
      seen.push(compared());
    }
    expect(seen).toEqual(['b', 'a', undefined, 'b']);
    memory.compare();
    memory.mark(view, 3, 'c');
    expect(compared()).toBe('c');
  });

  it('pins, and lets go of what is pinned', () => {
    const memory = new Memory(undefined, () => undefined);
    memory.pin('group us/billing');
    memory.pin('flow us/mm2');
    memory.pin('group us/billing');
    expect([...memory.view().pinned]).toEqual(['flow us/mm2']);
  });

  it('works for this run where the file is broken, and says why', async () => {
    const file = shared();
    file.content = { broken: 'state.json: it is not JSON' };
    const memory = new Memory(file.port, () => undefined);
    memory.mark(view, 1, 'v42');
    await settle();
    expect(memory.view()).toMatchObject({ trouble: 'state.json: it is not JSON', marks: [{ label: 'v42' }] });
    file.content = nothingRemembered;
    memory.tick(5_000);
    await settle();
    expect(memory.view().trouble).toBeUndefined();
  });
});

describe('what a mark keeps', () => {
  it('is what fires, and not what only forms: that may have been the first of it', () => {
    const findings = [
      views.firing(views.targetLimited, 11),
      views.firing(views.hotPartition, 0, { phase: 'pending' }),
    ];
    expect(baselineOf(views.incident({ findings })).findings.map(one => one.verdict)).toEqual([
      views.targetLimited.verdict,
    ]);
  });

  it('tells lag that is not there from lag that is not known', () => {
    const { groups, flows } = baselineOf(views.healthy());
    expect(groups.find(one => one.id === 'us/mail')?.lag).toEqual({ low: 0, high: 0 });
    const audit = baselineOf(views.incident()).groups.find(one => one.id === 'us/audit');
    expect(audit).toMatchObject({ lag: null, lagless: true });
    expect(flows[0]?.lag).toEqual({ low: 312, high: 312 });
  });
});
