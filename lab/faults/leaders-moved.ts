import { evenly, preferLeaders } from '../leaders.js';
import type { Fault } from './fault.js';

export const leadersMoved: Fault = {
  name: 'leaders-moved',
  about: 'us-1 becomes the leader of every partition of us: the other two only follow',
  inject: site => preferLeaders(site, () => 1),
  heal: site => preferLeaders(site, evenly),
};
