import { describe, expect, it } from 'vitest';
import type { Finding } from '../../source/diagnose/finding.js';
import { frame } from '../../source/screen/frame.js';
import { reservedWidth } from '../../source/screen/reserved.js';
import { plainText } from '../../source/screen/row.js';
import { initialUi } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import * as views from '../support/views.js';

/** The first lines of the overview: what is wrong, and what only begins to be. */

const overview = (view: View, columns: number, rows = 40): string[] =>
  frame({ view, ui: initialUi, size: { columns, rows } }).map(line => plainText(line).trimEnd());

const where = (lines: readonly string[], what: string): number => lines.findIndex(l => l.includes(what));

/** As it grows: each number in it from one digit to its widest. */
const growing = (n: string, minutes: number): View => {
  const finding: Finding = {
    ...views.targetLimited,
    sentence: `target limits writes to ${n}/s: produce quota of user mm2-user`,
    consequence: `lag +${n}/s, data loss in ${n}`,
  };
  return views.incident({ findings: [views.firing(finding, minutes)] });
};

describe('the headline', () => {
  const columns = Array.from({ length: 41 }, (_, i) => 95 + i);

  it.each(columns)('takes as many lines whatever its numbers are, in %i columns', wide => {
    const rows = [growing('1', 1), growing('12', 11), growing('712', 99), growing('4.99k', 700)].map(view =>
      where(overview(view, wide), ' FLOWS'),
    );
    expect(new Set(rows).size).toBe(1);
  });

  it('is on one line where that has room for it, and on two where not', () => {
    expect(where(overview(growing('712', 11), 160), ' FLOWS')).toBe(3);
    expect(where(overview(growing('712', 11), 100), ' FLOWS')).toBe(4);
  });
});

describe('the room that is kept for a text', () => {
  it('is that of its numbers at their widest', () => {
    expect(reservedWidth('lag +9/s')).toBe('lag +99.9k/s'.length);
    expect(reservedWidth('lag +3.30k/s')).toBe('lag +3.30k/s'.length);
    expect(reservedWidth('drains in 2m')).toBe('drains in 1d02h'.length);
  });

  it('leaves names as they are', () => {
    for (const name of ['mm2-source', 'orders/3', 'c-0@10.0.1.14', 'worker-1:8083', 'a.7'])
      expect(reservedWidth(name)).toBe(name.length);
  });
});

describe('what only forms', () => {
  const forming = (severity: Finding['severity']) =>
    views.firing({ ...views.targetLimited, severity }, 0, { phase: 'pending' });
  const told = views.firing({ ...views.hotPartition, severity: 'info', sentence: 'it was told' }, 4);
  const healthy = (...findings: View['findings']): View => ({ ...views.healthy(), findings });

  it.each([40, 80, 120, 200])(
    'is no health: the headline says so in %i columns, and it comes next',
    columns => {
      const lines = overview(healthy(told, forming('warning')), columns);
      expect(lines[1]).toMatch(/^ \? nothing (found )?wrong yet, 1 forming/);
      expect(lines[2]).toMatch(/^ \? FORM/);
      expect(lines.join('\n')).not.toContain('✓ nothing');
      expect(lines[0]).toMatch(columns < 70 ? /\? 1$/ : /\? 1 forming$/);
    },
  );

  it('and would only be told leaves all well, and is called a note', () => {
    const lines = overview(healthy(forming('info')), 120);
    expect(lines[1]).toMatch(/^ ✓ nothing found wrong {2}.*; 1 note forming$/);
    expect(lines[2]).toMatch(/^ · FORMING/);
    expect(lines[0]).not.toContain('forming');
  });
});
