import type { Intent, View } from '../session/view.js';
import type { KeyName } from './keys.js';
import type { Ask } from './outside.js';
import type { Size, Ui, ViewName } from './ui.js';

/** Where a key works: a view, the dialog of a remedy in one of its phases, the help, or a filter or a label that is typed. */
export type Place = ViewName | 'help' | 'offers' | 'asking' | 'confirm' | 'dialog' | 'filter' | 'label';

export type Context = {
  /** What is drawn: the present, or a past moment. */
  readonly view: View;
  readonly ui: Ui;
  readonly size: Size;
};

/** What a key does: a new ui, something asked of the session or of the outside, or the end. */
export type Effect = {
  readonly ui: Ui;
  readonly intents?: readonly Intent[];
  /** A copy, or a file of the screen as it is before the key. */
  readonly ask?: Ask;
  /** `quit` by q, `interrupt` by Ctrl-C. */
  readonly leave?: 'quit' | 'interrupt';
};

/** One key as data: the dispatcher, the footer and the help are all made from the table of these. */
export type Binding = {
  readonly id: string;
  readonly keys: readonly KeyName[];
  /** How the keys are written: `↑↓`. */
  readonly shown: string;
  /** For the footer, a word or two. */
  readonly label: string;
  /** For the help, a sentence. */
  readonly description: string;
  readonly at: readonly Place[];
  /**
   * Place in the footer, lowest first; where it is narrow those with the highest leave first. Absent: help only.
   *
   *      1–9   what a dialog waits for; fix, back, why, help, quit
   *    10–19   into what is selected; through time, while the past is held
   *    20–29   filter and order of a list
   *    40–59   moving about in what is open
   *    60–69   the other views
   *    70–79   freeze, mark, copy and what else is for later
   */
  readonly footer?: number;
  /** What several keys lead to, in a word: where not all that works has room, they are written as one, `1-7 views`. */
  readonly family?: string;
  /** Where it is there only at times: else the next one with the same key is. */
  readonly when?: (context: Context) => boolean;
  /** Why it does nothing now. */
  readonly disabled?: (context: Context) => string | undefined;
  readonly press: (context: Context, key: KeyName) => Effect;
};

export const views: readonly ViewName[] = [
  'overview',
  'flows',
  'flow',
  'groups',
  'group',
  'topics',
  'topic',
  'machines',
  'machine',
  'findings',
  'changes',
];
