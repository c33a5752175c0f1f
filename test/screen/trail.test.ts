import { describe, expect, it } from 'vitest';
import { press } from '../../source/screen/keymap.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { textOf } from '../support/screens.js';
import * as views from '../support/views.js';

const size = { columns: 120, rows: 40 };

function after(view: View, keys: readonly string[], ui: Ui = initialUi): Ui {
  return keys.reduce((now, key) => press({ view, ui: now, size }, key).ui, ui);
}

describe('every name is a way to its own view', () => {
  const view = views.incident();
  const walk = (keys: readonly string[], from: Partial<Ui> = {}): Ui =>
    after(view, keys, { ...initialUi, ...from });

  it('from a group to the topic of the cell, to the broker that leads a partition, and all the way back', () => {
    const group = walk(['3', 'enter']);
    expect(group).toMatchObject({ at: 'group', group: 'us/billing' });
    const topic = walk(['left', 'up', 'enter'], group);
    expect(topic).toMatchObject({ at: 'topic', topic: 'us/orders' });
    const broker = walk(['j', 'enter'], topic);
    expect(broker).toMatchObject({ at: 'machine', machine: 'broker us/2' });
    const back = walk(['escape', 'escape'], broker);
    expect(back).toMatchObject({
      at: 'group',
      group: 'us/billing',
      cell: { back: 1, partition: 'orders/2' },
    });
    expect(walk(['escape', 'escape'], back)).toMatchObject({ at: 'overview' });
  });

  it('comes back to the same group, though another one was opened on the way', () => {
    const other = walk(['3', 'enter', 'enter', 'tab', 'j', 'j', 'enter']);
    expect(other).toMatchObject({ at: 'group', group: 'us/mail' });
    expect(walk(['escape', 'escape'], other)).toMatchObject({ at: 'group', group: 'us/billing' });
  });

  it('from a flow: its tasks lead to workers, its partitions to topics of the source', () => {
    const flow: Partial<Ui> = { at: 'flow', flow: 'connect us/mm2-source' };
    expect(walk(['tab', 'j', 'enter'], flow)).toMatchObject({
      at: 'machine',
      machine: 'worker connect us/10.0.3.12:8083',
    });
    expect(walk(['tab', 'tab', 'enter'], flow)).toMatchObject({ at: 'topic', topic: 'eu/orders' });
    expect(walk(['enter'], flow).notice).toBe('Enter: Tab goes to what can be opened here');
  });

  it('from a topic to the flow that mirrors it, and from a worker to the flow of a task', () => {
    const topic: Partial<Ui> = { at: 'topic', topic: 'eu/orders' };
    expect(walk(['tab', 'enter'], topic)).toMatchObject({ at: 'flow', flow: 'connect us/mm2-source' });
    const worker: Partial<Ui> = { at: 'machine', machine: 'worker connect us/10.0.3.11:8083' };
    expect(walk(['enter'], worker)).toMatchObject({ at: 'flow', flow: 'connect us/mm2-source' });
  });

  it('from a broker to the groups that it coordinates and the topics that it leads', () => {
    const broker: Partial<Ui> = { at: 'machine', machine: 'broker us/2' };
    expect(walk(['enter'], broker)).toMatchObject({ at: 'group', group: 'us/billing' });
    expect(walk(['tab', 'G', 'enter'], broker)).toMatchObject({ at: 'topic', topic: 'us/orders' });
  });

  it('from the overview to workers and clusters, and from a group to its coordinator', () => {
    const all = walk(['end']);
    expect(all.selected).toEqual({ kind: 'cluster', id: 'us' });
    const cluster = walk(['enter'], all);
    expect(cluster).toMatchObject({ at: 'machines' });
    expect(textOf(view, size, cluster).join('\n')).toMatch(/3 of 6 match/);
    expect(walk(['k', 'k', 'enter'], all)).toMatchObject({ machine: 'worker connect us/10.0.3.12:8083' });
    const group: Partial<Ui> = { at: 'group', group: 'us/billing' };
    expect(walk(['tab', 'tab', 'enter'], group)).toMatchObject({ machine: 'broker us/2' });
    expect(walk(['tab', 'enter'], group).notice).toContain('a member has no view of its own');
  });

  it('says so where what a name stands for is gone', () => {
    const gone = { ...view, snapshot: { ...view.snapshot, topics: [] } };
    const ui = after(gone, ['enter'], { ...initialUi, at: 'group', group: 'us/billing' });
    expect(ui).toMatchObject({ at: 'group', notice: 'Enter: topic orders is not there any more' });
  });

  it('leads to no topic where the source is no cluster that kmon was given', () => {
    const flows = [views.healthyFlow({ source: { alias: 'eu' } })];
    const ui = after(views.view({}, { flows }), ['tab', 'tab', 'enter'], { ...initialUi, at: 'flow' });
    expect(ui.notice).toBe('Enter: its source is no cluster that kmon was given');
  });
});

