import type { Binding, Context, Effect, Place } from './binding.js';
import { views } from './binding.js';
import type { KeyName } from './keys.js';
import { pastedText } from './keys.js';
import { labelInto, markKeys } from './mark-keys.js';
import { back, jump, openFinding } from './navigate.js';
import { headline } from './selection.js';
import { paneKeys } from './pane-keys.js';
import { shareKeys } from './share-keys.js';
import { advisedFor, subjectAtCursor, suggestedFor } from './subject.js';
import { siblingKeys } from './sibling-keys.js';
import { timeKeys } from './time-keys.js';
import type { Ui } from './ui.js';
import { changesKeys } from './views/changes/keys.js';
import { findingsKeys } from './views/findings/keys.js';
import { filterInto, listKeys, unfiltered } from './views/list/keys.js';
import { flowKeys } from './views/flow/keys.js';
import { groupKeys } from './views/group/keys.js';
import { overviewKeys } from './views/overview/keys.js';
import { topicKeys } from './views/topic/keys.js';
import { isTyping, remedyKeys, typeInto } from './views/remedy/keys.js';

const goTo: readonly Binding[] = [
  {
    id: 'go.overview',
    keys: ['1'],
    shown: '1',
    label: 'overview',
    description: 'the overview: findings, flows, groups, workers, clusters',
    at: views,
    footer: 60,
    family: 'views',
    press: ({ ui }) => ({ ui: jump(ui, 'overview') }),
  },
  {
    id: 'go.flows',
    keys: ['2'],
    shown: '2',
    label: 'flows',
    description: 'all flows',
    at: views,
    footer: 61,
    family: 'views',
    disabled: ({ view }) =>
      view.snapshot.flows.length > 0 ? undefined : 'no flow is known: is there a --connect?',
    press: ({ ui }) => ({ ui: jump(ui, 'flows') }),
  },
  {
    id: 'go.groups',
    keys: ['3'],
    shown: '3',
    label: 'groups',
    description: 'all groups',
    at: views,
    footer: 62,
    family: 'views',
    disabled: ({ view }) => (view.snapshot.groups.length > 0 ? undefined : 'no group is known'),
    press: ({ ui }) => ({ ui: jump(ui, 'groups') }),
  },
  {
    id: 'go.topics',
    keys: ['4'],
    shown: '4',
    label: 'topics',
    description: 'all topics: replicas, sizes, rates, who reads them',
    at: views,
    footer: 63,
    family: 'views',
    press: ({ ui }) => ({ ui: jump(ui, 'topics') }),
  },
  {
    id: 'go.machines',
    keys: ['5'],
    shown: '5',
    label: 'machines',
    description: 'all workers and brokers: CPU, memory, heap, network, throttling',
    at: views,
    footer: 64,
    family: 'views',
    press: ({ ui }) => ({ ui: jump(ui, 'machines') }),
  },
  {
    id: 'go.findings',
    keys: ['6'],
    shown: '6',
    label: 'findings',
    description: 'everything that was found, with its evidence',
    at: views,
    footer: 65,
    family: 'views',
    press: ({ ui }) => ({ ui: jump(ui, 'findings') }),
  },
  {
    id: 'go.changes',
    keys: ['7'],
    shown: '7',
    label: 'changes',
    description: 'what was changed from here, step by step, with its undo; and what else happened',
    at: views,
    footer: 66,
    family: 'views',
    press: ({ ui }) => ({ ui: jump(ui, 'changes') }),
  },
];

const act: readonly Binding[] = [
  {
    id: 'act.remedy',
    keys: ['x'],
    shown: 'x',
    label: 'fix',
    description: 'what can be done about what is selected; the plan is shown before anything is changed',
    at: views.filter(name => name !== 'changes'),
    footer: 5,
    disabled: ({ view, ui }) =>
      subjectAtCursor(view, ui) ? undefined : 'nothing is selected that could be changed',
    press: ({ view, ui }) => {
      const subject = subjectAtCursor(view, ui);
      if (!subject) return { ui };
      return {
        ui: { ...ui, offer: 0 },
        intents: [
          {
            type: 'offer',
            subject,
            suggested: suggestedFor(view, ui, subject),
            advised: advisedFor(view, ui, subject),
          },
        ],
      };
    },
  },
  {
    id: 'act.evidence',
    keys: ['e'],
    shown: 'e',
    label: 'why',
    description: 'what the headline rests on, with thresholds, and what would prove it wrong',
    at: views.filter(name => name !== 'findings' && name !== 'changes'),
    footer: 7,
    disabled: ({ view }) =>
      headline(view) ? undefined : 'nothing was found, so there is no evidence to show',
    press: ({ view, ui }) => {
      const finding = headline(view);
      return { ui: finding ? openFinding(ui, finding.key) : ui };
    },
  },
  {
    id: 'act.refresh',
    keys: ['r'],
    shown: 'r',
    label: 'refresh',
    description: 'ask everything again now, failing endpoints too',
    at: views,
    footer: 73,
    press: ({ ui }) => ({ ui: { ...ui, notice: 'asking everything again' }, intents: [{ type: 'refresh' }] }),
  },
];

