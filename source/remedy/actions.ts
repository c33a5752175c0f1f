import type { Action } from './action.js';
import { raiseTasksMax } from './actions/raise-tasks-max.js';
import { onConnector } from './connector-action.js';

/** Every action that kmon offers, in the order of the menu. */
export const actions: readonly Action[] = [onConnector(raiseTasksMax)];
