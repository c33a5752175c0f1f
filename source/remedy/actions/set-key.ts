import { isKnown } from '../../core/known.js';
import { refusal } from '../action.js';
import { curlGet } from '../by-hand.js';
import { keysDraft, restartRisk } from '../changes/config.js';
import type { ConnectorAction } from '../connector-action.js';
import { writeEffect } from '../effect.js';
import { keysElsewhere } from '../elsewhere.js';
import { keyProblem } from '../keys.js';

/** Any single key that the user names; refused where it would not do here what it says. */
export const setKey: ConnectorAction = {
  id: 'set-key',
  title: 'Set one key of the configuration by hand',
  about: {
    changes: 'any one key of the connector, where it works: not those of workers, not secrets',
    risk: 'medium: all tasks stop and start again; kmon does not know what the key does',
    undo: 'the key back to what it was, or unset, with a second restart',
    byHand: '`curl -X PATCH …/connectors/NAME/config -d \'{"KEY":"VALUE"}\'`',
  },
  asks: {
    prompt: 'key=value; key= takes the key away',
    example: 'producer.override.max.request.size=2097152',
  },
  disabled: flow => {
    if (!isKnown(flow.state)) return 'the state of the connector is not known';
    return flow.state.value === 'RUNNING' ? undefined : `the connector is ${flow.state.value}`;
  },
  plan(input) {
    const { target, flow, url } = input;
    const refuse = (reason: string): ReturnType<typeof refusal> =>
      refusal(setKey.id, target, reason, [curlGet(url, target.connector, '/config')]);
    const wanted = parsed(input.argument);
    if (wanted === undefined) return refuse(`"${input.argument}" is not of the form key=value`);
    const { key, value } = wanted;
    const problem = keyProblem(flow, key, value);
    if (problem !== undefined) return refuse(problem);
    const from = input.config(key);
    if (from === (value ?? undefined)) return refuse(`it is so already: ${key} is ${from ?? 'not set'}`);
    if (key === 'tasks.max')
      return refuse('for tasks.max there is a remedy of its own, which knows how many make sense');
    return keysDraft(input, {
      action: setKey.id,
      title: `Set ${key} of ${target.connector} on ${target.connect}`,
      changes: [{ key, from, to: value ?? undefined }],
      why: 'by hand',
      cure: {
        verdict: 'may-cure',
        reason: 'kmon does not know what this key does: it shows what happens to write/s',
      },
      expect: [`Connect is asked before whether it accepts ${key}`],
      risk: { level: 'medium', text: restartRisk(input.tasks.length) },
      effect: writeEffect(target, 'as you expect it'),
      tasks: input.tasks.length,
    });
  },
  elsewhere(owner, flow, argument) {
    const wanted = parsed(argument);
    return wanted === undefined ? [] : keysElsewhere(owner, flow, { [wanted.key]: wanted.value });
  },
};

function parsed(argument: string): { readonly key: string; readonly value: string | null } | undefined {
  const [, key = '', value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(argument) ?? [];
  return key === '' ? undefined : { key, value: value === '' ? null : value };
}
