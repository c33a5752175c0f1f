import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { nearest } from '../core/nearest.js';
import { ConfigProblem } from './problem.js';
import { configFile, knownKeys, type ConfigFile } from './schema.js';
import type { Settable } from './settable.js';

/** The configuration file, checked. Every problem names its line; none quotes the file, which may hold a password. */
export function readConfigFile(file: string, settable: Settable): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new ConfigProblem(
      `${file}: not valid YAML at line ${line}, column ${col}`,
      error.code === 'DUPLICATE_KEY'
        ? 'this key stands there twice: keep one of them'
        : 'correct the file at that place: brackets, quotes and indentation',
    );
  }
  const parsed = configFile(settable).safeParse((document.toJS() as unknown) ?? {});
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const path = first?.path ?? [];
  const unknown = first?.code === 'unrecognized_keys' ? first.keys[0] : undefined;
  if (unknown !== undefined) {
    const isThreshold = path.at(-1) === 'thresholds';
    const meant = nearest(unknown, isThreshold ? Object.keys(settable) : knownKeys);
    const where = path.length > 0 ? `${path.map(String).join('.')}.${unknown}` : unknown;
    throw new ConfigProblem(
      `${file}:${lineOf(document, lines, [...path, unknown])}: there is no key ${where}`,
      meant !== undefined
        ? `did you mean ${meant}?`
        : isThreshold
          ? 'docs/diagnosis.md lists every threshold, and so does kmon config'
          : 'the README describes every key of this file',
    );
  }
  throw new ConfigProblem(
    `${file}:${lineOf(document, lines, path)}: ${path.map(String).join('.') || 'top level'}: ${first?.message ?? 'not valid'}`,
    'the README describes every key of this file',
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigProblem(`${file}: cannot be read (${code})`, 'check --config and the permissions');
  }
}

/** The line of the last part of `path` that the file holds. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let at = 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (pair === undefined) break;
      at = isScalar(pair.key) ? (pair.key.range?.[0] ?? at) : at;
      node = pair.value;
    } else node = document.getIn([...path.slice(0, path.indexOf(part) + 1)], true);
  }
  return lines.linePos(at).line;
}
