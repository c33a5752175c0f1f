/**
 * Every test runs as on a plain 256-colour terminal, whatever terminal or CI runs the tests: Ink and chalk read
 * these when they are first imported.
 */
for (const name of ['CI', 'NO_COLOR', 'TERM_PROGRAM', 'TMUX']) Reflect.deleteProperty(process.env, name);
Object.assign(process.env, { TERM: 'xterm-256color', COLORTERM: '', FORCE_COLOR: '2' });
