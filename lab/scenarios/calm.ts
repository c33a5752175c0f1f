import type { LabSite } from '../site.js';

/** A situation in which nothing is wrong, however it looks, and kmon must say so by saying nothing. */
export interface Calm {
  readonly name: string;
  /** One line: what is done. */
  readonly about: string;
  /** What must be there before kmon looks. */
  prepare?(site: LabSite): Promise<void>;
  /** What goes on while it looks, until `signal` aborts. */
  during?(site: LabSite, signal: AbortSignal): Promise<void>;
  /** Puts back what was changed. Harmless when nothing was. */
  end?(site: LabSite): Promise<void>;
}
