import fc from 'fast-check';
import { renderToString, Text } from 'ink';
import { describe, expect, it } from 'vitest';
import { row, segment } from '../../source/screen/row.js';
import { palettes, theme, type Token } from '../../source/screen/theme.js';

const token = fc.constantFrom(...(Object.keys(palettes.dark.looks) as Token[]));
const segments = fc.array(
  fc.tuple(fc.stringMatching(/^[a-z0-9 ▁▄█░▒●é日]{0,8}$/u), token).map(([text, as]) => segment(text, as)),
  { maxLength: 12 },
);

describe('a painted row', () => {
  it('is, code for code, what Ink makes of it: so that Ink takes it apart only once', () => {
    fc.assert(
      fc.property(segments, fc.boolean(), fc.constantFrom(1, 2), (parts, selected, level) => {
        const painted = theme(level)
          .paint({ ...row(...parts), selected }, 60)
          .trimEnd();
        expect(renderToString(<Text>{painted}</Text>, { columns: 80 })).toBe(painted);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['\u001b[2m\u001b[1ma\u001b[22m', [segment('a', 'dim')]],
    ['\u001b[1ma\u001b[2mb\u001b[22m', [segment('a'), segment('b', 'dim')]],
  ])('ends bold and faint at its end with the one code that ends both: %j', (codes, parts) => {
    const painted = theme(1).paint({ ...row(...parts), selected: true }, parts.length);
    expect(painted).toBe(codes);
    expect(renderToString(<Text>{painted}</Text>, { columns: 80 })).toBe(painted);
  });

  it('names a colour where it begins, and ends none that another follows', () => {
    expect(theme(2).paint(row(segment('a', 'info'), segment('b', 'ok'), segment('c')), 3)).toBe(
      '\u001b[38;5;110ma\u001b[38;5;79mb\u001b[39mc',
    );
  });
});
