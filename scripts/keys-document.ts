import { views, type Binding, type Place } from '../source/screen/binding.js';
import { keymap } from '../source/screen/keymap.js';

/** `docs/keys.md`: every key, by the place where it works, in the order in which the footer has them. */
export function keysDocument(): string {
  return [
    '# Keys',
    'Made by `npm run docs` from the bindings in `source/screen/keymap.ts` and beside the views: change them, not this file.',
    'No single key changes anything outside of kmon. A key that does nothing now says why, in the last line of the screen. `?` lists those that work\nwhere you are.',
    section('In every view', everywhere()),
    ...places.flatMap(([place, title]) => {
      const own = inOrder(keymap.filter(one => one.at.includes(place))).filter(
        one => !everywhere().includes(one),
      );
      return own.length === 0 ? [] : [section(title, own)];
    }),
  ].join('\n\n');
}

const places: readonly (readonly [Place, string])[] = Object.entries({
  overview: 'Overview',
  flows: 'Flows',
  flow: 'A flow',
  groups: 'Groups',
  group: 'A group',
  topics: 'Topics',
  topic: 'A topic',
  machines: 'Machines',
  machine: 'A machine',
  findings: 'Findings',
  changes: 'Changes',
  filter: 'While a filter is typed',
  offers: 'Remedies that are offered',
  asking: 'While a remedy asks for a word',
  confirm: 'While a change is confirmed',
  dialog: 'Any other dialog of a remedy',
  help: 'Help',
} satisfies Record<Place, string>).map(([place, title]) => [place as Place, title] as const);

function everywhere(): readonly Binding[] {
  return inOrder(keymap.filter(one => views.every(view => one.at.includes(view))));
}

/** What the footer shows comes first. */
function inOrder(bindings: readonly Binding[]): readonly Binding[] {
  const rank = ({ footer = Infinity }: Binding): number => footer;
  return [...bindings].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

function section(title: string, bindings: readonly Binding[]): string {
  const rows = bindings.map(
    ({ keys, label, description }) =>
      `| ${keys.map(keyText).join(' ')} | ${cell(label)} | ${cell(description)} |`,
  );
  return [`## ${title}`, ['| keys | | what it does |', '|---|---|---|', ...rows].join('\n')].join('\n\n');
}

/** A key as it stands on the keyboard. */
const names: Readonly<Record<string, string>> = {
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

function keyText(key: string): string {
  const text = names[key] ?? key.replace(/^ctrl-(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
