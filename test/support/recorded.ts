import { readFile } from 'node:fs/promises';
import { SimulatedServer, type SimulatedRequest } from '../../source/simulator/http/server.js';

/**
 * A server that answers with what a real one answered once: the first entry of `answers` that fits the request.
 * Files are JSON bodies beside the test.
 */
export async function recordedServer(
  folder: URL,
  answers: readonly {
    readonly fits: (request: SimulatedRequest) => boolean;
    readonly file: string;
    readonly status?: number;
  }[],
): Promise<SimulatedServer> {
  const bodies = new Map<string, unknown>();
  for (const { file } of answers) {
    bodies.set(file, JSON.parse(await readFile(new URL(file, folder), 'utf8')));
  }
  return SimulatedServer.start(request => {
    const answer = answers.find(({ fits }) => fits(request));
    if (answer === undefined) return { status: 404 };
    return { status: answer.status ?? 200, body: bodies.get(answer.file) };
  });
}
