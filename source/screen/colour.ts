/** 0 none, 1 sixteen colours, 2 two hundred and fifty-six. More is never used: over SSH it costs bytes and adds nothing. */
export type ColourLevel = 0 | 1 | 2;

/** What decides about colour: the environment, and whether the output is a terminal. */
export type ColourQuestion = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
};

/**
 * NO_COLOR (https://no-color.org) wins, then FORCE_COLOR (0…3), then COLORTERM and TERM.
 */
export function colourLevel({ env, isTerminal }: ColourQuestion): ColourLevel {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') {
    if (forced === '0' || forced === 'false') return 0;
    return forced === '1' || forced === 'true' ? 1 : 2;
  }
  if (!isTerminal) return 0;
  const term = env['TERM'] ?? '';
  if (term === 'dumb') return 0;
  if (env['COLORTERM'] === 'truecolor' || env['COLORTERM'] === '24bit') return 2;
  return /256(color)?$/.test(term) ? 2 : 1;
}
