import { preferLeaders } from '../leaders.js';
import type { Fault } from './fault.js';

/** The preferred leader of a partition, as all are placed without a fault. */
export const evenly = (partition: number): number => 1 + (partition % 3);

export const leadersMoved: Fault = {
  name: 'leaders-moved',
  about: 'us-1 becomes the leader of every partition of us: the other two only follow',
  inject: site => preferLeaders(site, () => 1),
  heal: site => preferLeaders(site, evenly),
};
