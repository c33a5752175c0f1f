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

/** Dark blue to yellow through grey (after cividis): its order survives every kind of colour-blindness. */
const heat256 = [18, 25, 61, 67, 103, 144, 185, 227] as const;

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
  const heat = (step: number): ChalkInstance => chalk.ansi256(heat256[step] ?? 227);
  return {
    ...fewColours(chalk),
    dim: chalk.ansi256(245),
    stale: chalk.ansi256(240),
    critical: chalk.ansi256(209).bold,
    warning: chalk.ansi256(221),
    info: chalk.ansi256(110),
    ok: chalk.ansi256(79),
    first: chalk.ansi256(75),
    second: chalk.ansi256(215),
    heat1: heat(0),
    heat2: heat(1),
    heat3: heat(2),
    heat4: heat(3),
    heat5: heat(4),
    heat6: heat(5),
    heat7: heat(6),
    heat8: heat(7),
  };
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
