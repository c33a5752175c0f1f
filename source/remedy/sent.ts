import type { Failure } from '../core/failure.js';
import type { Written } from '../wire/kafka/written.js';

/** What came of a write: done, not done, not known, or only some keys of the diff were done. */
export type Sent =
  | { readonly done: string }
  | { readonly undone: Failure }
  | { readonly uncertain: Failure }
  | { readonly partly: ReadonlySet<string>; readonly why: Failure };

/** All items of a write to Kafka together; `keyOf` names the line of the diff that an item is. */
export function outcomeOf<Item extends object>(
  { items }: Pick<Written<Item>, 'items'>,
  keyOf: (item: Item) => string = () => '',
): Sent {
  const uncertain = items.flatMap(({ outcome }) => ('uncertain' in outcome ? [outcome.uncertain] : []));
  const undone = items.flatMap(({ outcome }) => ('undone' in outcome ? [outcome.undone] : []));
  const [unsure] = uncertain;
  const [why] = undone;
  if (unsure !== undefined) return { uncertain: unsure };
  if (why === undefined) return { done: 'Kafka took it' };
  const done = items.filter(({ outcome }) => 'done' in outcome);
  return done.length === 0 ? { undone: why } : { partly: new Set(done.map(keyOf)), why };
}
