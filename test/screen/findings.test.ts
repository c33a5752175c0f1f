import { beforeAll, describe, expect, it } from 'vitest';
import { initialUi, type Size, type Ui } from '../../source/screen/ui.js';
import { press } from '../../source/screen/keymap.js';
import type { View } from '../../source/session/view.js';
import { textOf } from '../support/screens.js';
import * as views from '../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

const size: Size = { columns: 120, rows: 60 };
const inFindings: Ui = { ...initialUi, at: 'findings' };

const lines = (view: View, ui: Partial<Ui> = {}, at: Size = size): string[] =>
  textOf(view, at, { at: 'findings', ...ui });
const screen = (...args: Parameters<typeof lines>): string => lines(...args).join('\n');

/** The ui after some keys. */
const after = (view: View, keys: readonly string[], ui = inFindings): Ui =>
  keys.reduce((now, key) => press({ view, ui: now, size }, key).ui, ui);

describe('the list of findings', () => {
  it('has what follows from a cause under it, and counts what is too much to list', () => {
    const list = lines(views.cascade());
    const cause = list.findIndex(line => line.includes('broker 2 does not answer'));
    expect(list[cause]).toMatch(/^›▲ CRITICAL +broker 2 of us .*\+40 follow +≥ 3m$/);
    expect(list.slice(cause + 1, cause + 4)).toEqual([
      expect.stringMatching(/^ {2}└ ! WARNING +group-0 +commits stand still/),
      expect.stringMatching(/^ {2}└ ! WARNING +group-1 +lag grows/),
      expect.stringMatching(/^ {2}└ ! WARNING +group-2 +lag grows/),
    ]);
    expect(list[cause + 4]).toContain('+ 37 more follow: 28 lagging, 9 stalled');
    expect(list[cause + 5]).toContain('mm2-source');
  });

  it('lists all of few', () => {
    expect(screen(views.cascade(4))).not.toContain('more follow');
    expect(screen(views.cascade(4))).toContain('group-3');
  });

  it('shows them all with →, and counts them again with ←', () => {
    const view = views.cascade();
    const unfolded = after(view, ['right']);
    expect(after(view, [...Array.from({ length: 40 }, () => 'j')], unfolded).finding).toBe(
      'group-lag/us/group-39',
    );
    expect(screen(view, unfolded)).not.toContain('more follow');
    const folded = after(view, ['j', 'j', 'left'], unfolded);
    expect(folded.finding).toBe('broker-down/us/2');
    expect(screen(view, folded)).toContain('37 more follow');
  });

  it('keeps a consequence listed that was opened from elsewhere', () => {
    const list = lines(views.cascade(), { finding: 'group-lag/us/group-33' });
    expect(list.find(line => line.startsWith('›'))).toContain('group-33');
    expect(list.join('\n')).toContain('+ 36 more follow');
  });

  it('counts down to what forms, says how long something has been going, and what is over', () => {
    const list = screen(views.cascade());
    expect(list).toMatch(/\? FORMING +billing +partition orders\/3 .*fires in 6s/);
    expect(list).toMatch(/mm2-source +target limits writes.*resolving for 20s/);
    expect(list).toMatch(
      /OVER.*\n ! WARNING +billing +partition orders\/7.*13:32:08…14:12:08 \(40m\), 20m ago/,
    );
  });

  it('says what cannot be judged now, once for each rule and reason', () => {
    const view = views.cascade();
    expect(screen(view)).toMatch(/FINDINGS .*1 forming, 1 over, 3 not judged/);
    expect(screen(view)).toContain('? group-lag of 2 subjects: this user may not see or do it');
    const ui = after(
      view,
      Array.from({ length: 7 }, () => 'j'),
    );
    expect(screen(view, ui)).toContain(
      'group payroll: OffsetFetch of payroll: this user may not see or do it',
    );
    expect(screen(view, ui)).toContain('grant the missing ACL');
  });

  it('names who is silent where nothing is found: that is not silence of the rules', () => {
    const stopped = screen(views.brokerStopped());
    expect(stopped).toMatch(/✗ NO ANSWER +broker 2 of us \(timeout\) for 42s/);
    expect(stopped).toMatch(/\? nothing found wrong in what can be seen .*broker 2 of us \(timeout\)/);
    expect(stopped).not.toContain('✓ nothing found wrong');
    expect(screen(views.kafkaDown())).toMatch(/✗ NO ANSWER +kafka us \(timeout\) for 90s/);
    expect(screen(views.blind())).toMatch(/✗ MAY SEE NOTHING +kafka us: grant the missing ACL/);
  });

  it('still says what was and what is not seen where nothing is found', () => {
    const { past, unjudged } = views.cascade();
    const list = screen(views.view({ past, unjudged }));
    expect(list).toMatch(/FINDINGS +none, 1 over, 3 not judged/);
    expect(list).toMatch(
      /nothing found wrong in what can be seen +not judged: group-lag of 2 groups \(payroll, ledger\)/,
    );
    expect(list).toContain('OVER');
    expect(list).toContain('NOT JUDGED');
    expect(screen(views.view())).toMatch(/✓ nothing found wrong {2}3 flows, 6 groups, 2 workers seen/);
  });

  it('says how much it does not show', () => {
    expect(screen(views.cascade(), {}, { columns: 80, rows: 24 })).toMatch(/FINDINGS .*▼ \d+ lines/);
  });
});

