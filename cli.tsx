import process from 'node:process';
import meow from 'meow';
import { flagShapes } from './source/commands/flags.js';
import { help } from './source/commands/help.js';
import { main, misuseOf, refuse } from './source/commands/main.js';
import { version } from './source/commands/version.js';

const wrong = misuseOf(process.argv.slice(2));
if (wrong) {
  refuse(wrong.misuse);
  process.exit(wrong.exitCode);
}

const cli = meow(help, {
  importMeta: import.meta,
  // Otherwise it looks for a package.json in the folder where it was put and in all above.
  pkg: { name: 'kmon' },
  description: false,
  version,
  flags: flagShapes,
});

process.exit(await main(cli.input, cli.flags, process.env));
