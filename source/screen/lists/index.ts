import type { List } from '../list.js';
import type { ListName, ViewName } from '../ui.js';
import { flows } from './flows.js';
import { groups } from './groups.js';
import { machines } from './machines.js';
import { topics } from './topics.js';

/** Every list that can be filtered and sorted; a new one is a file beside these and a line here. */
export const lists: Readonly<Record<ListName, List>> = { flows, groups, topics, machines };

/** The list that a view shows, where it shows one. */
export function listAt(at: ViewName): List | undefined {
  return at in lists ? lists[at as ListName] : undefined;
}
