import { expect, test } from 'vitest';
import { principalsOf } from '../../../source/wire/connect/principals.js';

const mirror = { 'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector' };
const scram = (user: string): string =>
  `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="p username=eve";`;

test('users of JAAS entries, each in the place of its client', () => {
  expect(
    principalsOf({
      ...mirror,
      'source.cluster.security.protocol': 'SASL_SSL',
      'source.cluster.sasl.jaas.config': scram('reader'),
      'target.cluster.security.protocol': 'SASL_SSL',
      'target.cluster.sasl.jaas.config': scram('mm2-user'),
      'producer.override.security.protocol': 'SASL_SSL',
      'producer.override.sasl.jaas.config': scram('mm2-writer'),
    }),
  ).toEqual({ source: 'reader', target: 'mm2-user', producer: 'mm2-writer' });
});

test('MirrorMaker’s own clients without a protocol do not log in; the producer’s may stand in the worker’s configuration', () => {
  expect(principalsOf(mirror)).toEqual({ source: 'ANONYMOUS', target: 'ANONYMOUS' });
  expect(principalsOf({ ...mirror, 'producer.override.security.protocol': 'PLAINTEXT' })?.producer).toBe(
    'ANONYMOUS',
  );
});

test('the consumer’s own keys come before those of the source cluster', () => {
  expect(
    principalsOf({
      ...mirror,
      'source.cluster.security.protocol': 'SASL_SSL',
      'source.cluster.sasl.jaas.config': scram('all'),
      'source.consumer.sasl.jaas.config': scram('consumer'),
    })?.source,
  ).toBe('consumer');
});

test.each([
  ['a certificate', { 'producer.override.security.protocol': 'SSL' }],
  [
    'a token',
    {
      'producer.override.security.protocol': 'SASL_SSL',
      'producer.override.sasl.mechanism': 'OAUTHBEARER',
      'producer.override.sasl.jaas.config': scram('mm2-user'),
    },
  ],
  ['a reference', { 'producer.override.sasl.jaas.config': '${file:/etc/kafka/secrets.properties:jaas}' }],
  ['a reference to the user', { 'producer.override.sasl.jaas.config': scram('${env:MM2_USER}') }],
  ['no value', { 'producer.override.sasl.jaas.config': null }],
])('by %s nobody is named', (_, config) => {
  expect(principalsOf({ 'connector.class': 'org.example.SomeSource', ...config })).toBeUndefined();
});
