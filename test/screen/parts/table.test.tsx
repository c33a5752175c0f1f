import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { Rows } from '../../../source/screen/parts/rows.js';
import { layOut, tableRow, tableTitle, type Column } from '../../../source/screen/parts/table.js';
import { plainText, segment } from '../../../source/screen/row.js';

type Fruit = { readonly name: string; readonly price: string; readonly origin: string };

const columns: readonly Column<Fruit>[] = [
  { id: 'name', title: 'FRUIT', width: 6, grow: 4, leaves: 0, cell: fruit => [segment(fruit.name)] },
  { id: 'origin', title: 'from', width: 8, leaves: 9, cell: fruit => [segment(fruit.origin)] },
  { id: 'price', title: 'price', width: 6, align: 'right', leaves: 1, cell: fruit => [segment(fruit.price)] },
];
const apple: Fruit = { name: 'apple', price: '1.20k', origin: 'here' };

const draw = (width: number, fruit = apple, options = {}): string[] => {
  const laid = layOut(columns, width);
  return [tableTitle(laid, width), tableRow(laid, fruit, width, options)].map(plainText);
};

describe('a table', () => {
  it('aligns numbers to the right, and lets a column grow into the room that is left', () => {
    expect(draw(30)).toEqual([' FRUIT       from       price ', ' apple       here       1.20k ']);
  });

  it('gives up columns from the least important on, and never the name', () => {
    expect(draw(18)).toEqual([' FRUIT       price', ' apple       1.20k']);
    expect(draw(8)).toEqual([' FRUIT  ', ' apple  ']);
  });

  it('cuts what is too long, and says so', () => {
    expect(draw(18, { ...apple, name: 'pomegranate' })[1]).toBe(' pomegran…   1.20k');
  });

  it('marks the selected row, and writes a reason over columns that have nothing to show', () => {
    expect(draw(30, apple, { selected: true, note: { after: 'name', text: 'not in season' } })[1]).toBe(
      '›apple       not in season    ',
    );
  });

  it('writes no reason where that would be cut to nothing, and the value with it', () => {
    const note = { after: 'price', text: 'not in season' };
    expect(draw(18, { ...apple, price: '–' }, { note })[1]).toBe(' apple           –');
  });
});

describe('rows on the screen', () => {
  it('are one line each, in their order, blank ones too', () => {
    const { lastFrame, unmount } = render(<Rows lines={['one', '', 'three']} columns={20} />);
    expect(lastFrame()).toBe('one\n\nthree');
    unmount();
  });

  it('never push each other away when there are more than fit', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `row ${i}`);
    const { lastFrame, unmount } = render(<Rows lines={lines} columns={20} />);
    expect(lastFrame()?.split('\n')).toEqual(lines);
    unmount();
  });
});
