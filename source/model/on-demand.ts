/**
 * Facts of which the costly ones are getters of the class: made when they are first read, and no part of what is kept of a past
 * moment (`Pressed`).
 *
 * A class, because an object literal with getters has a shape of its own and a function for each getter. Two hundred groups were
 * 1.3 MB a tick that way, all of which lived until the next one, and every look at a field was at a shape not seen before.
 */
export abstract class OnDemand {
  /** What is kept of it: its own fields. */
  told(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(this));
  }
}
