import { failure, type Failure } from '../../core/failure.js';
import { madeIn } from '../../core/made-in.js';
import type { Timing } from '../../core/observation.js';
import type { KafkaLink, KafkaRequest } from './link.js';
import { failureOfCode } from './protocol-errors.js';
import type { Reader } from './reader.js';

/** What became of one item: it is done, it is not, or that is not known (then read it again before anything else). */
export type Outcome =
  { readonly done: true } | { readonly undone: Failure } | { readonly uncertain: Failure };

/** Every item that was asked for, with its own outcome. */
export type Written<Item> = Timing & {
  readonly items: readonly (Item & { readonly outcome: Outcome })[];
  /** How long the broker asks this client to wait because of its quotas (KIP-219, KIP-599), ms. */
  readonly throttled: number;
};

/** What a request tells the broker about how long it may work, ms; less than the link waits for the answer. */
export const brokerTimeout = 20_000;

/** The answer to a write, by the items' keys; `whole` speaks of all of them. */
export type Said = {
  readonly throttled: number;
  readonly whole?: Verdict;
  readonly items: ReadonlyMap<string, Verdict>;
};

export type Verdict = { readonly code: number; readonly message?: string | undefined };

/** Sends a write once, and says of each item what became of it, also where the answer is missing or leaves it out. */
export async function writeOnce<Item extends object>(
  link: KafkaLink,
  broker: number,
  request: KafkaRequest<Said>,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  signal: AbortSignal | undefined,
): Promise<Written<Item>> {
  const { asked, answered, answer } = await link.write(broker, request, signal);
  const subject = (item: Item): string => `${request.name} of ${keyOf(item)} at ${link.nameOf(broker)}`;
  const outcomeOf = (item: Item): Outcome => {
    if ('undone' in answer) return { undone: { ...answer.undone, subject: subject(item) } };
    if ('uncertain' in answer) return { uncertain: { ...answer.uncertain, subject: subject(item) } };
    const { whole, items: said } = answer.ok;
    if (whole !== undefined && whole.code !== 0) return outcomeOfVerdict(whole, subject(item));
    const verdict = said.get(keyOf(item));
    if (verdict !== undefined) return outcomeOfVerdict(verdict, subject(item));
    return { uncertain: failure('malformed', subject(item), 'the answer does not speak of it') };
  };
  return {
    asked,
    answered,
    items: items.map(item => ({ ...item, outcome: outcomeOf(item) })),
    throttled: 'ok' in answer ? answer.ok.throttled : 0,
  };
}

/**
 * Codes that may come after the change was written down: a server that failed or was late, a controller or a coordinator
 * that lost its office meanwhile. Every other code comes instead of the change.
 */
const uncertain: ReadonlySet<number> = new Set([-1, 7, 13, 15, 16, 41]);

function outcomeOfVerdict({ code, message }: Verdict, subject: string): Outcome {
  const why = failureOfCode(code, subject, message);
  if (why === undefined) return { done: true };
  return uncertain.has(code) ? { uncertain: why } : { undone: why };
}

export type Place = { readonly topic: string; readonly partition: number };

export function placeOf({ topic, partition }: Place): string {
  return `${topic}-${partition}`;
}

/** Places by topic, as most requests put them. */
export function byTopic<P extends Place>(places: readonly P[]): [topic: string, places: P[]][] {
  const topics = new Map<string, P[]>();
  for (const place of places) madeIn(topics, place.topic, () => []).push(place);
  return [...topics];
}

/** What is said of places, topic by topic, as most answers put it; `read` takes what stands behind the number of a partition. */
export function verdictsByTopic(answer: Reader, read: () => Verdict): ReadonlyMap<string, Verdict> {
  const topics = answer.list(() => {
    const topic = answer.name();
    const verdicts = answer.list((): readonly [string, Verdict] => {
      const partition = answer.int32();
      const verdict = read();
      answer.tags();
      return [placeOf({ topic, partition }), verdict];
    });
    answer.tags();
    return verdicts;
  });
  return new Map(topics.flat());
}
