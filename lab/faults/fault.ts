import type { LabSite } from '../site.js';

/** One thing that can go wrong with a site, and how it is put right again. */
export interface Fault {
  readonly name: string;
  /** One line: what is done, and what is to be seen. */
  readonly about: string;
  /** What must be there before, and is no fault. */
  prepare?(site: LabSite): Promise<void> | void;
  /** Makes it so. `say` takes a note for the person who asked: which worker was killed. */
  inject(site: LabSite, say: (note: string) => void): Promise<void> | void;
  /** Puts it right, and waits until it is. Harmless when there is nothing to heal. */
  heal(site: LabSite): Promise<void> | void;
}
