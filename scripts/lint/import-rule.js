import path from 'node:path';
import { isBuiltin } from 'node:module';
import { folders, guarded, libraries, pure } from './import-table.js';

/**
 * Reports every import in `source/` and `cli.tsx` that the table does not allow, however it is spelt:
 * `import`, `export … from`, `import()`, `import('…').Type`, `require`.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const importRule = {
  meta: {
    type: 'problem',
    docs: { description: 'the import table of docs/architecture.md' },
    schema: [],
    messages: { breach: '{{reason}} (the table: docs/architecture.md)' },
  },
  create(context) {
    const importer = withinSource(context.cwd, context.filename);
    if (importer === undefined) return {};

    /** @param {import('eslint').Rule.Node} node @param {unknown} specifier @param {boolean} typeOnly */
    const check = (node, specifier, typeOnly) => {
      if (typeof specifier !== 'string') return;
      const reason = breach(importer, target(context.cwd, context.filename, specifier), typeOnly);
      if (reason !== undefined) context.report({ node, messageId: 'breach', data: { reason } });
    };

    return {
      /** @param {any} node */
      'ImportDeclaration, ExportNamedDeclaration[source], ExportAllDeclaration'(node) {
        check(node, node.source.value, (node.importKind ?? node.exportKind) === 'type');
      },
      /** @param {any} node */
      ImportExpression(node) {
        check(node, node.source.value, false);
      },
      /** @param {any} node */
      TSImportType(node) {
        check(node, node.source.value, true);
      },
      /** @param {any} node */
      TSExternalModuleReference(node) {
        check(node, node.expression.value, false);
      },
      /** @param {any} node */
      'CallExpression[callee.name=/^require/], CallExpression[callee.object.name=/^require/]'(node) {
        check(node, node.arguments[0]?.value, false);
      },
    };
  },
};

/**
 * Why `importer` may not import `to`, or undefined where it may.
 *
 * @param {string} importer a file of `source/` without extension: `model/rate`; `cli` for the front door
 * @param {Target} to
 * @param {boolean} typeOnly whether nothing of the import is left at run time
 * @returns {string | undefined}
 */
export function breach(importer, to, typeOnly) {
  const from = folderOf(importer);
  if ('outside' in to) return `source/ does not import ${to.outside}`;
  if ('builtin' in to) {
    return pure.includes(from) ? `${from} is pure: it does not import ${to.builtin}` : undefined;
  }
  if ('library' in to) {
    const homes = libraries[to.library] ?? [];
    if (homes.some(home => covers(home, importer))) return undefined;
    return homes.length > 0
      ? `${to.library} is imported in ${homes.join(' and ')} only, not in ${importer}`
      : `${to.library} has no place in the table`;
  }

  for (const [area, owners] of Object.entries(guarded)) {
    if (covers(area, to.file) && !owners.some(owner => covers(owner, importer))) {
      return `only ${owners.join(' and ')} import ${area}, not ${importer}`;
    }
  }
  if (folderOf(to.file) === from) return undefined;
  const allowed = folders[from];
  if (allowed === undefined) return `${from} has no place in the table`;
  if (allowed.some(entry => covers(entry, to.file))) return undefined;
  if (allowed.some(entry => entry.startsWith('type ') && covers(entry.slice('type '.length), to.file))) {
    return typeOnly ? undefined : `${from} imports only types of ${to.file}: write \`import type\``;
  }
  return `${from} does not import ${to.file}; it may import: ${allowed.join(', ') || 'nothing'}`;
}

/**
 * What an import leads to: a file of `source/`, a file beside it, a part of Node, or a library.
 *
 * @typedef {{ file: string } | { outside: string } | { builtin: string } | { library: string }} Target
 */

/** @param {string} root @param {string} importer @param {string} specifier @returns {Target} */
function target(root, importer, specifier) {
  if (specifier.startsWith('.') || path.isAbsolute(specifier)) {
    const absolute = path.resolve(path.dirname(importer), specifier);
    const file = withinSource(root, absolute);
    return file === undefined || file === 'cli' ? { outside: path.relative(root, absolute) } : { file };
  }
  if (isBuiltin(specifier)) return { builtin: specifier };
  const parts = specifier.split('/');
  return { library: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/') };
}

/** @param {string} root @param {string} file @returns {string | undefined} */
function withinSource(root, file) {
  const relative = path
    .relative(root, file)
    .split(path.sep)
    .join('/')
    .replace(/\.[cm]?[jt]sx?$/, '');
  if (relative === 'cli') return 'cli';
  return relative.startsWith('source/') ? relative.slice('source/'.length) : undefined;
}

/** @param {string} file */
function folderOf(file) {
  return file.split('/', 1)[0] ?? file;
}

/** @param {string} pattern @param {string} file */
function covers(pattern, file) {
  const have = file.split('/');
  return pattern.split('/').every((part, i) => part === '*' || part === have[i]);
}
