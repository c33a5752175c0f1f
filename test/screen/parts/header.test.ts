import { beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../support/screens.js';
import * as views from '../../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

describe('the first line', () => {
  const site = views.incident();
  const named = (context: string): typeof site => ({ ...site, site: { ...site.site, context } });
  const firstLine = (context: string, columns: number): string =>
    textOf(named(context), { columns, rows: 24 })[0] ?? '';

  it.each([100, 80, 70])(
    'says in %i columns whether it is live and how old, before the whole of a long name',
    columns => {
      expect(firstLine('production-europe-west-1-payments-and-orders-mirror', columns)).toMatch(
        /^ kmon produ.*…\S+ +\d\d:\d\d:\d\d +● live \d+s .*1 critical/,
      );
    },
  );

  it('says in 40 columns whether it is live, before how much only forms', () => {
    const findings = [
      views.firing(views.targetLimited, 1),
      views.firing(views.hotPartition, 1),
      views.firing({ ...views.hotPartition, severity: 'info' }, 1),
      views.firing(views.hotPartition, 1, { phase: 'pending' }),
    ];
    const [first] = textOf({ ...site, findings }, { columns: 40, rows: 10 });
    expect(first).toMatch(/^ kmon eu-us +\d\d:\d\d:\d\d ● 2s +▲ 1 {2}! 1/);
  });

  it('names the worst where the view does not begin with it', () => {
    const findings = [
      views.firing(views.targetLimited, 1),
      views.firing({ ...views.targetLimited, subject: { kind: 'flow', id: 'us/b', name: 'b' } }, 1),
      views.firing(views.hotPartition, 1),
    ];
    const line = (at: 'overview' | 'machines' | 'findings', columns: number): string =>
      textOf({ ...site, findings }, { columns, rows: 24 }, { at })[0] ?? '';
    expect(line('machines', 120)).toContain('▲ 2 critical: mm2-source +1  ! 1 warning');
    expect(line('machines', 70)).toContain('▲ 2 critical  ! 1 warning');
    for (const at of ['overview', 'findings'] as const) expect(line(at, 120)).not.toContain('mm2-source');
  });

  it('names the worst before the whole of a long name of the site', () => {
    const long = named('production-europe-west-1-payments-and-orders-mirror');
    const [first] = textOf(long, { columns: 100, rows: 24 }, { at: 'machines' });
    expect(first).toMatch(/^ kmon produ.*…\S+ .* 1 critical: mm2-source/);
  });

  it('names nothing where nothing is wrong', () => {
    const findings = [views.firing({ ...views.hotPartition, severity: 'info' }, 1)];
    const [first] = textOf({ ...site, findings }, { columns: 120, rows: 24 }, { at: 'machines' });
    expect(first).toMatch(/ {2}· 1 info$/);
  });

  it('leaves a name whole that has room', () => {
    expect(firstLine('lab', 80)).toMatch(/^ kmon lab {2}\d\d:/);
  });
});
