import type { KafkaConnection, KafkaRequest, VersionRanges } from './kafkajs.js';

/** ApiVersions (18): what the broker offers. Version 0 is known to every broker there is. */
const apiVersions: KafkaRequest<VersionRanges> = {
  key: 18,
  name: 'ApiVersions',
  versions: [0],
  flexibleFrom: 3,
  encode: () => undefined,
  decode: answer => {
    answer.int16();
    return new Map(
      answer.list(() => [answer.int16(), { min: answer.int16(), max: answer.int16() }] as const),
    );
  },
};

export function askApiVersions(connection: KafkaConnection): Promise<VersionRanges> {
  return connection.ask(apiVersions, 0);
}
