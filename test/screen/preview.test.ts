import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { needsEnough } from '../../source/model/trend.js';
import { frame } from '../../source/screen/frame.js';
import { plainText } from '../../source/screen/row.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import * as views from '../support/views.js';

/** What stands in room that a list leaves: what the reader would open next. */

const screen = (view: View, ui: Partial<Ui>, columns = 200, rows = 50): string[] =>
  frame({ view, ui: { ...initialUi, ...ui }, size: { columns, rows } }).map(line =>
    plainText(line).trimEnd(),
  );

const text = (...args: Parameters<typeof screen>): string => screen(...args).join('\n');

describe('a list that leaves room', () => {
  it('shows the partitions and members of the selected group', () => {
    const shown = text(views.incident(), { at: 'groups' });
    expect(shown).toMatch(/›billing .*\n[^]* billing {2}on us, classic {2}Stable/);
    expect(shown).toContain('PARTITIONS 12, lag over time');
    expect(shown).toMatch(/MEMBERS .*\n billing-0/);
  });

  it('shows another one when another is selected, and has one cursor', () => {
    const lists: Ui['lists'] = { groups: { filter: '', selected: 'us/mail' } };
    const shown = screen(views.incident(), { at: 'groups', lists });
    expect(shown.join('\n')).toMatch(/ mail {2}on us, classic/);
    expect(shown.filter(line => line.startsWith('›'))).toHaveLength(1);
  });

  it.each<[Ui['at'], RegExp]>([
    ['flows', /mm2-source {2}eu → us[^]*poll\/s[^]*TASK/],
    ['topics', /PARTITIONS \d+, sorted by/],
    ['machines', /LOAD {2}the bar marks the limit/],
  ])('does so in the view of %s', (at, what) => {
    expect(text(views.incident(), { at })).toMatch(what);
  });

  it('leaves it empty where nothing could be read in it', () => {
    for (const [columns, rows] of [
      [40, 40],
      [120, 18],
      [80, 20],
    ] as const)
      expect(text(views.incident(), { at: 'groups' }, columns, rows)).not.toContain('PARTITIONS');
  });

  it('shows none where the filter leaves nothing', () => {
    const lists: Ui['lists'] = { groups: { filter: 'no-such-group' } };
    expect(text(views.incident(), { at: 'groups', lists })).not.toContain('PARTITIONS');
  });

  it('costs what is drawn: of a thousand groups no more rows are made than fit', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => views.group(`g${i}`, i));
    const shown = screen(views.view({}, { groups: many }), { at: 'groups' });
    expect(shown).toHaveLength(50);
    expect(shown.join('\n')).not.toContain('PARTITIONS');
  });
});

describe('the overview of a large screen', () => {
  it('shows the selected flow below what the headline rests on', () => {
    const shown = text(views.incident(), {}, 200, 60);
    expect(shown).toMatch(/BECAUSE mm2-source[^]*\n mm2-source {2}eu → us {2}RUNNING/);
  });

  it('shows the group that was selected', () => {
    const shown = text(views.healthy(), { selected: { kind: 'group', id: 'us/mail' } });
    expect(shown).toMatch(/\n mail {2}on us, classic[^]*PARTITIONS 12/);
  });

  it.each(Array.from({ length: 20 }, (_, i) => 45 + i))(
    'ends with no title of which nothing follows, at 200x%i',
    rows => {
      const lines = screen(views.healthy(), {}, 200, rows).slice(0, -1);
      const last = lines.findLastIndex(line => line !== '');
      expect(lines[last]).not.toMatch(/^ (PARTITIONS|TASK) /);
    },
  );

  it('has no room for it at 120x40', () => {
    expect(text(views.incident(), {}, 120, 40)).not.toContain('PARTITIONS 12');
  });
});

describe('the findings of a large screen', () => {
  it('show below the evidence the thing that they are about', () => {
    const shown = text(views.incident(), { at: 'findings' }, 200, 70);
    expect(shown).toMatch(/RESTS ON[^]*\n mm2-source {2}eu → us {2}RUNNING/);
  });
});

