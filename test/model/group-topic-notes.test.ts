import { describe, expect, test } from 'vitest';
import { Columns } from '../../source/model/columns.js';
import { column } from '../../source/model/group-topic-columns.js';
import { GroupTopicNotes } from '../../source/model/group-topic-notes.js';

const start = 1_700_000_000_000;

/** What a group has committed in each partition. */
function committed(...offsets: readonly number[]): Columns {
  const cells = new Columns(Object.keys(column).length);
  cells.open(offsets.length);
  for (const [p, offset] of offsets.entries()) cells.set(column.committed, p, offset);
  return cells;
}

describe('anchors, which a pace is told from', () => {
  test('there is none at first, and nothing is later than it', () => {
    expect(new GroupTopicNotes(1).anchoredAt).toBe(Infinity);
  });

  test('the first reading is the first anchor, and stays until another is half a minute old', () => {
    const notes = new GroupTopicNotes(1);
    for (const second of [0, 10, 20, 30, 40, 50])
      notes.anchor(start + second * 1000, committed(second * 100));
    expect(notes.anchoredAt).toBe(start);
    expect([...notes.anchored]).toEqual([0]);
  });

  test('then it lies between half a minute and a minute back, however long it goes on', () => {
    const notes = new GroupTopicNotes(1);
    for (let second = 0; second <= 600; second += 2) {
      const at = start + second * 1000;
      if (second >= 60) {
        expect(at - notes.anchoredAt).toBeGreaterThanOrEqual(30_000);
        expect(at - notes.anchoredAt).toBeLessThanOrEqual(60_000);
        expect([...notes.anchored]).toEqual([((notes.anchoredAt - start) / 1000) * 100]);
      }
      notes.anchor(at, committed(second * 100));
    }
  });

  test('a commit that went back has none: its pace would be told over the rewind', () => {
    const notes = new GroupTopicNotes(2);
    notes.anchor(start, committed(500, 700));
    notes.anchor(start + 30_000, committed(600, 800));
    notes.rewound(0);
    expect([...notes.anchored]).toEqual([NaN, 700]);
    notes.anchor(start + 60_000, committed(100, 900));
    expect([...notes.anchored]).toEqual([NaN, 800]);
  });
});

test('a topic that gets more partitions keeps what is noted of those it had', () => {
  const notes = new GroupTopicNotes(2);
  notes.anchor(start, committed(500, 700));
  notes.named.fill(3);
  notes.moved[1] = start;
  notes.epochs[0] = 7;
  const wider = notes.grown(3);
  expect(wider.anchoredAt).toBe(start);
  expect([...wider.anchored]).toEqual([500, 700, NaN]);
  expect([...wider.named]).toEqual([3, 3, NaN]);
  expect([...wider.moved]).toEqual([NaN, start, NaN]);
  expect([...wider.epochs]).toEqual([7, NaN, NaN]);
});
