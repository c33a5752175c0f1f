import { own, type Thresholds } from './threshold.js';

/** How unevenly load lies over partitions, members and brokers. */
export const skewThresholds = {
  'skew-median': {
    value: 3,
    unit: 'times',
    origin: 'AWS guidance for Flink: 3 × the median',
    meaning: 'arrival of the busiest partition ÷ that of the middle one, with six partitions or more',
  },
  'skew-top': {
    value: 0.5,
    unit: 'share',
    origin: own,
    meaning: 'the same as a share of all arrival, where there are three to five partitions',
  },
  'lag-share': {
    value: 0.5,
    unit: 'share',
    origin: own,
    meaning: 'share of a group’s lag in one partition, of one member, or of one broker, of several',
  },
  'lag-share-critical': {
    value: 0.8,
    unit: 'share',
    origin: own,
    meaning: 'the same from which it is critical, where it grows and is late',
  },
  'lag-excess': {
    value: 1.5,
    unit: 'times',
    origin: own,
    meaning: 'and that share ÷ the share that would be even: half of the lag in one of two is nothing',
  },
  'consume-slow': {
    value: 0.8,
    unit: 'share',
    origin: own,
    meaning: 'consumption ÷ arrival of a member below which it falls behind, while the others keep up',
  },
  'arrival-excess': {
    value: 1.5,
    unit: 'times',
    origin: own,
    meaning: 'share of arrival ÷ an even share, from which whoever is behind simply has more to do',
  },
  'leaders-uneven': {
    value: 1.25,
    unit: 'times',
    origin: 'Cruise Control balances to 1.10',
    meaning: 'partitions that a broker leads ÷ its fair share',
  },
  'leaders-gone': {
    value: 0.25,
    unit: 'times',
    origin: own,
    meaning: 'the same of the broker that leads least, below which leadership has gone from it',
  },
  'broker-cpu': {
    value: 0.85,
    unit: 'share',
    origin: own,
    meaning: 'CPU of a broker’s host from which it is the limit of what it leads',
  },
  'broker-share': {
    value: 0.1,
    unit: 'share',
    origin: own,
    meaning: 'share of what is written to a broker, from which one partition can be what its CPU is used for',
  },
} as const satisfies Thresholds;
