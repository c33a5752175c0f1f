/** What commands say outside the full-screen monitor: results to stdout, everything else to stderr. */

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
