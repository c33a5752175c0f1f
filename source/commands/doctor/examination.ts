import type { Context } from '../../config/context.js';
import { explain, sentence, type Failure } from '../../core/failure.js';
import type { View } from '../../session/view.js';
import type { Clock } from '../../core/clock.js';
import type { Running } from '../assemble.js';
import type { Heard } from './heard.js';

/**
 * One thing that was looked at. `ok`: as it should be. `missing`: kmon works without it and loses `lost`. `failing`: it does not
 * work at all. `note`: worth knowing, nothing to repair, or not looked at and why.
 */
export type Check = {
  readonly is: 'ok' | 'missing' | 'failing' | 'note';
  /** Stable: `reached`, `version`, `permission`, `metrics`, `past`, `clock`, … */
  readonly check: string;
  readonly says: string;
  /** What kmon cannot show without it. */
  readonly lost?: string;
  readonly repair?: string;
  /** Commands that repair it, as they are typed. */
  readonly commands?: readonly string[];
};

/** The checks of one endpoint, or of kmon itself. */
export type Section = { readonly name: string; readonly about: string; readonly checks: readonly Check[] };

/** What `kmon doctor --json` prints. Fields may be added; those that are there keep their meaning. */
export type Report = {
  readonly kmon: string;
  readonly at: string;
  readonly context: string;
  /** Nothing is missing and nothing fails. */
  readonly well: boolean;
  readonly sections: readonly Section[];
};

/** What the checks look at. */
export type Examined = {
  readonly context: Context;
  readonly view: View;
  readonly heard: Heard;
  readonly links: Running['links'];
  readonly clock: Clock;
};

export function isWell(sections: readonly Section[]): boolean {
  return sections.every(({ checks }) => checks.every(c => c.is === 'ok' || c.is === 'note'));
}

export function ok(check: string, says: string): Check {
  return { is: 'ok', check, says };
}

export function note(check: string, says: string): Check {
  return { is: 'note', check, says };
}

/** What does not answer, with its cause and the next step. */
export function failed(check: string, why: Failure, lost?: string): Check {
  const repair = explain(why).nextStep;
  return { is: 'failing', check, says: sentence(why), ...(lost !== undefined && { lost }), repair };
}
