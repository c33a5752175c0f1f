import { valueOf } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';
import { lagNumber } from '../format.js';
import { pinOf } from '../../session/memory.js';
import { alphabetical, descending, list } from '../list.js';
import { openFlow } from '../navigate.js';
import { flowRank, orderedFlows } from '../selection.js';
import { flowPanel } from '../views/overview/flows.js';

function lagOf(flow: FlowView): number | undefined {
  const lag = valueOf(flow.lag);
  return lag && lagNumber(lag);
}

const byLag = descending(lagOf);

export const flows = list<FlowView>({
  name: 'flows',
  items: orderedFlows,
  id: flow => flow.id,
  pin: ({ id }) => pinOf({ kind: 'flow', id }),
  fields: ['lag', 'state', 'connect', 'kind', 'source', 'target', 'tasks', 'poll', 'write', 'rebalances'],
  facts: flow => ({
    name: flow.connector,
    lag: lagOf(flow),
    state: [...new Set([valueOf(flow.state), ...flow.tasks.map(task => task.state)])].filter(
      state => state !== undefined,
    ),
    connect: flow.connect,
    kind: flow.kind,
    source: flow.source?.alias,
    target: flow.target?.alias,
    tasks: flow.tasks.length,
    poll: valueOf(flow.poll.now),
    write: valueOf(flow.write.now),
    rebalances: flow.rebalances.lastHour,
  }),
  sorts: [
    { by: 'lag', compare: (a, b) => flowRank(a) - flowRank(b) || byLag(a, b) },
    { by: 'growth', compare: descending(flow => valueOf(flow.lagSlope)) },
    { by: 'write', compare: descending(flow => valueOf(flow.write.now)) },
    { by: 'name', compare: alphabetical(flow => flow.connector) },
  ],
  panel: flowPanel,
  open: openFlow,
});
