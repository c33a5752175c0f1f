import { remediesDocument } from './remedies-document.js';

/** Every document that is made from the code: its path and its text. */
export async function documents(): Promise<ReadonlyMap<string, string>> {
  return Promise.resolve(new Map([['docs/remedies.md', `${remediesDocument()}\n`]]));
}