describe('the changes', () => {
  const view = (): View =>
    views.view(
      {},
      {
        changes: [
          {
            at: views.now - 90_000,
            kind: 'leaders',
            subject: 'us/orders',
            what: 'leaders of partitions',
            is: '3 by 2',
          },
          {
            at: views.now - 60_000,
            kind: 'group',
            subject: 'us/billing',
            what: 'state',
            was: 'Stable',
            is: 'Empty',
          },
          { at: views.now - 9_000, kind: 'task', subject: 'us/mm2-source', what: 'task 3', is: 'FAILED' },
          { at: views.now - 5_000, kind: 'mark', subject: '', what: 'mark', is: 'v42' },
        ],
      },
    );

  it('tell what happened besides, newest first', () => {
    const shown = screen(view(), { at: 'changes' }, 120, 24);
    const from = shown.findIndex(line => line.includes('WHAT HAPPENED'));
    expect(shown[from + 1]).toMatch(/mark +v42$/);
    expect(shown[from + 2]).toMatch(/task +us\/mm2-source +task 3: FAILED$/);
    expect(shown[from + 3]).toMatch(/group +us\/billing +state: Stable → Empty$/);
  });

  it('tell of a remedy what came of it, and not each look at it', () => {
    const steps = [
      'applying: set tasks.max=6',
      'applied: Connect accepted it',
      'watching: write/s 801 → 875',
    ];
    const changes = steps.map((is, i) => ({
      at: views.now - 9_000 + i * 1_000,
      kind: 'remedy' as const,
      subject: 'us/mm2-source',
      what: 'Raise tasks.max',
      is,
    }));
    const shown = text(views.view({}, { changes }), { at: 'changes' }, 120, 24);
    expect(shown).toContain('Raise tasks.max: applied: Connect accepted it');
    expect(shown).not.toMatch(/applying|watching/);
  });

  it('tell as much of it as fits, and how much does not', () => {
    const shown = text(view(), { at: 'changes' }, 80, 10);
    expect(shown).toContain('WHAT HAPPENED newest first, 1 older one not shown');
    expect(shown).not.toContain('leaders of');
  });
});

describe('a flow about which nothing was found', () => {
  it('is not said to be well before it was judged', () => {
    const flow = views.healthyFlow();
    const subject = { kind: 'flow', id: flow.id, name: flow.connector } as const;
    const why = failure('early', 'growth of lag', needsEnough);
    const view = views.view({ unjudged: [{ rule: 'flow-limits', subject, why }] }, { flows: [flow] });
    expect(text(view, { at: 'flow' })).toContain(`? not judged yet: ${needsEnough}`);
    expect(text(views.healthy(), { at: 'flow' })).toContain('✓ no finding about this flow');
    expect(text(views.prometheusDown(), { at: 'flow' })).toContain(
      '? no finding about this flow in what can be seen',
    );
  });
});

describe('the heatmap of a group', () => {
  it('does not end in "not known" while its newest column has just begun, but does after a gap', () => {
    const late = (ms: number): string[] => {
      const view = views.incident();
      const later: View = { ...view, at: view.at + ms };
      return screen(later, { at: 'group', group: 'us/billing' }).filter(line => /^.orders\/\d/.test(line));
    };
    // The newest sample is of 14:32:08, a column is ten seconds wide.
    expect(late(2_000).join('\n')).not.toContain('?');
    expect(late(30_000).every(line => line.includes('?'))).toBe(true);
  });

  it('says whose partitions stand out', () => {
    const shown = text(views.incident(), { at: 'group', group: 'us/billing', pane: 'members' });
    expect(shown).toMatch(/PARTITIONS .*» of billing-\d@10\.0\.5\.\d/);
    expect(text(views.incident(), { at: 'group', group: 'us/billing' })).not.toContain('» of');
  });
});

describe('a change that is under way', () => {
  const running = (): View =>
    views.incident({
      remedy: { phase: 'running', plan: views.plan, steps: views.steps.slice(0, 3), undo: true },
    });

  it('is watched in the flow below the dialog, where there is room', () => {
    const shown = text(running(), {}, 120, 40);
    expect(shown).toMatch(/u plans the undo[^]*╯\n\n mm2-source {2}eu → us {2}RUNNING[^]*poll\/s/);
  });

  it.each([
    [40, 10],
    [80, 24],
    [100, 15],
  ])('has the whole of %ix%i for its steps', (columns, rows) => {
    expect(text(running(), {}, columns, rows)).not.toMatch(/eu → us {2}RUNNING/);
  });

  it('is read and typed without it', () => {
    const view = views.incident({ remedy: { phase: 'plan', plan: views.plan } });
    expect(text(view, {}, 120, 60)).not.toMatch(/eu → us {2}RUNNING/);
  });
});

describe('an endpoint that does not answer', () => {
  it('is named before what is only told', () => {
    const told = views.firing({ ...views.hotPartition, severity: 'info', sentence: 'it was told' }, 4);
    const lines = screen({ ...views.connectDown(), findings: [told] }, {}, 120, 40);
    const at = (what: string): number => lines.findIndex(line => line.includes(what));
    expect(at('NO ANSWER')).toBeGreaterThan(0);
    expect(at('NO ANSWER')).toBeLessThan(at('it was told'));
  });
});
