import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configJson, configText } from '../../source/commands/config.js';
import { loadAll } from '../../source/commands/context.js';
import { thresholdNames } from '../../source/diagnose/thresholds.js';

const secret = 'hunter2-configured';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kmon-config-'));
  const at = (name: string): string => path.join(folder, name);
  await writeFile(
    at('us.properties'),
    [
      'security.protocol=SASL_PLAINTEXT',
      'sasl.mechanism=SCRAM-SHA-512',
      `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="watcher" password="${secret}";`,
      'linger.ms=5',
    ].join('\n'),
    { mode: 0o644 },
  );
  await writeFile(
    at('config.yaml'),
    [
      'contexts:',
      '  site:',
      '    interval: 5',
      '    thresholds: { produce-throttle: 0.2s, buffer-used: 70% }',
      '    clusters:',
      '      us: { bootstrap: ["us-1:9092"], properties: ./us.properties }',
      '    connect:',
      `      - { url: "http://operator:${secret}@worker:8083", cluster: us }`,
      '    metrics:',
      `      prometheus: { url: "http://reader:${secret}@prometheus:9090" }`,
    ].join('\n'),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const loaded = (): ReturnType<typeof loadAll> =>
  loadAll(
    { config: path.join(folder, 'config.yaml'), readWrite: true },
    { HOME: folder, KMON_CONTEXT: 'site' },
  );

describe('kmon config', () => {
  test('says of each value where it came from', () => {
    const file = path.join(folder, 'config.yaml');
    const lines = configText(loaded()).split('\n');
    expect(lines[0]).toBe('context site');
    const of = (setting: string): string | undefined =>
      lines.find(line => line.startsWith(`  ${setting} `))?.replace(/ {2,}/g, ' | ');
    expect(of('context')).toBe(' | context | site | $KMON_CONTEXT');
    expect(of('interval')).toBe(` | interval | 5s | ${file}: contexts.site.interval`);
    expect(of('mode')).toBe(' | mode | read-write | --read-write');
    expect(of('connect.us.managed-by')).toBe(' | connect.us.managed-by | rest | default');
    expect(of('clusters.us.mechanism')).toContain(
      `SCRAM-SHA-512 | ${path.join(folder, 'us.properties')}: sasl.mechanism`,
    );
  });

  test('shows every threshold that is in force, and which were set', () => {
    const file = path.join(folder, 'config.yaml');
    const lines = configText(loaded()).split('\n');
    const of = (name: string): string | undefined =>
      lines.find(line => line.startsWith(`  thresholds.${name} `))?.replace(/ {2,}/g, ' | ');
    expect(of('produce-throttle')).toBe(
      ` | thresholds.produce-throttle | 200ms (default 100ms) | ${file}: contexts.site.thresholds.produce-throttle`,
    );
    expect(of('buffer-used')).toBe(
      ` | thresholds.buffer-used | 70% | ${file}: contexts.site.thresholds.buffer-used`,
    );
    expect(of('drain-time')).toBe(' | thresholds.drain-time | 30m | default');
    for (const name of thresholdNames) expect(of(name), name).toBeDefined();
  });

  test('puts the warnings after the values', () => {
    const { warnings } = loaded();
    expect(warnings).not.toEqual([]);
    expect(configText(loaded()).split('\n').slice(-warnings.length)).toEqual(
      warnings.map(sentence => `warning: ${sentence}`),
    );
  });

  test('as JSON has the same settings and warnings', () => {
    const { settings, warnings } = loaded();
    expect(configJson(loaded())).toEqual({ context: 'site', settings, warnings });
  });

  test('shows no secret', () => {
    const { context } = loaded();
    expect(JSON.stringify(context)).toContain(secret);
    expect(configText(loaded())).not.toContain(secret);
    expect(JSON.stringify(configJson(loaded()))).not.toContain(secret);
  });
});
