/**
 * What kmon must find of each fault of the lab, and when, and which remedy of the finding must cure it: written down before it was
 * measured. What is measured is in `docs/scenarios.md`, which the command makes.
 */

import type { Wanted } from './wanted.js';

/** A finding that may fire beside the expected one, because it is true of the same fault. */
export interface Companion extends Wanted {
  readonly because: string;
}

export interface Expectation {
  readonly fault: string;
  /** All of them must fire. */
  readonly expected: readonly (Wanted & {
    /** Seconds after the fault was made: 60 for a hard one, else what its rule asks for. */
    readonly within: number;
  })[];
  readonly companions?: readonly Companion[];
  /** Seconds after healing within which the expected findings must be gone; absent: what befell is told for ten minutes. */
  readonly clears?: number;
  /** kmon is started only when the fault is so many seconds old. */
  readonly startAfter?: number;
  /** The only parts of the site that it touches: it can be made beside a fault of others. Absent: all that is replicated. */
  readonly touches?: readonly Part[];
  /** What of the first expected finding cures the fault; absent where another scenario of the same fault tells it. */
  readonly cure?: CureExpected | NoCure;
}

/** Groups of consumers, the tasks that replicate, and who leads what at the target. */
export type Part = 'billing' | 'search-indexer' | 'returns-desk' | 'mm2-source' | 'leaders of us';

/** The first remedy that the finding says cures it; once, or again as long as the finding stands, it must end it. */
export interface CureExpected {
  /** Id of the action. */
  readonly by: string;
}

export interface NoCure {
  /** Why kmon offers nothing that cures it. */
  readonly none: string;
}

/** What a scenario is called, on the command line and in the table. */
export function nameOf({ fault, startAfter }: Expectation): string {
  return startAfter === undefined ? fault : `${fault}-late`;
}

/** An expectation whose fault kmon can cure. */
export type Curable = Expectation & { readonly cure: CureExpected };

export function isCurable(expectation: Expectation): expectation is Curable {
  return expectation.cure !== undefined && 'by' in expectation.cure;
}

const mm2 = 'flow us/mm2-source';
const hard = 60;

const repeats: Companion = {
  rule: 'mirror-repeats',
  because: 'its tasks are started anew, and write again what was written since the last flush',
};
const flowWaits: Companion = {
  rule: 'flow-running',
  because: 'tasks are without a worker, or restarting, while Connect changes them',
};
const flowSuffers: Companion = { rule: 'flow-limits', because: 'the flow falls behind for it' };
const lagGrows: Companion = { rule: 'group-lag', because: 'its lag grows, and is worked off' };
const lagLies: Companion = { rule: 'group-skew', because: 'its lag lies there' };
const retention: Companion = {
  rule: 'retention-risk',
  because: 'the lab keeps records for half an hour: who stands still is overtaken',
};
const limited: Companion = {
  rule: 'flow-limits',
  verdict: 'target-limited',
  because:
    'the throttle time, a mean of half a minute, is on its way over its threshold or back: the same cause with less detail',
};
const leadersBack: Companion = {
  rule: 'broker-leaders',
  because: 'a broker that came back leads nothing until the next election',
};
const replicasBack: Companion = {
  rule: 'partitions-impaired',
  because: 'replicas catch up when a broker came back',
};
const sightless: Companion = { rule: 'sight', because: 'it hides what kmon would look at' };

const stopped: NoCure = { none: 'a process is gone, and kmon starts none' };
const past: NoCure = { none: 'it has happened, and nothing takes it back' };
const members: NoCure = {
  none: 'only who owns the consumers can change them: what to set is told as advice, and watched',
};

