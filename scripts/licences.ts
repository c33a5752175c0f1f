import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

/** Licences that allow a library inside a bundle under MIT, given its notice. */
const accepted = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** The notices of bundled packages as one comment; throws on a licence that was not agreed to. */
export async function licences(packages: readonly string[]): Promise<string> {
  const notices = await Promise.all(packages.map(notice));
  return `/*! The libraries inside, with their licences.\n\n${notices.join('\n\n')}\n*/\n`;
}

async function notice(folder: string): Promise<string> {
  const { name, version, license } = manifest.parse(
    JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')),
  );
  const taken = choices(license).find(choice => accepted.includes(choice));
  if (taken === undefined) throw new Error(`${name} is under ${license}: may it be bundled?`);
  const file = (await readdir(folder)).find(entry => /^licen[cs]e(\.|$)/i.test(entry));
  const text = file === undefined ? '' : await readFile(path.join(folder, file), 'utf8');
  return `${name} ${version}, ${taken}\n${inLatin1(text.trim()).replaceAll('*/', '* /')}`;
}

/**
 * With the quotes, dashes and bullets of ASCII: V8 keeps the text of a program for as long as it runs, two bytes a character where one
 * of them is not of Latin-1.
 */
function inLatin1(text: string): string {
  return text
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u2013\u2014]/g, '-')
    .replace(/\u2022/g, '*');
}

/** `(A OR B)` leaves the choice to whoever takes the library; any other expression stands as it is. */
function choices(license: string): readonly string[] {
  return license.replace(/^\((.*)\)$/, '$1').split(' OR ');
}
