import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { verdictShape } from '../source/commands/verdict.js';
import { diagnosisDocument } from './diagnosis-document.js';
import { keysDocument } from './keys-document.js';
import { remediesDocument } from './remedies-document.js';

/** Every document that is made from the code: its path and its text. */
export async function documents(): Promise<ReadonlyMap<string, string>> {
  const schema = 'docs/check.schema.json';
  const style = await resolveConfig(schema);
  const json = JSON.stringify(z.toJSONSchema(verdictShape), null, 2);
  return new Map([
    ['docs/diagnosis.md', `${diagnosisDocument()}\n`],
    ['docs/keys.md', `${keysDocument()}\n`],
    ['docs/remedies.md', `${remediesDocument()}\n`],
    [schema, await format(json, { ...style, filepath: schema })],
  ]);
}
