import { own, type Thresholds } from './threshold.js';

/** How findings begin and end. */
export const lifeThresholds = {
  'life-share': {
    value: 0.8,
    unit: 'share',
    origin: own,
    meaning:
      'a finding fires when it held in this share of the evaluations of the time that its rule asks for',
  },
  'life-grace': {
    value: 8,
    unit: 's',
    origin: own,
    meaning: 'a condition that is missed for so long is still the same one',
  },
  'life-hold': {
    value: 600,
    unit: 's',
    origin: own,
    meaning: 'a finding whose subject can no longer be judged is held so long: unknown is not healthy',
  },
  'clear-level': {
    value: 0.7,
    unit: 'share',
    origin: own,
    meaning:
      'what fires above a threshold holds until it is below this share of it, so that it does not flicker at the threshold',
  },
  'cause-lead': {
    value: 60,
    unit: 's',
    origin: own,
    meaning: 'a finding that was there so long before a cause is none of its consequences',
  },
} as const satisfies Thresholds;
