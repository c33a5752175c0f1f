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
  // Terminals send a key with Alt as one right behind Esc, and over a slow line the two come in one read. None with Alt does anything.
  const out: KeyName[] = key.meta ? ['escape'] : [];
  for (const { segment } of segmenter.segment(input)) {
    if (segment === '\r' || segment === '\n' || segment === '\r\n') out.push('enter');
    else if (segment === '\t') out.push('tab');
    else if (!/^\p{Cc}/u.test(segment)) out.push(segment);
  }
  return out;
}

/** How keys are written, where that is not their own character. */
const texts: Readonly<Record<KeyName, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  backspace: 'Backspace',
  'page-up': 'PgUp',
  'page-down': 'PgDn',
  home: 'Home',
  end: 'End',
  ' ': 'Space',
};

/** A key as it stands on the keyboard. */
export function keyText(key: KeyName): string {
  return texts[key] ?? key.replace(/^ctrl-(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}

/** A key as a user writes it: `x`, `ctrl-x`, `esc`, `PgUp`. Undefined where terminals cannot tell it, or it always interrupts. */
export function keyNamed(text: string): KeyName | undefined {
  const lower = text.toLowerCase();
  if (lower === 'space') return ' ';
  for (const [key, shown] of Object.entries(texts))
    if (lower === key || lower === shown.toLowerCase()) return key;
  // Tab, Enter and Backspace are the same bytes as Ctrl with these.
  if (/^ctrl-[a-z]$/.test(lower)) return /^ctrl-[chijm]$/.test(lower) ? undefined : lower;
  const [only, ...more] = segmenter.segment(text);
  return only === undefined || more.length > 0 || /^\p{Cc}/u.test(text) ? undefined : text;
}

/** What a paste leaves in an input line: printable text of one line; it can never press Enter. */
export function pastedText(text: string): string {
  return text.replace(/\p{Cc}+/gu, '').slice(0, 256);
}