describe('the selected finding', () => {
  const view = views.cascade();

  it('is shown in full: evidence, confidence, life, remedies, advice, commands', () => {
    const shown = screen(view);
    for (const wanted of [
      / broker 2 of us {2}DOWN {2}high confidence \(0\.90\) {2}firing, ≥ 3m, since at or before 14:29:08/,
      /✓ under-replicated partitions: 214 {2}over 60s, 12 samples\n +threshold ≥ 1, from kmon default, config thresholds\.volume-lag/,
      /WOULD RAISE THE CONFIDENCE\n +whether its host answers/,
      /COULD NOT BE CHECKED\n +its host: no node_exporter is known/,
      /WOULD BE WRONG IF\n +another broker still gets its heartbeats/,
      /TIMELINE\n +14:29:08 +first seen: down \(it may have begun earlier\)\n +14:29:18 +\+10s +fired/,
      /1 ✗ move-leaders {2}does not cure the cause\n/,
      /2 ✗ restart-connector of flow mm2-source/,
      /producers of orders:\n {5}acks=all\n {5}delivery\.timeout\.ms=120000\n {5}they outlast an election/,
      /BY HAND\n +kafka-topics\.sh/,
    ])
      expect(shown).toMatch(wanted);
  });

  it('of a consequence names its cause', () => {
    expect(screen(view, after(view, ['j']))).toContain(
      'follows from broker 2 of us: broker 2 does not answer',
    );
  });

  it('that is over has its end in the timeline, and suggests nothing', () => {
    const ui = after(
      view,
      Array.from({ length: 6 }, () => 'j'),
    );
    expect(screen(view, ui)).toMatch(/SKEWED .*over: 13:32:08 to 14:12:08, 40m/);
    expect(screen(view, ui)).toMatch(/14:12:08 +\+40m +cleared/);
    const { intents } = press({ view, ui, size }, 'x');
    expect(intents).toEqual([
      { type: 'offer', subject: { kind: 'group', id: 'us/billing' }, suggested: [], advised: [] },
    ]);
  });

  it('is still the selected one when it ends', () => {
    const ui = after(view, ['j', 'j', 'j', 'j', 'j']);
    expect(ui.finding).toBe('skew/us/billing');
    const ended = { ...view, findings: view.findings.slice(0, 2) };
    expect(lines(ended, ui).find(line => line.startsWith('›'))).toContain('orders/7');
  });

  it('stands beside what to do about it on a wide screen', () => {
    expect(screen(view, {}, { columns: 200, rows: 50 })).toMatch(/RESTS ON .* REMEDIES/);
  });
});

describe('Enter on a finding', () => {
  const view = views.cascade();
  const enter = (keys: readonly string[], of = view): Ui => after(of, [...keys, 'enter']);

  it('opens the flow, the group or the machine that it speaks of', () => {
    expect(enter([])).toMatchObject({ at: 'machine', machine: 'broker us/2' });
    expect(enter(['j', 'j', 'j', 'j'])).toMatchObject({ at: 'flow', flow: 'connect us/mm2-source' });
    expect(enter(['j', 'j', 'j', 'j', 'j'])).toMatchObject({ at: 'group', group: 'us/billing' });
    expect(after(view, ['escape'], enter(['j', 'j', 'j', 'j']))).toMatchObject({ at: 'findings' });
  });

  it('says why not where there is no such place, or what it speaks of is gone', () => {
    const watch = { kind: 'watch', id: 'prometheus', name: 'prometheus' } as const;
    const blind = views.view({ findings: [views.firing({ ...views.targetLimited, subject: watch }, 1)] });
    expect(enter([], blind)).toMatchObject({ at: 'findings', notice: 'Enter: this is about kmon itself' });
    expect(enter(['j'])).toMatchObject({ notice: 'Enter: group group-0 is not there any more' });
    expect(enter([], views.view())).toMatchObject({ notice: 'Enter: there is no finding' });
  });
});

