import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactly, parseFilter, type Fields } from '../../source/screen/filter.js';

const fields = ['lag', 'state', 'topic', 'buffer'];

const billing: Fields = {
  name: 'billing',
  lag: 1_200,
  state: 'PreparingRebalance',
  topic: ['orders', 'payments'],
  buffer: 0.94,
};
const audit: Fields = { name: 'audit-eu.v2', lag: undefined, state: 'Stable', topic: [], buffer: undefined };

function matching(text: string): string[] {
  const filter = parseFilter(text, fields);
  if (typeof filter === 'string') throw new Error(filter);
  return [billing, audit].filter(row => filter.matches(row)).map(row => row.name);
}

describe('a filter', () => {
  it.each([
    ['', ['billing', 'audit-eu.v2']],
    ['BILL', ['billing']],
    ['!bill', ['audit-eu.v2']],
    ['/^audit-.*v\\d$/', ['audit-eu.v2']],
    ['/^audit', ['audit-eu.v2']],
    ['!/eu/', ['billing']],
    ['state:rebal', ['billing']],
    ['state:/^stable$/', ['audit-eu.v2']],
    ['!state:stable', ['billing']],
    ['topic:pay', ['billing']],
    ['!topic:pay', ['audit-eu.v2']],
    ['lag>1k', ['billing']],
    ['lag>=1.2k', ['billing']],
    ['lag=1200', ['billing']],
    ['lag<1k', []],
    ['!lag<1k', ['billing']],
    ['buffer>90%', ['billing']],
    ['state:rebal bill lag>1000', ['billing']],
    ['state:rebal audit', []],
  ])('%s', (text, names) => {
    expect(matching(text)).toEqual(names);
  });

  it('takes an unknown number for neither more nor less, whatever is asked', () => {
    for (const text of ['lag>0', 'lag<1G', '!lag>0', '!lag<1G', 'lag=0']) {
      expect(matching(text)).not.toContain('audit-eu.v2');
    }
  });

  it.each([
    ['lga>1', 'no field "lga": is it lag?'],
    ['colour:red', 'no field "colour": lag, state, topic, buffer'],
    ['lag>many', '"many" is no number: lag>1k'],
    ['/(/', '/(/ is no regular expression'],
  ])('%s is told: %s', (text, why) => {
    expect(parseFilter(text, fields)).toBe(why);
  });

  it('can be made of any name, and then matches nothing else', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (wanted, other) => {
        const filter = parseFilter(`topic:${exactly(wanted)}`, fields);
        if (typeof filter === 'string') throw new Error(filter);
        expect(filter.matches({ name: '', topic: wanted })).toBe(true);
        if (other.toLowerCase() === wanted.toLowerCase() || /\s/.test(other)) return;
        expect(filter.matches({ name: '', topic: other })).toBe(false);
      }),
    );
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const filter = parseFilter(text, fields);
        if (typeof filter !== 'string') filter.matches(billing);
      }),
    );
  });
});
