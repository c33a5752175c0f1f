import type { SimulatedSite } from '../site/site.js';
import type { Scenario } from './scenario.js';

const coordinatorLoadInProgress = 14;

export const coordinatorLoading: Scenario = {
  name: 'coordinator-loading',
  happens:
    'after 20 s the coordinators of us load their groups for a minute and answer no question about them',
  see: 'lag of these groups keeps its last value, marked as old with the reason',
  events: [
    { at: 20, make: site => answerGroupsWith(site, coordinatorLoadInProgress) },
    { at: 80, make: site => answerGroupsWith(site, 0) },
  ],
};

function answerGroupsWith({ us }: SimulatedSite, error: number): void {
  for (const group of Object.values(us.state.groups)) group.error = error;
}