describe('a flow', () => {
  it('shows its verdict also where that follows from something else', () => {
    const [broker] = views.cascade().findings;
    const under = broker && { ...broker, consequences: [views.firing(views.targetLimited, 2)] };
    const view = views.incident({ findings: under ? [under] : [] });
    expect(textOf(view, size, { at: 'flow' }).join('\n')).toContain('TARGET-LIMITED');
  });
});

describe('a headline of the overview', () => {
  it.each<[number, RegExp]>([
    [120, /CRITICAL +broker 2 of us +since ≥ 3m .*\+40 follow/],
    [80, /CRITICAL +broker 2 of us .*\+40 follow {2}e why/],
    [50, /CRIT broker 2 of.* since ≥ 3m +\+40 {2}e why/],
  ])('in %i columns says how much follows from it', (columns, wanted) => {
    expect(textOf(views.cascade(), { columns, rows: 30 }).join('\n')).toMatch(wanted);
  });

  it('is not the only one whose cause is whole: a consequence that is too long for a line gives way', () => {
    const second = views.firing(
      {
        ...views.hotPartition,
        sentence: '3 of 9 partitions of orders are short of replicas in sync',
        consequence: 'writes with acks=all fail there, lag +637/s',
      },
      3,
    );
    const view = views.incident({ findings: [views.firing(views.targetLimited, 11), second] });
    expect(textOf(view, { columns: 120, rows: 40 }).join('\n')).toContain(second.sentence);
  });

  const overview = (view: View, columns: number, rows: number, ui: Partial<Ui> = {}): string =>
    textOf(view, { columns, rows }, ui).join('\n');
  const onBilling: Partial<Ui> = { selected: { kind: 'group', id: 'us/billing' } };

  it('names the key that speaks of it: x changes what is selected, e explains the headline alone', () => {
    const second = { ...views.hotPartition, remedies: views.targetLimited.remedies };
    const view = views.incident({
      findings: [views.firing(views.targetLimited, 11), views.firing(second, 30)],
    });
    expect(overview(view, 120, 40)).toMatch(/CRITICAL +mm2-source .* x fix\n(.*\n)? ! WARNING .* 6 why\n/);
    expect(overview(view, 120, 40, onBilling)).toMatch(
      /CRITICAL +mm2-source .* e why\n(.*\n)? ! WARNING .* x fix\n/,
    );
    expect(press({ view, ui: { ...initialUi, ...onBilling }, size }, 'x').intents).toMatchObject([
      { subject: { kind: 'group', id: 'us/billing' } },
    ]);
  });

  it('names no key that does nothing: of what only forms there is no headline yet', () => {
    const view = views.view({ findings: [views.firing(views.targetLimited, 0, { phase: 'pending' })] });
    expect(overview(view, 120, 40, onBilling)).toMatch(/FORMING .* 6 why\n/);
  });

  it('stands on two lines where one would cut its cause', () => {
    const long = {
      ...views.targetLimited,
      sentence: `${views.targetLimited.sentence}, throttled 655ms on 4 of 4 tasks`,
    };
    const view = views.incident({ findings: [views.firing(long, 11), views.firing(views.hotPartition, 30)] });
    expect(overview(view, 120, 40)).toContain(`   ${long.sentence}\n`);
    expect(overview(view, 100, 15)).toContain(`   ${long.sentence}\n`);
  });

  it('is followed by causes, not by halves of consequences', () => {
    const told = { ...views.hotPartition, consequence: 'records are lost with the broker that took them' };
    const view = views.incident({
      findings: [views.firing(views.targetLimited, 11), views.firing(told, 30)],
    });
    expect(overview(view, 80, 24)).toMatch(
      /WARNING .*partition orders\/3 holds 71 % of the lag +30m {2}6 why\n/,
    );
  });

  it('says that the key of the list is a key', () => {
    const findings = [1, 2, 3, 4, 5, 6, 7, 8].map(n => views.firing(views.hotPartition, n));
    expect(overview(views.view({ findings }), 80, 24)).toMatch(/ +\d more findings: press 6\n/);
  });

  it('is not said once more as silence', () => {
    const stopped = views.brokerStopped();
    expect(overview(stopped, 80, 24)).toContain('NO ANSWER  broker 2 of us');
    const findings = views.cascade().findings.slice(0, 1);
    expect(overview({ ...stopped, findings }, 80, 24)).not.toContain('NO ANSWER');
  });
});
