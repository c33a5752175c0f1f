import { describe, expect, it } from 'vitest';
import { remembered } from '../../source/screen/remembered.js';

describe('what is worked out of a thing', () => {
  it('is worked out once for each thing and each order in which it is asked for', () => {
    const asked: string[] = [];
    const sorted = remembered((of: { readonly name: string }, by: string, up: boolean) => {
      asked.push(`${of.name} by ${by} ${up ? 'up' : 'down'}`);
      return asked.length;
    });
    const [one, other] = [{ name: 'one' }, { name: 'other' }];
    expect([sorted(one, 'lag', true), sorted(one, 'name', true), sorted(one, 'lag', true)]).toEqual([
      1, 2, 1,
    ]);
    expect([sorted(other, 'lag', true), sorted(one, 'lag', false)]).toEqual([3, 4]);
    expect(asked).toHaveLength(4);
  });
});
