import { Chalk, type ChalkInstance } from 'chalk';
import type { ColourLevel } from './colour.js';
import { toAscii } from './glyphs.js';
import { Pen, type Code } from './pen.js';
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

/** The background of the terminal, which kmon never paints: what is written must be read on it. */
export type Ground = 'dark' | 'light';

export type Theme = {
  readonly level: ColourLevel;
  readonly ground: Ground;
  /** The row in exactly `columns` cells, with the terminal's codes where the meaning changes. */
  paint(row: Row, columns: number): string;
};

/** One of the 16 colours that every terminal has, in whatever shade it likes. */
type Basic =
  'red' | 'redBright' | 'green' | 'yellow' | 'yellowBright' | 'blue' | 'magenta' | 'cyan' | 'white';

/** How a meaning looks. */
export type Look = {
  /** Where there are 256 colours; by number, as terminals have them. */
  readonly colour?: number;
  /** Where there are 16. */
  readonly basic?: Basic;
  /** Where there are 16: paler than the text. */
  readonly faint?: true;
  readonly bold?: true;
  readonly underline?: true;
  readonly inverse?: true;
};

type Look16 = Pick<Look, 'basic' | 'faint' | 'bold'>;

/** Looks on one ground, and the ground itself where kmon draws it too: behind the selected row, and in a picture of the screen. */
export type Palette = {
  readonly paper: string;
  readonly ink: string;
  /** Behind a selected row; by number. */
  readonly selected: number;
  readonly looks: { readonly [T in Token]: Look };
};

const plain = {
  text: {},
  title: { bold: true },
  strong: { bold: true },
  key: { bold: true },
  input: { bold: true, underline: true },
  alert: { inverse: true },
  cursor: { inverse: true },
} as const;

function heat(colours: readonly number[], basics: readonly Look16[]): { readonly [T in HeatToken]: Look } {
  return Object.fromEntries(
    heatTokens.map((token, i) => [token, { colour: colours[i] ?? 0, ...basics[i >> 1] }]),
  ) as { readonly [T in HeatToken]: Look };
}

/**
 * On dark ground heat goes from dark blue to yellow through grey (after cividis), on light ground the other way: much is what stands
 * out, and each step is further from the ground than the one before, which no kind of colour-blindness takes away. No pair of red and
 * green has to be told apart.
 */
export const palettes: { readonly [G in Ground]: Palette } = {
  dark: {
    paper: '#16181d',
    ink: '#d4d7dd',
    selected: 237,
    looks: {
      ...plain,
      dim: { colour: 245, faint: true },
      stale: { colour: 242, faint: true },
      critical: { colour: 209, basic: 'redBright', bold: true },
      warning: { colour: 221, basic: 'yellow' },
      info: { colour: 110, basic: 'cyan' },
      ok: { colour: 79, basic: 'green' },
      first: { colour: 75, basic: 'cyan' },
      second: { colour: 215, basic: 'yellow' },
      ...heat(
        [18, 25, 61, 67, 103, 144, 185, 227],
        [{ basic: 'blue' }, { basic: 'cyan' }, { basic: 'white' }, { basic: 'yellowBright' }],
      ),
    },
  },
  light: {
    paper: '#ffffff',
    ink: '#24272d',
    selected: 254,
    looks: {
      ...plain,
      dim: { colour: 241, faint: true },
      stale: { colour: 244, faint: true },
      critical: { colour: 124, basic: 'red', bold: true },
      warning: { colour: 94, basic: 'magenta' },
      info: { colour: 25, basic: 'blue' },
      ok: { colour: 23, basic: 'blue' },
      first: { colour: 25, basic: 'blue' },
      second: { colour: 130, basic: 'magenta' },
      ...heat(
        [186, 179, 144, 103, 67, 61, 25, 18],
        [{ basic: 'yellow' }, { basic: 'cyan' }, { basic: 'magenta' }, { basic: 'blue' }],
      ),
    },
  },
};

export type ThemeOptions = { readonly ascii?: boolean; readonly ground?: Ground };

export function theme(level: ColourLevel, { ascii = false, ground = 'dark' }: ThemeOptions = {}): Theme {
  const chalk = new Chalk({ level });
  const { looks, selected } = palettes[ground];
  const mark = (style: ChalkInstance): ChalkInstance =>
    level === 2 ? style.bgAnsi256(selected) : style.bold;
  const styles = new Map<Token, { readonly usual: readonly Code[]; readonly selected: readonly Code[] }>();
  for (const token of Object.keys(looks) as Token[]) {
    const style = styled(chalk, looks[token], level);
    styles.set(token, { usual: codesOf(style), selected: codesOf(mark(style)) });
  }
  return {
    level,
    ground,
    paint: (row, columns) => {
      const pen = new Pen();
      for (const { text, as } of fitRow(row, columns).segments) {
        const shown = ascii ? toAscii(cells(text)) : text;
        pen.write(shown, styles.get(as)?.[row.selected ? 'selected' : 'usual'] ?? []);
      }
      return pen.end();
    },
  };
}

function styled(chalk: ChalkInstance, look: Look, level: ColourLevel): ChalkInstance {
  let style = chalk;
  if (level === 2 && look.colour !== undefined) style = style.ansi256(look.colour);
  if (level === 1 && look.basic !== undefined) style = style[look.basic];
  if (level === 1 && look.faint) style = style.dim;
  if (look.bold) style = style.bold;
  if (look.underline) style = style.underline;
  return look.inverse ? style.inverse : style;
}

/** What a style puts before and after a text. */
function codesOf(style: ChalkInstance): readonly Code[] {
  const [before = '', after = ''] = style('\u0000').split('\u0000');
  const codes = (text: string): readonly string[] => text.match(/\u001b\[[\d;]*m/g) ?? [];
  const closes = codes(after).toReversed();
  const opens = codes(before);
  return opens
    .map((open, i) => ({ open, close: closes[i] ?? '' }))
    .filter(({ open }, i) => opens.indexOf(open) === i);
}
