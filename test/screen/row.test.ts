import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import xterm from '@xterm/headless';
import { frame } from '../../source/screen/frame.js';
import { fitRow, plainText, row, segment } from '../../source/screen/row.js';
import { truncate, truncateMiddle, width, wrap } from '../../source/screen/text.js';
import { theme } from '../../source/screen/theme.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import * as views from '../support/views.js';

/** Names as someone could give them to a group: wide, combining, right to left, control, emoji, lone surrogates. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.stringMatching(/^[\u0590-\u06ff\u200b-\u202e\u0300-\u036f日本語한국어ａｂ\u0000-\u001f👩‍💻🇩🇪a-z]{0,30}$/u),
  fc.constantFrom(
    '\u001b[2J\u001b[H',
    '\u202egnirts',
    '👩‍💻👩‍💻👩‍💻',
    'e\u0301\u0301\u0301',
    '日本語のグループ',
    '\ud800',
    'a\nb\tc\r',
  ),
);

/** Cells that a real terminal uses for it, by where its cursor stands afterwards. */
async function drawnWidth(text: string): Promise<number> {
  const term = new xterm.Terminal({ cols: 500, rows: 2, allowProposedApi: true });
  await new Promise<void>(resolve => term.write(text, resolve));
  const { cursorX, cursorY } = term.buffer.active;
  term.dispose();
  return cursorY * 500 + cursorX;
}

describe('a row', () => {
  it('is exactly as wide as asked, whatever is in it, and a terminal agrees', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostile, { maxLength: 5 }),
        fc.integer({ min: 1, max: 120 }),
        async (texts, columns) => {
          const painted = theme(2).paint(row(...texts.map(text => segment(text, 'strong'))), columns);
          expect(await drawnWidth(painted)).toBe(columns);
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);

  it('keeps control characters, direction marks and emoji off the screen', () => {
    const shown = plainText(fitRow(row('a\u001b[2Jb\u202ec👩‍💻d'), 20));
    expect(shown).toBe('a?[2Jb?c?d          ');
  });

  it('keeps letters of other scripts, with their widths', () => {
    expect(plainText(fitRow(row('größe 日本'), 11))).toBe('größe 日本 ');
    expect(plainText(fitRow(row('日本語'), 4))).toBe('日… ');
  });

  it('merges neighbours of one meaning, so that codes appear only where the meaning changes', () => {
    expect(fitRow(row(segment('a', 'dim'), segment('b', 'dim'), segment('c', 'key')), 3).segments).toEqual([
      { text: 'ab', as: 'dim' },
      { text: 'c', as: 'key' },
    ]);
  });

  it('has no codes without colour', () => {
    expect(theme(0).paint(row(segment('lag', 'critical')), 5)).toBe('lag  ');
  });

  it('is ASCII where Unicode is unwelcome, cell for cell', () => {
    expect(theme(0, { ascii: true }).paint(row('▲ CRITICAL ≤ 3.2k ▁▄█ 日…'), 24)).toBe(
      '^ CRITICAL < 3.2k _-# ~ ',
    );
  });
});

describe('text', () => {
  it('is cut to the cells that there are', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: 40 }), (text, columns) => {
        expect(width(truncate(text, columns))).toBeLessThanOrEqual(columns);
        expect(width(truncateMiddle(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('wraps into lines that fit, and loses no word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 12 }),
        fc.integer({ min: 12, max: 40 }),
        (words, columns) => {
          const lines = wrap(words.join(' '), columns);
          for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
          expect(lines.join(' ')).toBe(words.join(' '));
        },
      ),
    );
  });

  it('keeps both ends of a long name', () => {
    expect(truncateMiddle('connect-cluster-mm2-checkpoint', 15)).toBe('connect…ckpoint');
  });
});

describe('a frame', () => {
  it('never is wider or higher than the window, with any names at any size', () => {
    const base = views.brokerStopped();
    const at = fc.constantFrom<Ui['at']>('overview', 'flow', 'group', 'findings', 'changes');
    fc.assert(
      fc.property(
        hostile,
        hostile,
        at,
        fc.integer({ min: 1, max: 220 }),
        fc.integer({ min: 1, max: 60 }),
        (name, other, view, columns, rows) => {
          const { snapshot } = base;
          const named = {
            ...base,
            site: { ...base.site, context: other },
            findings: views.incident().findings.map(finding => ({
              ...finding,
              sentence: name,
              subject: { ...finding.subject, name: other },
            })),
            snapshot: {
              ...snapshot,
              flows: snapshot.flows.map(flow => ({ ...flow, connector: name })),
              groups: snapshot.groups.map(group => ({
                ...group,
                group: name,
                partitions: group.partitions.map(p => ({ ...p, topic: other, owner: name })),
              })),
            },
          };
          const lines = frame({ view: named, ui: { ...initialUi, at: view }, size: { columns, rows } });
          expect(lines).toHaveLength(rows);
          for (const line of lines) expect(width(theme(0).paint(line, columns))).toBe(columns);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});
