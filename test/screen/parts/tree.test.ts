import { describe, expect, it } from 'vitest';
import type { Step, Tree } from '../../../source/diagnose/tree.js';
import { treeRows, wayRow } from '../../../source/screen/parts/tree.js';
import { plainText } from '../../../source/screen/row.js';

const step = (id: string, answer: Step['answer'], over: Partial<Step> = {}): Step => ({
  id,
  question: `${id}?`,
  answer,
  because: `because of ${id}, with numbers`,
  evidence: [],
  taken: false,
  leads: '',
  steps: [],
  ...over,
});

const tree: Tree = {
  asks: 'why?',
  verdict: 'target-limited',
  steps: [
    step('stopped', 'no', { steps: [step('failed', 'no')] }),
    step('behind', 'yes', {
      taken: true,
      steps: [
        step('target', 'yes', {
          taken: true,
          steps: [step('quota', 'yes', { taken: true }), step('slow', 'no')],
        }),
        step('source', 'unknown', { steps: [step('silent', 'no')] }),
      ],
    }),
  ],
};

const drawn = (columns: number, room: number): readonly string[] =>
  treeRows(tree, 'critical', columns, room).map(plainText);

describe('a tree', () => {
  it('is drawn whole where there is room, and marks the way for eyes without colour', () => {
    expect(drawn(60, 20)).toEqual([
      ' ✗ stopped?  because of stopped, with numbers',
      '   ✗ failed?  because of failed, with numbers',
      '›✓ behind?  because of behind, with numbers',
      '  ›✓ target?  because of target, with numbers',
      '    ›✓ quota?  because of quota, with numbers',
      '     ✗ slow?  because of slow, with numbers',
      '   ? source?  because of source, with numbers',
      '     ✗ silent?  because of silent, with numbers',
    ]);
  });

  it('leaves out what lies beside the way where there is less', () => {
    expect(drawn(60, 6)).toEqual([
      ' ✗ stopped?  because of stopped, with numbers',
      '›✓ behind?  because of behind, with numbers',
      '  ›✓ target?  because of target, with numbers',
      '    ›✓ quota?  because of quota, with numbers',
      '     ✗ slow?  because of slow, with numbers',
      '   ? source?  because of source, with numbers',
    ]);
  });

  it('keeps the reasons of the way whole in few columns', () => {
    expect(drawn(28, 9)).toEqual([
      ' ✗ stopped?  because of sto…',
      '›✓ behind?',
      '     because of behind, with',
      '     numbers',
      '  ›✓ target?',
      '       because of target,',
      '       with numbers',
      '    ›✓ quota?',
      '         because of quota,',
      '         with numbers',
      '     ✗ slow?  because of sl…',
      '   ? source?  because of so…',
    ]);
  });

  it('tells its way in one line', () => {
    expect(plainText(wayRow(tree, 'critical', 60))).toBe(' behind › target › quota');
    expect(plainText(wayRow(tree, 'critical', 24))).toBe(' … › target › quota');
    expect(plainText(wayRow(tree, 'critical', 14))).toBe(' … › quota');
  });
});