describe('n and N', () => {
  const view = views.incident();

  it('show the same of the next one and of the one before, in the order of its list', () => {
    const first = after(view, ['3', 'enter', 'tab']);
    const next = after(view, ['n'], first);
    expect(next).toMatchObject({ at: 'group', group: 'us/search-indexer', pane: 'members' });
    expect(after(view, ['N'], next)).toMatchObject({ group: 'us/billing' });
    expect(after(view, ['N'], first)).toMatchObject({ group: 'us/audit' });
    expect(after(view, ['escape'], next)).toMatchObject({
      at: 'groups',
      lists: { groups: { selected: 'us/search-indexer' } },
    });
  });

  it('go through what a filter left alone', () => {
    const ui: Ui = { ...initialUi, lists: { groups: { filter: 'lag>1k' } } };
    const names = ['n', 'n', 'n'].map(
      (_, i) => after(view, ['3', 'enter', ...Array.from({ length: i }, () => 'n')], ui).group,
    );
    expect(names).toEqual(['us/billing', 'us/search-indexer', 'us/billing']);
  });
});

describe('the heatmap of a group', () => {
  const view = views.incident();
  const ui: Ui = { ...initialUi, at: 'group', group: 'us/billing' };
  const screen = (keys: readonly string[]): string => textOf(view, size, after(view, keys, ui)).join('\n');
  const names = (keys: readonly string[]): string[] =>
    textOf(view, size, after(view, keys, ui)).flatMap(line => /^[ ›»](orders\/\d+)/.exec(line)?.[1] ?? []);

  it('is sorted by partition, lag, owner and leader, and keeps its cursor', () => {
    expect(names([])[0]).toBe('orders/0');
    expect(names(['s'])[0]).toBe('orders/3');
    expect(names(['s', 's']).slice(0, 3)).toEqual(['orders/0', 'orders/4', 'orders/8']);
    expect(names(['s', 's', 's']).slice(0, 4)).toEqual(['orders/0', 'orders/3', 'orders/6', 'orders/9']);
    expect(screen(['j', 's', 's'])).toContain('› orders/4 at');
  });

  it('shows lag, its growth, and its share of the group', () => {
    expect(screen([])).toContain('lag over time');
    expect(screen(['v'])).toMatch(/growth of lag.*\n[^]*growth\/s/);
    expect(screen(['v', 'v'])).toMatch(/›orders\/3 .* 7\d%\n/);
    expect(screen(['v', 'v', 'v'])).toContain('lag over time');
  });

  it('marks the partitions of the selected member', () => {
    const lines = textOf(view, size, after(view, ['tab', 'j'], ui));
    expect(lines.filter(line => line.startsWith('»')).map(line => line.slice(1, 10).trim())).toEqual([
      'orders/1',
      'orders/5',
      'orders/9',
    ]);
  });

  it('marks rebalances, remedies of the group, and marks that were set by hand', () => {
    const at = (minutes: number): number => views.now - minutes * 60_000;
    const marked = {
      ...view,
      snapshot: {
        ...view.snapshot,
        changes: [
          { at: at(8), kind: 'mark', subject: '', what: 'mark', is: 'set by hand' },
          { at: at(6), kind: 'remedy', subject: 'us/billing', what: 'reset', is: 'applied: done' },
          { at: at(4), kind: 'remedy', subject: 'us/mail', what: 'reset', is: 'applied: done' },
        ] as const,
      },
    };
    const lines = textOf(marked, size, ui);
    expect(lines.join('\n')).toContain('R rebalance   x remedy   m mark');
    expect(
      lines
        .find(line => line.includes('↑'))
        ?.trim()
        .split(/ +/),
    ).toEqual(['R', 'm', 'x', '↑']);
  });

  it('names the cell so that its text fits at any width, whatever names are like', () => {
    const long = 'a-topic-with-a-name-of-eighty-characters-which-some-teams-really-have-in-production';
    const partitions = views
      .groupPartitions(() => 4, 3)
      .map(one => ({ ...one, topic: long, owner: `consumer-${long}@10.0.0.1`, leader: 3 }));
    const of = views.view({}, { groups: [views.group('g', 12, { partitions })] });
    for (const columns of [40, 60, 80, 120, 200]) {
      const lines = textOf(of, { columns, rows: 24 }, { at: 'group' });
      const cell = lines.slice(lines.findIndex(line => line.startsWith(' › ')));
      expect(cell.slice(0, 2).join(' ')).toMatch(/at 14:32:00 {2}lag 4 .*owner .*leader 3/);
      for (const line of cell.slice(0, 2)) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });
});
