import type { Answer, ApisOffered } from '../../../core/observation.js';
import type { VersionRanges } from '../kafkajs.js';
import type { KafkaLink, Timed } from '../link.js';

/** What a broker speaks, as it said when the connection to it began: costs no request while that stands. */
export async function readBrokerApis(
  link: KafkaLink,
  broker: number,
  signal?: AbortSignal,
): Promise<Timed<Answer<ApisOffered>>> {
  const { answer, ...times } = await link.offered(broker, signal);
  return { ...times, answer: 'ok' in answer ? { ok: columnsOf(answer.ok) } : answer };
}

function columnsOf(versions: VersionRanges): ApisOffered {
  const rising = [...versions].sort(([a], [b]) => a - b);
  return {
    key: Int32Array.from(rising, ([key]) => key),
    oldest: Int32Array.from(rising, ([, { min }]) => min),
    newest: Int32Array.from(rising, ([, { max }]) => max),
  };
}