const leave: readonly Binding[] = [
  {
    id: 'leave.back',
    keys: ['escape'],
    shown: 'Esc',
    label: 'back',
    description: 'back to where you came from; in a list with a filter, all rows first',
    at: views.filter(name => name !== 'overview'),
    footer: 6,
    press: ({ ui }) => ({ ui: unfiltered(ui) ?? back(ui) }),
  },
  {
    id: 'leave.help',
    keys: ['?', 'escape', 'enter'],
    shown: '?',
    label: 'close help',
    description: 'close the help',
    at: ['help'],
    footer: 20,
    press: ({ ui }) => ({ ui: { ...ui, help: false } }),
  },
  {
    id: 'help',
    keys: ['?'],
    shown: '?',
    label: 'help',
    description: 'all keys that work here',
    at: [...views, 'offers', 'dialog'],
    footer: 8,
    press: ({ ui }) => ({ ui: { ...ui, help: true } }),
  },
  {
    id: 'quit',
    keys: ['q'],
    shown: 'q',
    label: 'quit',
    description: 'leave kmon (Ctrl-C too; pressed twice it leaves at once)',
    at: [...views, 'help', 'offers', 'dialog'],
    footer: 9,
    press: context => quit(context, 'quit'),
  },
];

/** All keys of kmon. A view adds its own here; whoever comes first in a place wins. */
export const keymap: readonly Binding[] = [
  ...remedyKeys,
  ...timeKeys,
  ...listKeys,
  ...overviewKeys,
  ...flowKeys,
  ...groupKeys,
  ...topicKeys,
  ...paneKeys,
  ...siblingKeys,
  ...findingsKeys,
  ...changesKeys,
  ...act,
  ...markKeys,
  ...shareKeys,
  ...goTo,
  ...leave,
];

/** Where the keys go now. */
export function placeOf({ view, ui }: Pick<Context, 'view' | 'ui'>): Place {
  if (ui.help) return 'help';
  if (view.remedy.phase === 'offers') return 'offers';
  if (view.remedy.phase === 'asking') return 'asking';
  if (isTyping({ view })) return 'confirm';
  if (view.remedy.phase !== 'none') return 'dialog';
  if (ui.label !== undefined) return 'label';
  return ui.filtering ? 'filter' : ui.at;
}

/** The keys that are there now, each with one meaning: that of who comes first in the table. */
export function bindingsAt(place: Place, context: Context): readonly Binding[] {
  const taken = new Set<KeyName>();
  const out: Binding[] = [];
  for (const binding of context.ui.keymap ?? keymap) {
    if (!binding.at.includes(place) || binding.when?.(context) === false) continue;
    const keys = binding.keys.filter(key => !taken.has(key));
    for (const key of keys) taken.add(key);
    if (keys.length > 0) out.push(keys.length === binding.keys.length ? binding : { ...binding, keys });
  }
  return out;
}

/** One key: the new ui, and what is asked of the session. A disabled key says why, where the footer was. */
export function press(context: Context, key: KeyName): Effect {
  const place = placeOf(context);
  const ui = withoutNotice(context.ui, key);
  const now: Context = { ...context, ui };
  if (key === 'ctrl-c') return quit(now, 'interrupt');
  const binding = bindingsAt(place, now).find(one => one.keys.includes(key));
  if (!binding) return isText(key) ? (typing[place]?.(now, key) ?? { ui }) : { ui };
  const reason = binding.disabled?.(now);
  if (reason !== undefined) return { ui: { ...ui, notice: `${binding.shown}: ${reason}` } };
  return binding.press(now, key);
}

/** Pasted text goes only where text is typed, and never presses a key. */
export function paste(context: Context, text: string): Effect {
  const into = typing[placeOf(context)];
  if (into === undefined) return { ui: { ...context.ui, notice: 'pasted text is ignored here' } };
  return into({ ...context, ui: withoutNotice(context.ui, '') }, pastedText(text));
}

/** Places where keys are text. */
const typing: Readonly<Partial<Record<Place, (context: Context, text: string) => Effect>>> = {
  confirm: typeInto,
  asking: typeInto,
  filter: filterInto,
  label: labelInto,
};

/** A named key (`left`, `page-up`) is no text. */
function isText(key: KeyName): boolean {
  return key === 'backspace' || !/^[a-z]{2,}(-[a-z]+)?$/.test(key);
}

function withoutNotice(ui: Ui, key: KeyName): Ui {
  const leaving = (key === 'q' || key === 'ctrl-c') && ui.leaving;
  return { ...ui, notice: undefined, leaving };
}

/** While a change runs, leaving is asked twice: it would go on unwatched. */
function quit({ view, ui }: Context, leave: 'quit' | 'interrupt'): Effect {
  if (view.remedy.phase === 'running' && !ui.leaving) {
    const notice = 'a change is running: it would go on unwatched. Press the same key again to leave';
    return { ui: { ...ui, leaving: true, notice } };
  }
  return { ui, leave };
}
