import { chmod, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { licences } from './licences.js';

export const repository = path.resolve(import.meta.dirname, '..');

export type BundleOptions = {
  readonly entry: string;
  readonly outfile: string;
  /** What `kmon --version` says. */
  readonly version: string;
};

export type Bundle = {
  readonly bytes: number;
  readonly modules: number;
  readonly packages: readonly string[];
};

/** esbuild does not know that these are in Node 20, and would have each made anew wherever it is used: by Ink for each cell of a frame. */
export const inNode20 = { 'regexp-unicode-property-escapes': true, 'regexp-set-notation': true };

/**
 * The file is a script of sh, too, whose second line JavaScript reads as a text and a comment: sh tells the C library how to keep memory, which a
 * program cannot do for itself once it runs, and gives way to Node (docs/decisions/0017-started-by-sh.md). Whoever has set it otherwise keeps
 * what was set, and `node kmon.mjs` goes without.
 */
const startedBySh = [
  '#!/bin/sh',
  [
    `':' //`,
    'export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-1}" MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_-131072}"',
    'exec node "$0" "$@"',
  ].join('; '),
];

/**
 * One executable ES module that needs nothing but Node: production React, every library inside, the licences of the
 * libraries at its end. Names and lines are kept: without them a stack trace in a bug report says nothing.
 */
export async function bundle({ entry, outfile, version }: BundleOptions): Promise<Bundle> {
  const { metafile, warnings } = await build({
    absWorkingDir: repository,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    supported: inNode20,
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"production"',
      KMON_VERSION: JSON.stringify(version),
      // Yoga would take its own text through it, and axios looks whether it is there: Node would load its own HTTP client for that.
      fetch: 'undefined',
    },
    // Optional to those who import them, and not optional to a bundler; or of no use here.
    alias: {
      'react-devtools-core': stub('react-devtools-core'),
      debug: stub('debug'),
      'form-data': stub('form-data'),
    },
    plugins: [quickerRows, loadedLater, idleLibraries],
    banner: {
      js: [
        ...startedBySh,
        // The CommonJS libraries inside call require for Node's own modules.
        "import { createRequire as kmonCreateRequire } from 'node:module';",
        'const require = kmonCreateRequire(import.meta.url);',
      ].join('\n'),
    },
    minifyWhitespace: true,
    lineLimit: 160,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });

  const complaints = [...warnings.map(warning => warning.text), ...foreignImports(metafile)];
  if (complaints.length > 0) throw new Error(`the bundle would not stand alone:\n${complaints.join('\n')}`);

  const packages = packagesOf(metafile);
  const code = await readFile(outfile, 'utf8');
  const text = `${code}\n${await licences(packages)}`;
  const [beyond] = /[^\u0000-\u00ff]/.exec(text) ?? [];
  if (beyond !== undefined) throw new Error(`${beyond} would double the memory that the bundle's text takes`);
  await writeFile(outfile, text);
  await chmod(outfile, 0o755);
  return { bytes: Buffer.byteLength(code), modules: Object.keys(metafile.inputs).length, packages };
}

const substitutes = path.join(import.meta.dirname, 'substitutes');

/** What of Ink, and of what it asks about text, is exchanged; these substitutes ask the libraries themselves. */
const exchanged = /^(?:string-width|\.\/(?:line-update|measure-text|output|sanitize-ansi)\.js)$/;
const inkItself = path.join(repository, 'node_modules/ink/build');

const quickerRows: Plugin = {
  name: 'quicker rows',
  setup: bundling => {
    bundling.onResolve({ filter: exchanged }, ({ path: library, importer }) => {
      const isAsked = library.startsWith('.')
        ? path.dirname(importer) === inkItself
        : !importer.startsWith(substitutes);
      return isAsked ? { path: path.join(substitutes, `${path.basename(library, '.js')}.ts`) } : undefined;
    });
  },
};

/** Few have a store of Java's, and with node-forge what reads it is 1.4 MB that live on the heap: it is loaded by the first who calls it. */
const loadedLater: Plugin = {
  name: 'loaded later',
  setup: bundling => {
    bundling.onResolve({ filter: /^jks-js$/ }, ({ path: library, namespace }) =>
      namespace === 'later' ? undefined : { path: library, namespace: 'later' },
    );
    bundling.onLoad({ filter: /^jks-js$/, namespace: 'later' }, ({ path: library }) => ({
      contents: `exports.toPem = (...store) => require('${library}').toPem(...store);`,
      resolveDir: repository,
    }));
  },
};

/** What libraries do as soon as they are loaded, for what kmon never asks of them. */
const madeIdle = [
  {
    // What npm does to a package.json, with all licences that there are.
    file: 'meow/build/dependencies.js',
    line: /^var normalizeExports = .*$/m,
    instead: 'var normalizeExports = () => undefined;',
  },
  {
    // Node loads its own HTTP client as soon as one looks for what belongs to it.
    file: 'axios/lib/utils.js',
    line: /^const FormDataCtor = .*$/m,
    instead: 'const FormDataCtor = undefined;',
  },
  {
    file: 'axios/lib/adapters/fetch.js',
    line: /^const adapter = getFetch\(\);$/m,
    instead: 'const adapter = undefined;',
  },
];

const idleLibraries: Plugin = {
  name: 'idle libraries',
  setup: bundling => {
    for (const { file, line, instead } of madeIdle)
      bundling.onLoad(
        { filter: new RegExp(`node_modules/${file.replaceAll('.', '\\.')}$`) },
        async ({ path: whole }) => {
          const text = await readFile(whole, 'utf8');
          if (!line.test(text)) throw new Error(`${file} has no line like ${line.source} any more`);
          return { contents: text.replace(line, instead) };
        },
      );
  },
};

function stub(name: string): string {
  return path.join(import.meta.dirname, 'stubs', `${name}.js`);
}

/** What the bundle would still look for at the user's, besides Node's own modules. */
function foreignImports(metafile: Metafile): string[] {
  return Object.values(metafile.outputs)
    .flatMap(output => output.imports)
    .filter(({ external, path: specifier }) => external === true && !isBuiltin(specifier))
    .map(({ path: specifier, kind }) => `${specifier} stays outside (${kind})`);
}

/** The folders of the packages inside: `node_modules/ink`. */
function packagesOf(metafile: Metafile): string[] {
  const folders = Object.keys(metafile.inputs).map(
    file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0],
  );
  return [...new Set(folders.filter(folder => folder !== undefined))].sort();
}
