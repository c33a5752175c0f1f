const kept: object[] = [];

/**
 * Keeps `one` for as long as the process runs, for the sake of those that are like it and live shortly. What V8 has compiled for a
 * shape of objects dies with the last of them, at the next collection of the whole heap, and methods of a class that an answer
 * makes and drops would be compiled anew after each (docs/decisions/0016-code-is-kept-over-collections.md).
 */
export function keepShape(one: object): void {
  kept.push(one);
}
