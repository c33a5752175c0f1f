import { own, runbook, type Thresholds } from './threshold.js';

const burrow = 'Burrow';

/** Lag and commits of consumer groups. */
export const groupThresholds = {
  'allowed-lag': {
    value: 2,
    unit: 'records',
    origin: own,
    meaning:
      'lag of a partition that says nothing: the markers of transactions take offsets that nobody commits',
  },
  'commit-stop': {
    value: 300,
    unit: 's',
    origin: 'klag',
    meaning:
      'so long the first unread record waits, and the commit stands still, before it is called stopped',
  },
  'commit-periods': {
    value: 10,
    unit: 'times',
    origin: `${burrow}: it judges over 10 commits`,
    meaning: 'the same in times between two commits of the group, where that is longer',
  },
  'no-commit': {
    value: 600,
    unit: 's',
    origin: 'twice the default of max.poll.interval.ms (300 s)',
    meaning: 'who is still a member so long after its last commit polls, for else it would have been removed',
  },
  'left-alone': {
    value: 60,
    unit: 's',
    origin: own,
    meaning: 'a group without members is called stopped after so long, where records arrive',
  },
  behind: {
    value: 30,
    unit: 's',
    origin: runbook,
    meaning: 'a group that catches up is spoken of only if it is so far behind',
  },
  late: {
    value: 300,
    unit: 's',
    origin: own,
    meaning: 'falling behind is critical when the first unread record has waited so long',
  },
  'burst-clears': {
    value: 300,
    unit: 's',
    origin: `${runbook}: a burst is gone within 5 min`,
    meaning: 'a backlog that is gone sooner is a burst, and nothing is said of it',
  },
  'rewind-records': {
    value: 10_000,
    unit: 'records',
    origin: own,
    meaning: 'records that are read again beyond which a rewind is critical',
  },
  'rewind-traffic': {
    value: 60,
    unit: 's',
    origin: own,
    meaning: 'the same in seconds of what the group consumes',
  },
} as const satisfies Thresholds;
