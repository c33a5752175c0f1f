import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { unknown, type Known } from '../core/known.js';

/** What is said of a past moment of which there is no memory: times all partitions of a site, some facts are too much. */
export function notKept(subject: string): Failure {
  return failure('absent', subject, 'kmon keeps it of the present only', 'go back to the present');
}

export function unkept(subject: string, at: Millis): Known<never> {
  return unknown(notKept(subject), at);
}
