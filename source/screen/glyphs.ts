/** Every mark that kmon draws. Each has a stand-in of the same width for terminals without Unicode (`toAscii`). */
export const glyphs = {
  critical: '▲',
  warning: '!',
  info: '·',
  holds: '✓',
  fails: '✗',
  unsure: '?',
  live: '●',
  partly: '◐',
  dead: '○',
  cursor: '›',
  /** Belongs to what has the cursor. */
  owned: '»',
  below: '▼',
  above: '▲',
  arrow: '→',
  atMost: '≤',
  atLeast: '≥',
  separator: '·',
  rebalance: 'R',
  rewind: '«',
  remedy: 'x',
  mark: 'm',
  pin: '*',
  corner: '└',
  /** Eight steps, lowest first. */
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  /** Eight steps of lag; colour tells apart the two that share a shade. */
  heat: ['░', '░', '▒', '▒', '▓', '▓', '█', '█'],
  /** No lag at all. */
  heatZero: '·',
  /** Less than before. */
  heatShrinks: '−',
  /** Asked, and not known. */
  heatUnknown: '?',
} as const;

const standIns: Readonly<Record<string, string>> = {
  '▲': '^',
  '▼': 'v',
  '✓': '+',
  '✗': 'x',
  '●': '*',
  '◐': '%',
  '○': 'o',
  '›': '>',
  '‹': '<',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '≤': '<',
  '≥': '>',
  '·': '.',
  '…': '~',
  '–': '-',
  '—': '-',
  '«': '<',
  '»': '=',
  '×': 'x',
  '÷': '/',
  '−': '-',
  '±': '+',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '▌': '|',
  '═': '=',
  '░': ':',
  '▒': '=',
  '▓': '%',
  '─': '-',
  '│': '|',
  '┄': '.',
  '┊': ':',
  '┤': '|',
  '┼': '+',
  '╭': '.',
  '╮': '.',
  '╰': "'",
  '╯': "'",
  '└': '+',
};

/** The same line in ASCII, cell for cell; a wide letter becomes two marks. */
export function toAscii(cells: readonly { readonly glyph: string; readonly width: 1 | 2 }[]): string {
  return cells
    .map(({ glyph, width }) => (/^[ -~]$/.test(glyph) ? glyph : (standIns[glyph] ?? '?').repeat(width)))
    .join('');
}

export type GlyphChoice = 'auto' | 'unicode' | 'ascii';

/**
 * Whether the terminal should be spared Unicode. `auto`: where the locale is not UTF-8, and on the Linux console. C and POSIX tell nothing: they
 * are what is left where ssh hands on no locale, and the terminal at its other end draws Unicode all the same.
 */
export function drawsAscii(choice: GlyphChoice, env: Readonly<Record<string, string | undefined>>): boolean {
  if (choice !== 'auto') return choice === 'ascii';
  if (env['TERM'] === 'linux') return true;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale !== '' && locale !== 'C' && locale !== 'POSIX' && !/utf-?8/i.test(locale);
}
