import { isKnown, valueOf } from '../../core/known.js';
import { count } from '../../core/units.js';
import type { FlowView } from '../../model/snapshot.js';
import { refusal, type About } from '../action.js';
import { curlGet } from '../by-hand.js';
import { keysDraft, restartRisk } from '../changes/config.js';
import type { ConnectorAction, ConnectorInput } from '../connector-action.js';
import { writeEffect } from '../effect.js';
import { keysElsewhere } from '../elsewhere.js';
import type { Change, Plan } from '../plan.js';

/** What a package of keys says for itself. */
export type Tuning = {
  readonly id: string;
  readonly title: string;
  readonly about: About;
  /** Which connectors it is for. */
  readonly kinds: readonly FlowView['kind'][];
  /** The keys as they work for this connector, with the values that they get. */
  readonly keys: (flow: FlowView) => Readonly<Record<string, string>>;
  /** Whether a value is as far as this goes already: then the key is left alone. */
  readonly reached?: (now: string, wanted: string) => boolean;
  readonly why: (input: ConnectorInput) => string;
  readonly cure: (input: ConnectorInput) => Plan['cure'];
  readonly expect: (input: ConnectorInput, changes: readonly Change[]) => readonly string[];
  readonly risk?: (input: ConnectorInput) => Plan['risk'];
};

/** An action that sets keys of a connector to values that are better for throughput: one plan and one restart for all. */
export function tuneKeys(made: Tuning): ConnectorAction {
  const { id, title, about } = made;
  return {
    id,
    title,
    about,
    disabled: flow => {
      if (!made.kinds.includes(flow.kind)) return `not for a connector of kind ${flow.kind}`;
      if (!isKnown(flow.state)) return 'the state of the connector is not known';
      return flow.state.value === 'RUNNING' ? undefined : `the connector is ${flow.state.value}`;
    },
    plan(input) {
      const { target, flow, url } = input;
      const changes = Object.entries(made.keys(flow)).flatMap(([key, to]): readonly Change[] => {
        const from = input.config(key);
        const there = from !== undefined && (from === to || (made.reached ?? atLeastAsMuch)(from, to));
        return there ? [] : [{ key, from, to }];
      });
      if (changes.length === 0) {
        const now = Object.keys(made.keys(flow)).map(key => `${key}=${input.config(key) ?? 'not set'}`);
        return refusal(id, target, `it is so already: ${now.join(', ')}`, [
          curlGet(url, target.connector, '/config'),
        ]);
      }
      const cure = made.cure(input);
      const write = valueOf(flow.write.now);
      const rising = cure.verdict !== 'will-not-cure';
      return keysDraft(input, {
        action: id,
        title: `${title}: ${target.connector} on ${target.connect}`,
        changes,
        why: made.why(input),
        cure,
        expect: made.expect(input, changes),
        risk: made.risk?.(input) ?? { level: 'medium', text: restartRisk(input.tasks.length) },
        effect: writeEffect(
          target,
          rising && write !== undefined ? `more than ${count(write)}` : 'no change',
        ),
        tasks: input.tasks.length,
      });
    },
    elsewhere: (owner, flow) => keysElsewhere(owner, flow, made.keys(flow)),
  };
}

/** Sizes and counts: a value that is larger already stays. */
function atLeastAsMuch(now: string, wanted: string): boolean {
  return Number(now) >= Number(wanted);
}
