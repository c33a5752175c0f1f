import type { Binding } from './binding.js';

/** What the user is looking at. Only the keymap makes a new one; nothing here is known outside of the screen. */
export type Ui = {
  readonly at: ViewName;
  readonly help: boolean;
  /** Selected row of the overview; undefined until the user moves: then it is the subject of the headline. */
  readonly selected?: Selection;
  /** What is open in the views of one flow, group, topic or machine, by id. */
  readonly flow?: string | undefined;
  readonly group?: string | undefined;
  readonly topic?: string | undefined;
  readonly machine?: string | undefined;
  /** Selected entry of the findings by its id (`found.ts`), change by the id of its plan. */
  readonly finding?: string | undefined;
  /** Key of the cause of which the findings view lists all that follows. */
  readonly unfolded?: string | undefined;
  readonly change?: string;
  /** Filter, order and selected row of each list. */
  readonly lists: Readonly<Partial<Record<ListName, ListState>>>;
  /** Set while a filter is typed: what it was before, for Esc. */
  readonly filtering: { readonly before: string } | undefined;
  /** The label of a mark, while it is typed. */
  readonly label: string | undefined;
  /** Where the user came through, for Esc. */
  readonly trail: readonly Spot[];
  /** The pane of an open view in which the keys are, its first one where absent; and the selected row of each, by id (`panes.ts`). */
  readonly pane?: string | undefined;
  readonly picked: Readonly<Record<string, string>>;
  /** Order of the partitions of a group, and of a topic, by its word; the first one where absent. */
  readonly order: Readonly<Partial<Record<'group' | 'topic', string>>>;
  /** What the heatmap of a group shows. */
  readonly measure: Measure;
  /** Position in the menu of remedies. */
  readonly offer: number;
  /** What was typed into the confirmation of one plan. */
  readonly typed: { readonly plan: string; readonly text: string };
  /** First line that is shown of a text in the dialog of remedies, and of which text. */
  readonly read: { readonly of: string; readonly line: number };
  /** First line that is shown of a text that is longer than the screen. */
  readonly scroll: number;
  /** Cell under the cursor of a heatmap: partition by `topic/partition`, columns counted back from the newest. */
  readonly cell: { readonly partition?: string; readonly back: number };
  /** The table of keys with those that the user set; absent: as it is. */
  readonly keymap?: readonly Binding[];
  /** One line in place of the footer, until the next key. */
  readonly notice: string | undefined;
  /** The user asked to leave while a change was running, and is asked once more. */
  readonly leaving: boolean;
};

export type ViewName =
  'overview' | ListName | 'flow' | 'group' | 'topic' | 'machine' | 'findings' | 'changes';

export type ListName = 'flows' | 'groups' | 'topics' | 'machines';

/** A place on the way here: what was open there, and where the cursor was. */
export type Spot = Pick<
  Ui,
  'at' | 'flow' | 'group' | 'topic' | 'machine' | 'finding' | 'scroll' | 'cell' | 'pane' | 'picked'
>;

/** Lag in records; how fast it grows, records/s; its share of all the lag that the group has then. */
export type Measure = 'lag' | 'rate' | 'share';

export const measures: readonly Measure[] = ['lag', 'rate', 'share'];

export type ListState = {
  /** As it was typed; `screen/filter.ts` says what it may hold. */
  readonly filter: string;
  /** The order by its word; the list's own where it is absent. */
  readonly sort?: string;
  /** Id of the selected row. */
  readonly selected?: string;
};

/** A row of the overview; kind and id are those of findings. */
export type Selection = {
  readonly kind: 'flow' | 'group' | 'worker' | 'cluster';
  readonly id: string;
};

export type Size = { readonly columns: number; readonly rows: number };

export const initialUi: Ui = {
  at: 'overview',
  help: false,
  lists: {},
  filtering: undefined,
  label: undefined,
  trail: [],
  picked: {},
  order: {},
  measure: 'lag',
  offer: 0,
  typed: { plan: '', text: '' },
  read: { of: '', line: 0 },
  scroll: 0,
  cell: { back: 0 },
  notice: undefined,
  leaving: false,
};

/** The word that was typed so far for this plan; another plan starts empty. */
export function typedFor(ui: Ui, plan: string): string {
  return ui.typed.plan === plan ? ui.typed.text : '';
}

/** How the key of an action is written, for a hint: `usual`, unless the user set another. */
export function keyHint({ keymap }: Pick<Ui, 'keymap'>, id: string, usual: string): string {
  return keymap?.find(binding => binding.id === id)?.shown ?? usual;
}

/** Smallest screen on which anything can be read. */
export const smallest: Size = { columns: 40, rows: 10 };
