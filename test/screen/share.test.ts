import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { unknown } from '../../source/core/known.js';
import { copied } from '../../source/screen/copied.js';
import { press } from '../../source/screen/keymap.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

const copyOf = (view: View, ui: Partial<Ui> = {}): string =>
  copied(view, { ...initialUi, ...ui })?.text ?? 'nothing';

describe('a copy', () => {
  it('of a finding is understood without the screen', () => {
    expect(copyOf(views.incident(), { at: 'findings' })).toBe(
      [
        'kmon eu-us, 2026-11-22T14:32:08Z',
        'CRITICAL flow mm2-source: target limits writes: quota of mm2-user; lag +3.30k/s',
        'firing for 11m, since 2026-11-22T14:21:08Z; target-limited, high confidence (0.95)',
        'because:',
        '  [x] in flight: 134k, flat (slope < 1 % over 4m over 4m)',
        '  [x] throttle: 162ms (> 100ms)',
        '  [x] buffers: 94 % full (≥ 90 %)',
        '  [ ] worker cpu: 41 % (≥ 85 %)',
        '  [?] broker disk: – (≥ 80 %)',
        'not checked:',
        '  quotas of us: the user may not describe them',
        'would be wrong if:',
        '  a transform drops records before they are written',
        'remedies:',
        '  raise-tasks-max (does not cure): more tasks share the same quota',
        'by hand:',
        '  kafka-configs.sh --bootstrap-server broker-1.us:9092 --describe --entity-type users --entity-name mm2-user',
      ].join('\n'),
    );
  });

  it('of a cause counts what follows, of a consequence names the cause, and of what is over says how long it was', () => {
    const view = views.cascade();
    expect(copyOf(view, { at: 'findings' })).toContain('40 follow from it: 30 lagging, 10 stalled');
    expect(copyOf(view, { at: 'findings', finding: 'group-lag/us/group-1' })).toContain(
      'follows from broker 2 of us: broker 2 does not answer',
    );
    expect(copyOf(view, { at: 'findings', finding: `skew/us/billing@${views.now - 20 * 60_000}` })).toContain(
      'over: 2026-11-22T13:32:08Z to 2026-11-22T14:12:08Z, 40m',
    );
    expect(copyOf(view, { at: 'findings', finding: 'unjudged/group-lag/unauthorised' })).toContain(
      'group payroll: OffsetFetch of payroll: this user may not see or do it',
    );
  });

  it('of a flow has its numbers and what is found about it', () => {
    expect(copyOf(views.incident())).toBe(
      [
        'kmon eu-us, 2026-11-22T14:32:08Z',
        'flow mm2-source (eu → us, mirror-source, connect us): RUNNING',
        '  lag: ≤ 1.21M, growing +3.30k/s',
        '  poll: 712/s, write: 713/s, arrival: 4.91k/s',
        '  in flight: 134k, buffer: 94%, throttle: 162ms',
        '  tasks: 4 RUNNING; rebalances in the last hour: 0',
        '  CRITICAL: target limits writes: quota of mm2-user; lag +3.30k/s; 11m',
      ].join('\n'),
    );
  });

  it('of a group says why something is not known, and never a zero for it', () => {
    const hidden = unknown<number>(failure('unauthorised', 'OffsetFetch of payroll'), 0);
    const view = views.view({}, { flows: [], groups: [views.group('payroll', 0, { lag: hidden })] });
    expect(copyOf(view, { at: 'groups' })).toContain(
      'lag: unknown: OffsetFetch of payroll: this user may not see or do it',
    );
  });

  it('of a topic says what is wrong with it, and who uses it', () => {
    expect(copyOf(views.brokerStopped(), { at: 'topic', topic: 'us/orders' })).toBe(
      [
        'kmon eu-us, 2026-11-22T14:32:08Z',
        'topic orders (cluster us): ▲ 1 partition without leader: 1, ▲ 2 below min.insync.replicas: acks=all is refused, ! 12 under-replicated',
        '  partitions: 12, replicas: 3',
        '  write: 720/s, size over all replicas: 2.68 GiB',
        '  read by: billing; written by: no flow',
      ].join('\n'),
    );
  });

  it('of a machine says what it does, and why something of it is not known', () => {
    const view = views.brokerStopped();
    expect(copyOf(view, { at: 'machine' })).toContain('10.0.3.11:8083 (worker of connect us: 3 tasks)');
    const broker = copyOf(view, { at: 'machine', machine: 'broker us/2' });
    expect(broker).toContain(
      'does not answer: ListOffsets of broker 2 (broker-2.us:9092): no answer in time',
    );
    expect(broker).toContain('CPU: unknown: process of broker 2: it is not there (no metrics come from it)');
    expect(broker).toContain('disk: 39.1 GiB in 120 replicas');
  });

  it('of a change has its steps', () => {
    const view = views.incident({ changes: [{ plan: views.plan, steps: views.steps, undoable: true }] });
    expect(copyOf(view, { at: 'changes' })).toContain(views.plan.title);
    expect(copyOf(view, { at: 'changes' })).toContain(views.steps[0]?.text);
  });

  it('holds nothing that commands a terminal, whatever a group is called', () => {
    const name = 'evil\u001b]0;title\u0007\u202egroup';
    const text = copyOf(views.view({}, { flows: [], groups: [views.group(name, 5)] }));
    expect(text).toContain('evil?]0;title??group');
  });

  it('is of nothing where nothing is selected, and y says so', () => {
    const context = { view: views.starting(), ui: initialUi, size: { columns: 80, rows: 24 } };
    expect(press(context, 'y')).toEqual({
      ui: { ...initialUi, notice: 'y: nothing is selected that could be copied' },
    });
  });
});

