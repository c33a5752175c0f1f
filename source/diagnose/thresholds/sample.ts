import { own, type Thresholds } from './threshold.js';

/** What samples of records are held against, where the user asked for them. */
export const sampleThresholds = {
  'sample-records': {
    value: 200,
    unit: 'count',
    origin: own,
    meaning: 'sampled records of a topic, below which nothing is said of its keys',
  },
  'few-keys': {
    value: 20,
    unit: 'times',
    origin: 'simulation: 20 keys a partition of equal weight make 1.4 × the mean at most',
    meaning: 'different keys ÷ partitions, below which the luck of the hash makes a topic uneven',
  },
  'empty-keys': {
    value: 0.1,
    unit: 'share',
    origin: own,
    meaning: 'share of records whose key has no bytes: all of them go to one partition',
  },
  'unkeyed-records': {
    value: 0.5,
    unit: 'share',
    origin: own,
    meaning: 'share of records without a key, from which unevenness is a matter of batches, not of keys',
  },
  'keys-split': {
    value: 0.01,
    unit: 'share',
    origin: own,
    meaning: 'share of sampled keys that lie in two partitions',
  },
  'times-back': {
    value: 0.001,
    unit: 'share',
    origin: own,
    meaning:
      'share of records of idempotent producers that are over 1 s older than one of the same producer before them',
  },
  'times-back-by': {
    value: 5,
    unit: 's',
    origin: own,
    meaning: 'and the furthest of these steps back',
  },
} as const satisfies Thresholds;
