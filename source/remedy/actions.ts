import type { Action } from './action.js';
import { raiseTasksMax } from './actions/raise-tasks-max.js';

/** Every action that kmon offers on a flow, in the order of the menu. */
export const actions: readonly Action[] = [raiseTasksMax];
