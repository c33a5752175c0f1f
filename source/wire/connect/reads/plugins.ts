import * as z from 'zod';
import type { Answer, PluginsSeen } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';

type Plugins = Extract<PluginsSeen['answer'], { ok: unknown }>['ok'];

const shape = z.array(
  z.object({ class: z.string(), type: z.string().nullish(), version: z.string().nullish() }),
);

/** The connectors that the workers can run (GET /connector-plugins). Before Connect 0.11 it names classes alone. */
export async function readPlugins(link: ConnectLink, signal?: AbortSignal): Promise<Answer<Plugins>> {
  return mapAnswer(await link.read({ path: '/connector-plugins', shape, signal }), plugins => ({
    ok: plugins.map(plugin => ({
      class: plugin.class,
      type: plugin.type ?? 'unknown',
      ...(plugin.version && { version: plugin.version }),
    })),
  }));
}
