import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ESLint } from 'eslint';

const repository = path.resolve(import.meta.dirname, '../..');

/** `source/model/rate.ts:3`, sorted. */
export type Places = readonly string[];

/**
 * Lints a fixture folder with the project's own configuration, as if it were the project.
 * Every line that must be reported ends in `// breach`; every other line is legal.
 */
export async function lintFixture(
  name: string,
  rules: readonly string[],
): Promise<{ reported: Places; marked: Places }> {
  const cwd = path.join(import.meta.dirname, 'fixtures', name);
  const eslint = new ESLint({ cwd, overrideConfigFile: path.join(repository, 'eslint.config.js') });
  const results = await eslint.lintFiles(['.']);

  const reported = new Set<string>();
  const marked = new Set<string>();
  for (const result of results) {
    const file = path.relative(cwd, result.filePath);
    for (const message of result.messages) {
      if (message.fatal) throw new Error(`${file}: ${message.message}`);
      if (message.ruleId !== null && rules.includes(message.ruleId)) {
        reported.add(`${file}:${message.line}`);
      }
    }
    const lines = (await readFile(result.filePath, 'utf8')).split('\n');
    for (const [i, line] of lines.entries()) if (line.includes('// breach')) marked.add(`${file}:${i + 1}`);
  }
  return { reported: [...reported].sort(), marked: [...marked].sort() };
}
