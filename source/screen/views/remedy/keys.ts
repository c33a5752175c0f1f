import type { Binding, Context, Effect } from '../../binding.js';
import { neighbour, scrolled } from '../../navigate.js';
import type { Offer } from '../../../remedy/plan.js';
import { typedFor } from '../../ui.js';
import { askedOf } from './asked.js';
import { lastRead, readTo, textOf } from './present.js';

export const remedyKeys: readonly Binding[] = [
  {
    id: 'remedy.move',
    keys: ['up', 'down', 'k', 'j'],
    shown: '↑↓',
    label: 'move',
    description: 'select a remedy',
    at: ['offers'],
    footer: 40,
    press: ({ view, ui }, key) => {
      const all = offers(view);
      const next = neighbour([...all.keys()], selectedOffer(ui.offer, all), key);
      return { ui: { ...ui, offer: next ?? 0 } };
    },
  },
  {
    id: 'remedy.plan',
    keys: ['enter'],
    shown: 'Enter',
    label: 'plan it',
    description: 'plan the remedy and show the exact change; nothing is changed yet',
    at: ['offers'],
    footer: 3,
    disabled: ({ view, ui }) => chosen(view, ui)?.disabled,
    press: ({ view, ui }) => {
      const offer = chosen(view, ui);
      if (!offer) return { ui };
      if (offer.opens !== undefined) return { ui, intents: [{ type: 'open', offer }] };
      if (offer.asks)
        return { ui: { ...ui, typed: { plan: '', text: '' } }, intents: [{ type: 'ask', offer }] };
      const { action, target } = offer;
      return { ui, intents: [{ type: 'plan', action, target, argument: '' }] };
    },
  },
  {
    id: 'remedy.answer',
    keys: ['enter'],
    shown: 'Enter',
    label: 'plan it',
    description: 'plan the remedy with what was typed; nothing is changed yet',
    at: ['asking'],
    footer: 3,
    disabled: ({ view, ui }) => {
      if (view.remedy.phase !== 'asking') return undefined;
      const { offer } = view.remedy;
      return typedFor(ui, askedOf(offer)).trim() === ''
        ? `type ${offer.asks?.prompt ?? 'a value'} first`
        : undefined;
    },
    press: ({ view, ui }) => {
      if (view.remedy.phase !== 'asking') return { ui };
      const { offer } = view.remedy;
      const { action, target } = offer;
      const argument = typedFor(ui, askedOf(offer)).trim();
      return { ui, intents: [{ type: 'plan', action, target, argument }] };
    },
  },
  {
    id: 'remedy.confirm',
    keys: ['enter'],
    shown: 'Enter',
    label: 'apply',
    description: 'apply the plan, once the name of what is changed was typed',
    at: ['confirm'],
    footer: 3,
    disabled: ({ view, ui }) => {
      if (view.remedy.phase !== 'plan') return undefined;
      const { plan } = view.remedy;
      return typedFor(ui, plan.id) === plan.confirm
        ? undefined
        : `type ${plan.confirm} to apply: nothing was changed`;
    },
    press: ({ view, ui }) => {
      if (view.remedy.phase !== 'plan') return { ui };
      return { ui, intents: [{ type: 'confirm', typed: typedFor(ui, view.remedy.plan.id) }] };
    },
  },
  {
    id: 'remedy.scroll',
    keys: ['up', 'down', 'page-up', 'page-down', 'home', 'end'],
    shown: 'PgDn',
    label: 'read on',
    description:
      'scroll what does not fit into the dialog (also arrows); a word that is typed stays as it is',
    at: ['confirm', 'dialog'],
    footer: 5,
    when: ({ view, ui, size }) => lastRead(view, ui, bodyOf(size)) > 0,
    press: ({ view, ui, size }, key) => {
      const last = lastRead(view, ui, bodyOf(size));
      const { scroll } = scrolled({ ...ui, scroll: readTo(view, ui) }, key, last, Math.floor(size.rows / 2));
      return { ui: { ...ui, read: { of: textOf(view), line: scroll } } };
    },
  },
  {
    id: 'remedy.play',
    keys: ['enter'],
    shown: 'Enter',
    label: 'plan it',
    description: 'plan the next step of the playbook; nothing is changed yet',
    at: ['dialog'],
    footer: 3,
    when: ({ view }) => view.remedy.phase === 'playbook',
    disabled: ({ view: { remedy } }) => {
      if (remedy.phase !== 'playbook' || remedy.playbook.next !== undefined) return undefined;
      return remedy.playbook.over ?? remedy.playbook.waits;
    },
    press: ({ ui }) => ({ ui, intents: [{ type: 'play' }] }),
  },
  {
    id: 'remedy.undo',
    keys: ['u'],
    shown: 'u',
    label: 'plan the undo',
    description: 'plan the inverse of the change; it goes through the same dialog',
    at: ['dialog'],
    footer: 4,
    disabled: ({ view }) => (undoableIn(view) === undefined ? 'there is nothing to undo here' : undefined),
    press: ({ view, ui }) => {
      const plan = undoableIn(view);
      return { ui, intents: plan === undefined ? [] : [{ type: 'plan-undo', plan }] };
    },
  },
  {
    id: 'remedy.leave',
    keys: ['escape'],
    shown: 'Esc',
    label: 'leave',
    description: 'close the dialog; a change that runs goes on and stays in view 7',
    at: ['offers', 'asking', 'confirm', 'dialog'],
    footer: 6,
    press: ({ ui }) => ({
      ui: { ...ui, offer: 0, typed: { plan: '', text: '' } },
      intents: [{ type: 'dismiss' }],
    }),
  },
];

/** The plan that the dialog offers to take back. */
function undoableIn({ remedy }: Context['view']): string | undefined {
  if (remedy.phase === 'playbook') return remedy.playbook.undo;
  return (remedy.phase === 'ended' || remedy.phase === 'running') && remedy.undo ? remedy.plan.id : undefined;
}

/** The terminal without its header and footer. */
function bodyOf({ columns, rows }: Context['size']): Context['size'] {
  return { columns, rows: rows - 2 };
}

/** While a word is typed, every other key is text. */
export function typeInto({ view, ui }: Context, key: string): Effect {
  const plan = typedInto(view);
  if (plan === undefined) return { ui };
  const before = typedFor(ui, plan);
  const text = key === 'backspace' ? Array.from(before).slice(0, -1).join('') : before + key;
  return { ui: { ...ui, typed: { plan, text: text.slice(0, 256) } } };
}

function typedInto({ remedy }: Context['view']): string | undefined {
  if (remedy.phase === 'plan') return remedy.plan.id;
  return remedy.phase === 'asking' ? askedOf(remedy.offer) : undefined;
}

/** Whether a word is being typed now: with read-only there is nothing to type. */
export function isTyping({ view }: Pick<Context, 'view'>): boolean {
  return view.remedy.phase === 'plan' && view.site.mode === 'read-write';
}

function offers(view: Context['view']): readonly Offer[] {
  return view.remedy.phase === 'offers' ? view.remedy.offers : [];
}

function selectedOffer(wanted: number, all: readonly Offer[]): number {
  return Math.max(0, Math.min(all.length - 1, wanted));
}

function chosen(view: Context['view'], ui: Context['ui']): Offer | undefined {
  const all = offers(view);
  return all[selectedOffer(ui.offer, all)];
}
