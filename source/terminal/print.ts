/** What commands say outside the full-screen monitor: results to stdout, everything else to stderr. */

export function print(text: string): void {
  write(process.stdout, text);
}

export function complain(text: string): void {
  write(process.stderr, text);
}

/** As a shell reports a process that SIGPIPE ended: nobody reads any more, and nobody was told that all is well. */
const nobodyReads = 141;

const watched = new Set<NodeJS.WriteStream>();

function write(stream: NodeJS.WriteStream, text: string): void {
  if (!watched.has(stream)) {
    watched.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) =>
      process.exit(error.code === 'EPIPE' ? nobodyReads : 1),
    );
  }
  stream.write(`${text}\n`);
}
