/** `npm run build`: cli.tsx and everything that it needs → dist/kmon.mjs. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { bundle, repository } from './bundle.js';
import manifest from '../package.json' with { type: 'json' };

const outfile = path.join(repository, 'dist/kmon.mjs');
const { bytes, modules, packages } = await bundle({
  entry: path.join(repository, 'cli.tsx'),
  outfile,
  version: `${manifest.version}${commit()}`,
});
process.stdout.write(
  `dist/kmon.mjs: ${Math.round(bytes / 1000)} kB of code, ${modules} modules, ${packages.length} packages\n`,
);

/** The commit that is built, as semver's build metadata; empty where there is no git checkout. */
function commit(): string {
  try {
    const hash = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `+${hash.trim()}`;
  } catch {
    return '';
  }
}
