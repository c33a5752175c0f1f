import type { Millis } from '../clock.js';
import type { Failure } from '../failure.js';

/** When it was asked and when the answer was complete; both by kmon's clock. */
export type Timing = { readonly asked: Millis; readonly answered: Millis };

/** An answer, or why there is none. */
export type Answer<T> = { readonly ok: T } | { readonly failed: Failure };