describe('in a real terminal', { timeout: 60_000 }, () => {
  let terminal: TrueTerminal;
  let folder: string;
  let clipboard: string[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kmon-share-'));
    clipboard = [];
    await open({ TERM: 'xterm-256color', KMON_SAVE_DIR: folder });
  });
  afterEach(async () => {
    await terminal.close();
    await rm(folder, { recursive: true });
  });

  async function open(env: Record<string, string>, view = views.incident()): Promise<void> {
    terminal = await openTerminal(view, { columns: 120, rows: 30 }, { env });
    terminal.term.parser.registerOscHandler(52, data => {
      const [target, base64 = ''] = data.split(';');
      expect(target).toBe('c');
      clipboard.push(Buffer.from(base64, 'base64').toString('utf8'));
      return true;
    });
  }
  const footer = (): string => terminal.screen().at(-1) ?? '';

  it('y puts what is selected on its clipboard, says so, and leaves the screen as it is', async () => {
    const before = terminal.screen().slice(0, -1);
    await terminal.press('y');
    expect(clipboard).toEqual([copyOf(views.incident())]);
    expect(footer()).toContain('copied flow mm2-source (if your terminal allows OSC 52)');
    expect(terminal.screen().slice(0, -1)).toEqual(before);
    await terminal.press('6', 'y');
    expect(clipboard[1]).toBe(copyOf(views.incident(), { at: 'findings' }));
    expect(footer()).toContain('copied the finding');
  });

  it('y says where it is too long', async () => {
    await terminal.close();
    const [finding] = views.incident().findings;
    const long = finding && { ...finding, byHand: ['x'.repeat(80_000)] };
    await open({ TERM: 'xterm' }, views.incident({ findings: long ? [long] : [] }));
    await terminal.press('6', 'y');
    expect(clipboard).toEqual([]);
    expect(footer()).toContain('the finding is too long to copy');
  });

  it('S saves the screen as text, ANSI and SVG, and says where', async () => {
    const shown = terminal.screen();
    await terminal.press('S');
    await vi.waitFor(() => expect(footer()).toContain('saved '));
    const names = (await readdir(folder)).sort();
    expect(names.map(name => name.replace(/-\d{6}\./, '-TIME.'))).toEqual([
      'kmon-eu-us-20261122-TIME.ansi',
      'kmon-eu-us-20261122-TIME.svg',
      'kmon-eu-us-20261122-TIME.txt',
    ]);
    expect(footer()).toContain(`saved ${path.parse(names[0] ?? '').name} (txt, ansi, svg) in ${folder}`);
    const of = (ending: string): Promise<string> =>
      readFile(path.join(folder, names.find(name => name.endsWith(ending)) ?? ''), 'utf8');
    expect((await of('.txt')).trimEnd().split('\n')).toEqual(shown.map(line => line.trimEnd()));
    expect(await of('.ansi')).toContain('\u001b[38;5;209m');
    expect(await of('.svg')).toMatch(/^<svg [^>]*>[\s\S]*mm2-source[\s\S]*<\/svg>\n$/);
  });

  it('S says why where it cannot', async () => {
    await terminal.close();
    await open({ TERM: 'xterm-256color', KMON_SAVE_DIR: path.join(folder, 'missing') });
    await terminal.press('S');
    expect(footer()).toMatch(/the screen is not saved: .*missing: there is no such folder/);
  });

  it('y and S are letters while a word is typed', async () => {
    await terminal.publish(views.incident({ remedy: { phase: 'plan', plan: views.plan } }));
    await terminal.press('y', 'S');
    expect(clipboard).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});
