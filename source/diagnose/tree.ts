import type { Evidence } from './finding.js';

export type Answer = 'yes' | 'no' | 'unknown';

/** What a question was answered. */
export type Reply = {
  readonly answer: Answer;
  /** The numbers that answered it, or why there are none: `throttled 180 ms on 4 of 4 tasks`. */
  readonly because: string;
  readonly evidence: readonly Evidence[];
};

/** One question of a decision tree as it was answered: plain data, which screens draw. */
export type Step = Reply & {
  readonly id: string;
  /** `does the target hold its writes back?` */
  readonly question: string;
  /** True on the way that led to the verdict. */
  readonly taken: boolean;
  /** What a yes means: `more tasks are throttled together`. */
  readonly leads: string;
  /** Questions below it; they were asked whether or not the way led there. */
  readonly steps: readonly Step[];
};

export type Tree = {
  /** `why is mm2-source behind?` */
  readonly asks: string;
  readonly steps: readonly Step[];
  /** Where the way ended: `target-limited`. */
  readonly verdict: string;
};

/** A question as data. `F` are the facts that answer it, `V` is what may be concluded. Every yes is a trouble found. */
export type Question<F, V> = {
  readonly id: string;
  readonly question: string;
  readonly leads: string;
  readonly answer: (facts: F) => Reply;
  /** Narrower questions. */
  readonly below?: readonly Question<F, V>[];
  /** What is said where the way ends here; undefined where nothing is to be said. */
  readonly conclude?: (facts: F) => V | undefined;
};

export type Walk<F, V> = {
  readonly steps: readonly Step[];
  /** The last question on the way; undefined where none was answered yes. */
  readonly end?: Question<F, V>;
};

/** Asks all questions. The way goes through the first that is answered yes, and on below it. */
export function walk<F, V>(questions: readonly Question<F, V>[], facts: F): Walk<F, V> {
  const replies = questions.map(q => q.answer(facts));
  const first = replies.findIndex(({ answer }) => answer === 'yes');
  const asked = questions.map((question, i) => {
    const below = walk(question.below ?? [], facts);
    return { question, reply: replies[i], below };
  });
  const steps = asked.flatMap(({ question: { id, question, leads }, reply, below }, i) =>
    reply === undefined
      ? []
      : {
          id,
          question,
          leads,
          ...reply,
          taken: i === first,
          steps: i === first ? below.steps : unlit(below),
        },
  );
  const on = asked[first];
  return on === undefined ? { steps } : { steps, end: on.below.end ?? on.question };
}

function unlit({ steps }: { readonly steps: readonly Step[] }): readonly Step[] {
  return steps.map(step => ({ ...step, taken: false, steps: unlit(step) }));
}

/** The steps on the way, from the root to where it ended. */
export function wayOf(steps: readonly Step[]): readonly Step[] {
  const on = steps.find(step => step.taken);
  return on === undefined ? [] : [on, ...wayOf(on.steps)];
}

/** A tree of questions without its answers, for documents. */
export type Outline = {
  readonly question: string;
  readonly leads: string;
  readonly below: readonly Outline[];
};

export function outlineOf<F, V>(questions: readonly Question<F, V>[]): readonly Outline[] {
  return questions.map(({ question, leads, below = [] }) => ({ question, leads, below: outlineOf(below) }));
}
