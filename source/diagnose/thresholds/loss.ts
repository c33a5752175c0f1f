import { own, runbook, type Thresholds } from './threshold.js';

/** Messages that are lost, or may be. */
export const lossThresholds = {
  'event-shown': {
    value: 600,
    unit: 's',
    origin: own,
    meaning:
      'what happened at one moment (records lost, passed over, written twice) is a finding for so long',
  },
  'jump-pace': {
    value: 500_000,
    unit: 'records/s',
    origin: own,
    meaning:
      'pace of a group up to which a leap of its commits may have been reading: above it, records were passed over',
  },
  'loss-ahead': {
    value: 21_600,
    unit: 's',
    origin: own,
    meaning: 'time until retention removes records that were not read, below which someone is told',
  },
  'loss-soon': {
    value: 3_600,
    unit: 's',
    origin: own,
    meaning: 'the same below which it is critical',
  },
  'loss-age': {
    value: 120,
    unit: 's',
    origin: own,
    meaning: 'who is not so far behind in time is no prey of retention, whatever the paces of a minute say',
  },
  'unwritten-quiet': {
    value: 300,
    unit: 's',
    origin: own,
    meaning:
      'records that were not written are asked about when no more were found for so long: markers of transactions and compaction never rest',
  },
  'unclaimed-wait': {
    value: 60,
    unit: 's',
    origin: 'the status of Connect may follow a restart so late',
    meaning: 'records that a flow did not write are spoken of when no restart has explained them for so long',
  },
  'repeats-many': {
    value: 1_000,
    unit: 'records',
    origin: 'measured: graceful restarts of a MirrorMaker 2 repeat a few hundred',
    meaning: 'records written twice from which on it is more than a note',
  },
  'retry-rate': {
    value: 10,
    unit: 'records/s',
    origin: runbook,
    meaning: 'record-retry-rate of the worst producer that is not idempotent',
  },
  'retry-rate-high': {
    value: 50,
    unit: 'records/s',
    origin: runbook,
    meaning: 'the same beyond which it is critical',
  },
  'added-shown': {
    value: 3_600,
    unit: 's',
    origin: own,
    meaning:
      'partitions that were added are spoken of for so long, and as long as a group has not read past them',
  },
} as const satisfies Thresholds;
