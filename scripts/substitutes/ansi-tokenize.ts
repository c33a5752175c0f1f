/**
 * `@alcalzone/ansi-tokenize` for the bundle: with it Ink takes every row of every frame apart into cells. It cuts a row, its codes too, into
 * graphemes first; plain rows need none of that. And a row that was on the screen a moment ago, as nearly all are when a key moves the
 * cursor, is not taken apart again.
 */
import {
  type Char,
  type StyledChar,
  styledCharsFromTokens as styledCharsOf,
  type Token,
  tokenize as tokensOf,
} from '@alcalzone/ansi-tokenize';
import { escape, isPlainRow } from './plain-row.js';
import { Recent } from './recent.js';
import { Styles } from './styles.js';

export * from '@alcalzone/ansi-tokenize';

/** More rows than there are on any screen. Nobody changes the tokens and characters that are handed out. */
const rows = new Recent<readonly Token[]>(300);
const styled = new WeakMap<readonly Token[], StyledChar[]>();
const characters = new Recent<Char>(1_000);
const codes = new Recent<readonly Token[]>(1_000);
const styles = new Styles();

export function tokenize(text: string, end = Number.POSITIVE_INFINITY): Token[] {
  if (end !== Number.POSITIVE_INFINITY || !isPlainRow(text)) return tokensOf(text, end);
  return rows.get(text, tokensOfPlainRow) as Token[];
}

export function styledCharsFromTokens(tokens: Token[]): StyledChar[] {
  const known = styled.get(tokens);
  if (known !== undefined) return known;
  const chars = tokens.some(({ type }) => type === 'control') ? styledCharsOf(tokens) : withStyles(tokens);
  styled.set(tokens, chars);
  return chars;
}

export function styledCharsToString(row: StyledChar[]): string {
  return styles.textOf(row);
}

function tokensOfPlainRow(row: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < row.length; i++) {
    if (row.charCodeAt(i) === escape) {
      const end = row.indexOf('m', i);
      tokens.push(...codes.get(row.slice(i, end + 1), tokensOf));
      i = end;
    } else tokens.push(characters.get(row.charAt(i), charOf));
  }
  return tokens;
}

function charOf(value: string): Char {
  return { type: 'char', value, fullWidth: false };
}

function withStyles(tokens: readonly Token[]): StyledChar[] {
  let style = styles.none;
  const chars: StyledChar[] = [];
  for (const token of tokens) {
    if (token.type === 'ansi') style = styles.after(style, token);
    else if (token.type === 'char') chars.push(styles.character(style, token));
  }
  return chars;
}
