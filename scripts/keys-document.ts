import { views, type Binding, type Place } from '../source/screen/binding.js';
import { keymap } from '../source/screen/keymap.js';
import { keyText } from '../source/screen/keys.js';
import { actionNames } from '../source/screen/rebind.js';

/** `docs/keys.md`: every key, by the place where it works, in the order in which the footer has them. */
export function keysDocument(): string {
  return [
    '# Keys',
    'Made by `npm run docs` from the bindings in `source/screen/keymap.ts` and beside the views: change them, not this file.',
    'No single key changes anything outside of kmon. A key that does nothing now says why, in the last line of the screen. `?` lists those that work\nwhere you are.',
    rebinding(),
    section('In every view', everywhere()),
    ...places.flatMap(([place, title]) => {
      const own = inOrder(keymap.filter(one => one.at.includes(place))).filter(
        one => !everywhere().includes(one),
      );
      return own.length === 0 ? [] : [section(title, own)];
    }),
  ].join('\n\n');
}

function rebinding(): string {
  const moves = actionNames(keymap).filter(name => name.startsWith('move.'));
  return [
    '## Other keys',
    'Under `keys:` of the configuration file, beside `contexts:`, an action gets other keys by its name; they take the place of its own, and an empty list takes its key away:',
    '```yaml\nkeys:\n  act.remedy: F\n  time.freeze: [p, ctrl-f]\n  move.down: [down, t]\n  act.pin: []\n```',
    `A key is one character, \`ctrl-x\`, or \`enter\`, \`escape\`, \`tab\`, \`space\`, \`up\`, \`down\`, \`left\`, \`right\`, \`page-up\`, \`page-down\`, \`home\`, \`end\`. What moves is set for all views at once: ${moves.map(name => `\`${name}\``).join(', ')}. Where an action tells its keys apart, they keep their order: \`sibling.next: [t, T]\`. A name that is none, and a key that two actions of one place would have, are refused at the start. Footer, help and hints show the keys that are set, this file those without. Ctrl-C always interrupts. They hold in every run: with addresses on the command line, in \`kmon demo\` and in \`kmon replay\` too.`,
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
  label: 'While the label of a mark is typed',
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
    ({ id, keys, label, description }) =>
      `| ${keys.map(keyCell).join(' ')} | ${cell(label)} | ${cell(description)} | \`${id}\` |`,
  );
  return [
    `## ${title}`,
    ['| keys | | what it does | action |', '|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

function keyCell(key: string): string {
  return `\`${cell(keyText(key))}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
