import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Every test runs as on a plain 256-colour terminal, whatever terminal or CI runs the tests: Ink and chalk read
 * these when they are first imported. Nor does it read the configuration of whoever runs it.
 */
for (const name of ['CI', 'NO_COLOR', 'TERM_PROGRAM', 'TMUX']) Reflect.deleteProperty(process.env, name);
Object.assign(process.env, { TERM: 'xterm-256color', COLORTERM: '', FORCE_COLOR: '2' });
const home = mkdtempSync(join(tmpdir(), 'kmon-home-'));
process.env['HOME'] = home;
process.once('exit', () => {
  rmSync(home, { recursive: true, force: true });
});
