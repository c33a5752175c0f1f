import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundle, inNode20, repository } from '../../scripts/bundle.js';
import type { Script } from './bare.js';
import type { Frame } from './painted.js';

/** Both as they would be shipped: one file, production React. */
export type Programs = { readonly kmon: string; readonly bare: string };

export async function buildPrograms(folder: string): Promise<Programs> {
  const kmon = path.join(folder, 'kmon.mjs');
  await bundle({ entry: path.join(repository, 'cli.tsx'), outfile: kmon, version: '0.0.0-bench' });
  const bare = path.join(folder, 'bare.mjs');
  await build({
    absWorkingDir: repository,
    entryPoints: [path.join(repository, 'bench/screen/bare.tsx')],
    outfile: bare,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    supported: inNode20,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'react-devtools-core': path.join(repository, 'scripts/stubs/react-devtools-core.js') },
    banner: {
      js: [
        "import { createRequire as benchCreateRequire } from 'node:module';",
        'const require = benchCreateRequire(import.meta.url);',
      ].join('\n'),
    },
    minifyWhitespace: true,
    logLevel: 'silent',
  });
  return { kmon, bare };
}

/** Writes down what the bare app is to draw. */
export function writeScript(file: string, by: Script['by'], frames: readonly Frame[]): void {
  const start = frames[0]?.at ?? 0;
  const script: Script = { by, frames: frames.map(({ at, lines }) => ({ at: at - start, lines })) };
  writeFileSync(file, JSON.stringify(script));
}
