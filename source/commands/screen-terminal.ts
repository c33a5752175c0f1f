import { ConfigProblem } from '../config/problem.js';
import { systemTerminal, whyNoTerminal, withTerminal, type Terminal } from '../terminal/terminal.js';

/** The terminal of this process, for a command that draws on it. @throws {ConfigProblem} */
export function screenTerminal(): Terminal {
  const terminal = systemTerminal();
  const impossible = whyNoTerminal(terminal);
  if (impossible === undefined) return terminal;
  throw new ConfigProblem(impossible, withTerminal);
}
