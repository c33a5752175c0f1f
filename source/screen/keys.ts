import type { Key as InkKey } from 'ink';

/** A key by name: `up`, `enter`, `ctrl-c`, or the grapheme that was typed. */
export type KeyName = string;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

const named: readonly (readonly [flag: keyof InkKey, name: KeyName])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
  ['tab', 'tab'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
];

/**
 * The keys of one call of `useInput`. Keys that arrive in one read (a held key, fast typing over SSH) come as one
 * string: each grapheme is a key of its own.
 */
export function keysOf(input: string, key: InkKey): readonly KeyName[] {
  if (key.eventType === 'release') return [];
  if (key.ctrl) return input.length === 1 ? [`ctrl-${input}`] : [];
  for (const [flag, name] of named) if (key[flag] === true) return [name];
  if (key.meta) return [];
  const out: KeyName[] = [];
  for (const { segment } of segmenter.segment(input)) {
    if (segment === '\r' || segment === '\n' || segment === '\r\n') out.push('enter');
    else if (segment === '\t') out.push('tab');
    else if (!/^\p{Cc}/u.test(segment)) out.push(segment);
  }
  return out;
}

/** What a paste leaves in an input line: printable text of one line; it can never press Enter. */
export function pastedText(text: string): string {
  return text.replace(/\p{Cc}+/gu, '').slice(0, 256);
}
