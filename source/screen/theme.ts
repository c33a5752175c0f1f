import { Chalk, type ChalkInstance } from 'chalk';
import type { ColourLevel } from './colour.js';
import { toAscii } from './glyphs.js';
import { fitRow, type Row } from './row.js';
import { cells } from './text.js';

/** What a piece of text means. Views speak in these; only this file knows colours. */
export type Token =
  | 'text'
  | 'dim'
  | 'title'
  | 'strong'
  | 'critical'
  | 'warning'
  | 'info'
  | 'ok'
  | 'stale'
  | 'key'
  | 'input'
  | 'alert'
  | 'first'
  | 'second'
  | 'cursor'
  | HeatToken;

export type HeatToken = 'heat1' | 'heat2' | 'heat3' | 'heat4' | 'heat5' | 'heat6' | 'heat7' | 'heat8';

export const heatTokens: readonly HeatToken[] = [
  'heat1',
  'heat2',
  'heat3',
  'heat4',
  'heat5',
  'heat6',
  'heat7',
  'heat8',
];

export type Theme = {
  readonly level: ColourLevel;
  /** The row in exactly `columns` cells, with the terminal's codes where the meaning changes. */
  paint(row: Row, columns: number): string;
};

/** How a meaning looks where there are 256 colours; by number, as terminals have them. */
export type Look = {
  readonly colour?: number;
  readonly bold?: true;
  readonly underline?: true;
  readonly inverse?: true;
};

/** Heat goes from dark blue to yellow through grey (after cividis): its order survives every kind of colour-blindness. */
export const looks: { readonly [T in Token]: Look } = {
  text: {},
  dim: { colour: 245 },
  title: { bold: true },
  strong: { bold: true },
  critical: { colour: 209, bold: true },
  warning: { colour: 221 },
  info: { colour: 110 },
  ok: { colour: 79 },
  stale: { colour: 240 },
  key: { bold: true },
  input: { bold: true, underline: true },
  alert: { inverse: true },
  first: { colour: 75 },
  second: { colour: 215 },
  cursor: { inverse: true },
  heat1: { colour: 18 },
  heat2: { colour: 25 },
  heat3: { colour: 61 },
  heat4: { colour: 67 },
  heat5: { colour: 103 },
  heat6: { colour: 144 },
  heat7: { colour: 185 },
  heat8: { colour: 227 },
};

export function theme(level: ColourLevel, options: { readonly ascii?: boolean } = {}): Theme {
  const chalk = new Chalk({ level });
  const styles = level === 2 ? manyColours(chalk) : fewColours(chalk);
  return {
    level,
    paint: (row, columns) =>
      fitRow(row, columns)
        .segments.map(({ text, as }) => {
          const shown = options.ascii ? toAscii(cells(text)) : text;
          if (level === 0) return shown;
          if (row.selected) return selected(styles[as], level)(shown);
          return as === 'text' ? shown : styles[as](shown);
        })
        .join(''),
  };
}

function selected(style: ChalkInstance, level: ColourLevel): ChalkInstance {
  return level === 2 ? style.bgAnsi256(237) : style.bold;
}

function manyColours(chalk: ChalkInstance): Record<Token, ChalkInstance> {
  return Object.fromEntries(
    Object.entries(looks).map(([token, { colour, bold, underline, inverse }]) => {
      const coloured = colour === undefined ? chalk : chalk.ansi256(colour);
      const strong = bold ? coloured.bold : coloured;
      const lined = underline ? strong.underline : strong;
      return [token, inverse ? lined.inverse : lined];
    }),
  ) as Record<Token, ChalkInstance>;
}

/** Blue, cyan, white, yellow: no pair of red and green has to be told apart. */
function fewColours(chalk: ChalkInstance): Record<Token, ChalkInstance> {
  return {
    text: chalk,
    dim: chalk.dim,
    title: chalk.bold,
    strong: chalk.bold,
    critical: chalk.redBright.bold,
    warning: chalk.yellow,
    info: chalk.cyan,
    ok: chalk.green,
    stale: chalk.dim,
    key: chalk.bold,
    input: chalk.bold.underline,
    alert: chalk.inverse,
    first: chalk.cyan,
    second: chalk.yellow,
    cursor: chalk.inverse,
    heat1: chalk.blue,
    heat2: chalk.blue,
    heat3: chalk.cyan,
    heat4: chalk.cyan,
    heat5: chalk.white,
    heat6: chalk.white,
    heat7: chalk.yellowBright,
    heat8: chalk.yellowBright.bold,
  };
}
