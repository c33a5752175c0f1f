import { describe, expect, it } from 'vitest';
import { RawConfig } from '../../../source/wire/connect/raw-config.js';
import { redactConfig } from '../../../source/wire/connect/redact.js';
import { mask, redactText } from '../../../source/wire/http/redact-text.js';

describe('a configuration that is shown', () => {
  it.each([
    'sasl.jaas.config',
    'producer.override.sasl.jaas.config',
    'source.cluster.ssl.keystore.password',
    'ssl.keystore.key',
    'connection.password',
    'aws.secret.access.key',
    'aws_access_key',
    'api.token',
    'apiKey',
    'basic.auth.user.info',
    'azure.credential',
  ])('hides %s', key => {
    expect(redactConfig({ [key]: 'hunter2' })).toEqual({ [key]: mask });
  });

  it.each([
    'key.converter',
    'key.converter.schemas.enable',
    'tasks.max',
    'topics',
    'ssl.keystore.location',
    'name',
  ])('shows %s', key => {
    expect(redactConfig({ [key]: 'value' })).toEqual({ [key]: 'value' });
  });

  it('shows a reference to a secret, and hides one that only begins like it', () => {
    const reference = '${vault:kafka/mm2:password}';
    expect(redactConfig({ 'sasl.password': reference })).toEqual({ 'sasl.password': reference });
    expect(redactConfig({ 'sasl.password': `${reference}x` })).toEqual({ 'sasl.password': mask });
  });

  it('hides user and password within a URL, whatever the key', () => {
    expect(redactConfig({ 'connection.url': 'mongodb://kmon:hunter2@db:27017/a' })).toEqual({
      'connection.url': `mongodb://${mask}@db:27017/a`,
    });
    expect(redactConfig({ 'connection.url': 'jdbc:postgresql://db/a?user=kmon&password=hunter2' })).toEqual({
      'connection.url': `jdbc:postgresql://db/a?user=kmon&password=${mask}`,
    });
  });
});

describe('a text of the other side', () => {
  it.each([
    'ScramLoginModule required username="kmon" password="hunter2";',
    "password='hunter2'",
    'sasl.password=hunter2, other=1',
    '{"token": "hunter2"}',
    'http://kmon:hunter2@host/',
    'Authorization: Bearer hunter2hunter2',
  ])('loses its secret: %s', text => {
    expect(redactText(text)).not.toContain('hunter2');
  });

  it('keeps the rest', () => {
    expect(redactText('connect ECONNREFUSED 127.0.0.1:8083')).toBe('connect ECONNREFUSED 127.0.0.1:8083');
  });
});

describe('a raw configuration', () => {
  const config = new RawConfig({
    'tasks.max': '4',
    'a.password': 'hunter2',
    'b.password': '********',
    c: null,
  });

  it('compares raw values, and names keys only', () => {
    expect(config.differences(config.with({ 'a.password': 'hunter3', d: '1' }))).toEqual(['a.password', 'd']);
    expect(config.differences(config.with({}))).toEqual([]);
  });

  it('knows which of its secrets are masks already', () => {
    expect(config.masked()).toEqual(['b.password']);
  });

  it('takes a key away that is changed to null', () => {
    expect(config.with({ 'tasks.max': null }).shown('tasks.max')).toBeUndefined();
  });
});