export const expectations: readonly Expectation[] = [
  {
    fault: 'target-quota',
    expected: [
      { rule: 'flow-limits', verdict: 'target-limited', subject: mm2, says: /produce quota/, within: hard },
    ],
    companions: [retention, limited],
    clears: 240,
    cure: { by: 'raise-quota' },
  },
  {
    fault: 'stop-broker',
    expected: [{ rule: 'broker-lost', subject: 'broker us/2', within: hard }],
    companions: [leadersBack, replicasBack, repeats],
    clears: 90,
    cure: stopped,
  },
  {
    fault: 'freeze-broker',
    expected: [{ rule: 'broker-lost', subject: 'broker us/3', within: hard }],
    companions: [
      leadersBack,
      replicasBack,
      repeats,
      {
        rule: 'group-rewind',
        subject: 'group us/search-indexer',
        because:
          'the broker coordinated it: its members go on from what was committed before, and read some records again',
      },
    ],
    clears: 90,
    cure: { none: 'a process hangs, and kmon ends and starts none' },
  },
  {
    fault: 'stop-cluster',
    expected: [{ rule: 'broker-lost', verdict: 'cluster-lost', subject: 'cluster us', within: hard }],
    companions: [
      leadersBack,
      replicasBack,
      repeats,
      flowWaits,
      flowSuffers,
      {
        rule: 'sight',
        because: 'until the workers are back in their group nothing exports the metrics of tasks',
      },
    ],
    clears: 90,
    cure: stopped,
  },
  {
    fault: 'leaders-moved',
    touches: ['leaders of us'],
    // By its rule 45 s, after its leaders were elected: a broker that comes back leads nothing at first.
    expected: [{ rule: 'broker-leaders', verdict: 'leaders-gone', subject: 'cluster us', within: 75 }],
    companions: [repeats],
    clears: 150,
    cure: {
      none: 'the broker that leads all is the preferred leader of all: an election changes nothing, and the replicas must be put into another order',
    },
  },
  {
    fault: 'unclean-election',
    // It takes the cluster half a minute to lose the follower and then the leader; epochs are asked about once a minute.
    expected: [
      { rule: 'unclean-election', subject: 'topic us/refunds', says: /2 → 3/, within: 90 },
      { rule: 'group-truncated', subject: 'group us/refund-mailer', says: /read 200 records/, within: 180 },
    ],
    companions: [
      {
        rule: 'broker-lost',
        because:
          'both replicas are killed one after the other, and with the second the majority of the controllers',
      },
      leadersBack,
      replicasBack,
      repeats,
      flowWaits,
      flowSuffers,
      lagGrows,
    ],
    cure: past,
  },
  {
    fault: 'leaders-away',
    touches: ['leaders of us'],
    expected: [{ rule: 'broker-leaders', verdict: 'leaders-gone', subject: 'cluster us', within: 75 }],
    companions: [repeats],
    clears: 150,
    cure: { by: 'elect-leaders' },
  },
  {
    fault: 'slow-brokers',
    expected: [
      { rule: 'flow-limits', verdict: 'target-limited', subject: mm2, says: /answer in/, within: hard },
    ],
    companions: [
      retention,
      {
        rule: 'broker-lost',
        verdict: 'no-answer',
        because: 'a login is several answers, of which each takes a second: more than a connection may take',
      },
      {
        rule: 'flow-limits',
        verdict: 'target-limited',
        because: 'the same cause, told by the broker to which no connection can be made',
      },
    ],
    clears: 240,
    cure: { none: 'the brokers themselves are slow, and more tasks would press harder on them' },
  },
  {
    fault: 'source-quota',
    expected: [{ rule: 'flow-limits', verdict: 'source-limited', subject: mm2, says: /quota/, within: hard }],
    clears: 240,
    cure: { by: 'raise-fetch-quota' },
  },
  {
    fault: 'source-acl',
    expected: [{ rule: 'flow-limits', verdict: 'source-limited', subject: mm2, says: /ACL/, within: hard }],
    companions: [
      {
        rule: 'flow-limits',
        verdict: 'source-limited',
        subject: mm2,
        because: 'ACLs are read once a minute: until then the reason is not known',
      },
    ],
    clears: 240,
    cure: { none: 'kmon grants no rights: the finding names the one that is missing' },
  },
  {
    fault: 'topic-recreated',
    expected: [{ rule: 'topic-recreated', subject: 'topic eu/payments', within: hard }],
    cure: past,
  },
  {
    fault: 'overload',
    expected: [
      { rule: 'flow-limits', verdict: 'capacity-exceeded', subject: mm2, says: /tasks read/, within: hard },
    ],
    clears: 240,
    cure: { by: 'tasks-max' },
  },
  {
    fault: 'overload-all-tasks',
    expected: [
      {
        rule: 'flow-limits',
        verdict: 'capacity-exceeded',
        subject: mm2,
        says: /every partition has its own task/,
        // Tasks are started anew for it, and a batch takes each of them 12 s: rates over half a minute settle only after the third.
        within: 120,
      },
    ],
    companions: [repeats, flowWaits],
    clears: 240,
    cure: { none: 'each partition has a task of its own already: more would stay idle' },
  },
  {
    fault: 'busy-workers',
    expected: [{ rule: 'flow-limits', verdict: 'capacity-exceeded', subject: mm2, says: /CPU/, within: 90 }],
    companions: [lagGrows, repeats, flowWaits],
    clears: 240,
    cure: {
      none: 'there is no CPU left: it needs another host, and kmon watches for the worker that is added',
    },
  },
  {
    fault: 'small-buffer',
    expected: [{ rule: 'flow-limits', verdict: 'producer-limited', subject: mm2, within: hard }],
    companions: [repeats, flowWaits],
    clears: 240,
    cure: { by: 'buffer-memory' },
  },
  {
    fault: 'filter',
    expected: [{ rule: 'flow-limits', verdict: 'records-dropped', subject: mm2, within: 320 }],
    companions: [repeats, flowWaits],
    clears: 400,
    cure: { none: 'somebody configured the transform: whether that was meant kmon can not know' },
  },
  {
    fault: 'poison',
    touches: ['mm2-source'],
    expected: [{ rule: 'flow-running', verdict: 'not-running', subject: mm2, says: /FAILED/, within: hard }],
    companions: [repeats, flowSuffers],
    clears: 60,
    cure: {
      none: 'the record fails again after a restart, as the finding says: the converter must be put right',
    },
  },
  {
    fault: 'write-denied',
    touches: ['mm2-source'],
    expected: [{ rule: 'flow-running', verdict: 'not-running', subject: mm2, says: /FAILED/, within: hard }],
    companions: [repeats, flowSuffers],
    clears: 60,
    cure: { by: 'restart-failed' },
  },
  {
    fault: 'connector-paused',
    touches: ['mm2-source'],
    expected: [{ rule: 'flow-running', verdict: 'not-running', subject: mm2, says: /PAUSED/, within: hard }],
    companions: [repeats, flowSuffers],
    clears: 60,
    cure: { by: 'resume' },
  },
  {
    fault: 'kill-worker',
    expected: [
      { rule: 'mirror-repeats', subject: mm2, within: 90 },
      { rule: 'connect-rebalances', verdict: 'worker-lost', within: 120 },
    ],
    companions: [flowWaits, flowSuffers, sightless],
    cure: stopped,
  },
  {
    fault: 'connect-down',
    expected: [{ rule: 'sight', within: hard }],
    companions: [repeats, flowWaits, flowSuffers],
    clears: 90,
    cure: stopped,
  },
  {
    fault: 'prometheus-down',
    expected: [{ rule: 'sight', within: hard }],
    clears: 90,
    cure: stopped,
  },
  {
    fault: 'consumer-rewound',
    touches: ['billing'],
    expected: [{ rule: 'group-rewind', verdict: 'rewound', subject: 'group eu/billing', within: hard }],
    companions: [lagGrows],
    clears: 240,
    cure: past,
  },
  {
    fault: 'consumer-stopped',
    touches: ['billing'],
    expected: [{ rule: 'group-commits', verdict: 'stopped', subject: 'group eu/billing', within: 100 }],
    companions: [lagGrows, retention],
    clears: 150,
    cure: { none: 'the consumers are gone, and kmon starts none' },
  },
  {
    fault: 'retention-overrun',
    touches: ['billing'],
    expected: [{ rule: 'consumer-overrun', subject: 'group eu/billing', within: hard }],
    companions: [lagGrows, lagLies, retention],
    cure: {
      none: 'what retention removed is gone: a longer one keeps what is not read yet, and the finding offers it as that',
    },
  },
  {
    fault: 'partitions-added',
    touches: ['returns-desk'],
    expected: [{ rule: 'partitions-added', subject: 'topic eu/returns', within: hard }],
    cure: past,
  },
  {
    fault: 'churn',
    touches: ['search-indexer'],
    expected: [
      { rule: 'group-rebalances', verdict: 'storm', subject: 'group us/search-indexer', within: 180 },
    ],
    companions: [lagGrows, lagLies],
    cure: members,
  },
  {
    fault: 'skew',
    expected: [
      { rule: 'flow-limits', verdict: 'capacity-exceeded', subject: mm2, says: /one task/, within: 90 },
      { rule: 'topic-skew', verdict: 'hot-partition', subject: 'topic eu/orders', within: 250 },
    ],
    companions: [lagGrows, lagLies],
    clears: 400,
    cure: { none: 'a partition is read by one task: the keys must be spread' },
  },
  {
    fault: 'uneven-assignment',
    touches: ['billing'],
    expected: [{ rule: 'group-skew', verdict: 'uneven', subject: 'group eu/billing', within: 200 }],
    companions: [
      lagGrows,
      {
        rule: 'group-rebalances',
        subject: 'group eu/billing',
        because: 'all its members are started anew by the fault, and again by its healing',
      },
    ],
    clears: 400,
    cure: members,
  },
  {
    fault: 'slow-member',
    touches: ['billing'],
    expected: [{ rule: 'group-skew', verdict: 'slow-member', subject: 'group eu/billing', within: 200 }],
    companions: [lagGrows],
    clears: 400,
    cure: members,
  },
  {
    fault: 'slow-consumer',
    touches: ['billing'],
    expected: [{ rule: 'group-lag', verdict: 'falling-behind', subject: 'group eu/billing', within: 390 }],
    companions: [lagLies, retention],
    cure: members,
  },
  {
    fault: 'target-quota',
    startAfter: 600,
    expected: [
      { rule: 'flow-limits', verdict: 'target-limited', subject: mm2, says: /produce quota/, within: 630 },
    ],
    companions: [retention, limited],
    clears: 600,
  },
];

/** What may be said, for information, while nothing is wrong: the calm situations of the lab must bring nothing louder. */
export const calmSays: Readonly<Record<string, readonly Wanted[]>> = {
  'second-writer': [{ rule: 'another-writer' }],
};
