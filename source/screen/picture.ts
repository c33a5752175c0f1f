import type { Millis } from '../core/clock.js';
import type { Row } from './row.js';
import { svgOf } from './svg.js';
import { theme, type Ground } from './theme.js';

/** The screen as files: as text, with the terminal's codes, and as a picture. */
export type Picture = { readonly txt: string; readonly ansi: string; readonly svg: string };

/** `columns` cells a row; colours are kept also where the terminal shows none. */
export function pictureOf(
  rows: readonly Row[],
  columns: number,
  options: { readonly ascii: boolean; readonly ground: Ground },
): Picture {
  const [plain, coloured] = [theme(0, options), theme(2, options)];
  const lines = (paint: (row: Row) => string): string => `${rows.map(paint).join('\n')}\n`;
  return {
    txt: lines(row => plain.paint(row, columns).trimEnd()),
    ansi: lines(row => coloured.paint(row, columns)),
    svg: svgOf(rows, columns, options.ground),
  };
}

/** `kmon-eu-us-20261122-143208`: the context, and the time that the screen shows. */
export function pictureName(context: string, at: Millis): string {
  const d = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${d.getFullYear()}${two(d.getMonth() + 1)}${two(d.getDate())}`;
  const time = `${two(d.getHours())}${two(d.getMinutes())}${two(d.getSeconds())}`;
  const safe = context
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return ['kmon', safe, day, time].filter(Boolean).join('-');
}
