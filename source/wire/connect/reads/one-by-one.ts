import * as z from 'zod';
import type { Failure } from '../../../core/failure.js';
import type { Answer } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { configShape, connectorPath, statusShape } from './shapes.js';

const info = z.object({ config: configShape.default({}), type: z.string().nullish() });

export type Expanded = {
  readonly status?: z.infer<typeof statusShape> | undefined;
  readonly info?: z.infer<typeof info> | undefined;
};

/** Questions under way at a time: an old worker answers each of them from one thread of its herder. */
const atATime = 8;

/**
 * What `?expand=status&expand=info` gives since Connect 2.3, by two questions a connector. One that vanished since it was
 * listed is left out; any other failure is the workers', and ends the whole.
 */
export async function readOneByOne(
  link: ConnectLink,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Answer<Readonly<Record<string, Expanded>>>> {
  const found = new Map<string, Expanded>();
  const waiting = [...names];
  let failed: Failure | undefined;
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined && failed === undefined; name = waiting.shift()) {
      const described = await link.read({ path: connectorPath(name), shape: info, signal });
      if ('failed' in described) {
        if (described.failed.kind !== 'absent') failed ??= described.failed;
        continue;
      }
      const status = await link.read({ path: connectorPath(name, '/status'), shape: statusShape, signal });
      // Created a moment ago: it has a configuration, and no worker has said yet how it is.
      if ('failed' in status && status.failed.kind !== 'absent') failed ??= status.failed;
      else found.set(name, { info: described.ok, ...('ok' in status && { status: status.ok }) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, names.length) }, work));
  return failed === undefined ? { ok: Object.fromEntries(found) } : { failed };
}
