import { fitRow, type Row, type Segment } from './row.js';
import { cells, width } from './text.js';
import { palettes, type Ground, type Look, type Palette } from './theme.js';

/** A cell of a monospaced font of 14 px. */
const cell = { width: 8.4, height: 17, base: 13 } as const;
const margin = 8;

/**
 * Rows of the screen as a picture. Every run is stretched to the cells that it has in a terminal, so that columns stand under each
 * other in whatever font the reader has.
 */
export function svgOf(rows: readonly Row[], columns: number, ground: Ground): string {
  const palette = palettes[ground];
  const size = { w: columns * cell.width + 2 * margin, h: rows.length * cell.height + 2 * margin };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(size.w)}" height="${size.h}" viewBox="0 0 ${round(size.w)} ${size.h}">`,
    `<rect width="100%" height="100%" fill="${palette.paper}"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${palette.ink}" xml:space="preserve">`,
    ...rows.flatMap((row, y) => rowOf(fitRow(row, columns), margin + y * cell.height, columns, palette)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function rowOf(
  { segments, selected }: Row,
  top: number,
  columns: number,
  palette: Palette,
): readonly string[] {
  const out: string[] = selected ? [box(margin, top, columns, colour(palette.selected))] : [];
  let x = 0;
  for (const segment of segments) {
    const wide = width(segment.text);
    out.push(...run(segment, margin + x * cell.width, top, wide, palette));
    x += wide;
  }
  return out;
}

function run(
  { text, as }: Segment,
  x: number,
  top: number,
  wide: number,
  { looks, ink, paper }: Palette,
): readonly string[] {
  const look = looks[as];
  const blank = text.trim() === '';
  const fill = look.colour === undefined ? ink : colour(look.colour);
  return [
    ...(look.inverse ? [box(x, top, wide, fill)] : []),
    ...(blank
      ? []
      : [
          `<text x="${round(x)}" y="${top + cell.base}" textLength="${round(wide * cell.width)}" lengthAdjust="spacingAndGlyphs"${styleOf(look, fill, paper)}>${escaped(text)}</text>`,
        ]),
  ];
}

function box(x: number, top: number, wide: number, fill: string): string {
  return `<rect x="${round(x)}" y="${top}" width="${round(wide * cell.width)}" height="${cell.height}" fill="${fill}"/>`;
}

function styleOf({ inverse, bold, underline, colour: number }: Look, fill: string, paper: string): string {
  return [
    inverse ? ` fill="${paper}"` : number === undefined ? '' : ` fill="${fill}"`,
    bold ? ' font-weight="bold"' : '',
    underline ? ' text-decoration="underline"' : '',
  ].join('');
}

/** What the screen would not draw is not drawn here either; then there is nothing that XML could not hold. */
function escaped(text: string): string {
  return cells(text)
    .map(({ glyph }) => glyph)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** One of the 256 colours of a terminal: from 16 on a cube of six steps, from 232 on greys. */
function colour(n: number): string {
  const steps = [0, 95, 135, 175, 215, 255];
  const hex = (...parts: readonly number[]): string =>
    `#${parts.map(part => part.toString(16).padStart(2, '0')).join('')}`;
  if (n >= 232) {
    const grey = 8 + (n - 232) * 10;
    return hex(grey, grey, grey);
  }
  const at = (power: number): number => steps[Math.floor((n - 16) / 6 ** power) % 6] ?? 0;
  return hex(at(2), at(1), at(0));
}

function round(n: number): string {
  return String(Math.round(n * 100) / 100);
}
