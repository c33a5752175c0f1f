/** The process as a terminal program needs it; tests pass their own. */
export type Terminal = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Signals, uncaught errors and the end of the process. */
  readonly events: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
};

export function systemTerminal(): Terminal {
  return {
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    env: process.env,
    events: process,
  };
}

/** Why a full-screen program cannot run here, or undefined where it can. */
export function whyNoTerminal({ input, output }: Pick<Terminal, 'input' | 'output'>): string | undefined {
  const missing = [...(input.isTTY ? [] : ['standard input']), ...(output.isTTY ? [] : ['standard output'])];
  if (missing.length === 0) return undefined;
  return `a terminal is needed, and ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} none`;
}

/** What to do then. */
export const withTerminal = 'run it without pipes or redirection (ssh needs -t)';
