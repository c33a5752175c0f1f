import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Flags } from '../../source/config/flags.js';
import { load as loadWith, type Loaded } from '../../source/config/load.js';
import { ConfigProblem } from '../../source/config/problem.js';

const load = (flags: Flags, env: NodeJS.ProcessEnv): Loaded => loadWith(flags, env, {});

function folder(files: Record<string, string>, mode = 0o600): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'kmon-settings-'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(dir, name), text);
    chmodSync(path.join(dir, name), mode);
  }
  return dir;
}

function problemOf(text: string, flags: Flags = {}, env: NodeJS.ProcessEnv = {}): ConfigProblem {
  try {
    load({ config: path.join(folder({ 'config.yaml': text }), 'config.yaml'), ...flags }, env);
  } catch (error) {
    if (error instanceof ConfigProblem) return error;
    throw error;
  }
  throw new Error('no problem was found');
}

const from = (loaded: Loaded, key: string): unknown => loaded.settings.find(s => s.path === key)?.from;

const site = `
current-context: lab
contexts:
  lab:
    clusters:
      us: { properties: us.properties, broker-map: { "b1.internal:9092": "[::1]:19092" } }
    connect:
      - { url: "http://w1:8083", cluster: us, bearer-token: { env: CONNECT_TOKEN } }
    metrics:
      prometheus: { url: "http://prom:9090", basic-auth: { username: ann, password: { file: prom.password } } }
      scrape: ["http://w1:9404/metrics", { url: "https://w2:9404/metrics", proxy: none, tls: { ca: ca.pem } }]
    proxy: env
    history: { moments: 32MB }
`;
const properties = `
bootstrap.servers=b0.internal:9092,b1.internal:9092
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=X required username="kmon" password="hunter2";
`;
const files = {
  'config.yaml': site,
  'us.properties': properties,
  'prom.password': 's3cret\n',
  'ca.pem': 'pem',
};

describe('every value knows where it came from', () => {
  const dir = folder(files);
  const config = path.join(dir, 'config.yaml');
  const env = { KMON_CONTEXT: 'lab', CONNECT_TOKEN: 't0ken' };
  const loaded = load({ config, interval: 5 }, env);

  it('a flag, the environment, a file with its key, a default', () => {
    expect(from(loaded, 'history.moments')).toMatchObject({
      is: 'file',
      file: config,
      path: 'contexts.lab.history.moments',
    });
    expect(from(loaded, 'interval')).toEqual({ is: 'flag', flag: '--interval' });
    expect(from(loaded, 'context')).toEqual({ is: 'environment', variable: 'KMON_CONTEXT' });
    expect(from(loaded, 'mode')).toEqual({ is: 'default' });
    expect(from(loaded, 'clusters.us.bootstrap')).toEqual({
      is: 'file',
      file: path.join(dir, 'us.properties'),
      path: 'bootstrap.servers',
    });
    expect(from(loaded, 'metrics.prometheus.url')).toEqual({
      is: 'file',
      file: config,
      path: 'contexts.lab.metrics.prometheus.url',
    });
  });

  it('a secret is there by its origin alone', () => {
    expect(from(loaded, 'contexts.lab.connect[0].bearer-token')).toEqual({
      is: 'environment',
      variable: 'CONNECT_TOKEN',
    });
    expect(JSON.stringify(loaded.settings)).not.toMatch(/hunter2|s3cret|t0ken/);
  });

  it('and reaches its endpoint', () => {
    const { context } = loaded;
    expect(context.clusters[0]?.endpoint.brokerMap).toEqual({ 'b1.internal:9092': '[::1]:19092' });
    expect(context.connects[0]?.endpoint).toMatchObject({ bearerToken: 't0ken', proxy: 'env' });
    expect(context.prometheus).toMatchObject({ basicAuth: { username: 'ann', password: 's3cret' } });
    expect(context.scrapes).toEqual([
      { name: 'w1:9404', url: 'http://w1:9404/metrics', proxy: 'env', requestTimeout: 5_000 },
      { name: 'w2:9404', url: 'https://w2:9404/metrics', tls: { ca: ['pem'] }, requestTimeout: 5_000 },
    ]);
  });
});

describe('flags', () => {
  it('--broker-map, --scrape and --proxy env', () => {
    const { context } = load(
      {
        bootstrap: ['[2001:db8::1]:9092'],
        brokerMap: ['b1:9092=127.0.0.1:19092', '[2001:db8::2]:9092=localhost:19093'],
        scrape: ['http://w1:9404/a', 'http://w1:9404/b'],
        proxy: 'env',
      },
      {},
    );
    expect(context.clusters[0]?.endpoint).toMatchObject({
      bootstrap: ['[2001:db8::1]:9092'],
      brokerMap: { 'b1:9092': '127.0.0.1:19092', '[2001:db8::2]:9092': 'localhost:19093' },
    });
    expect(context.scrapes.map(s => [s.name, s.proxy])).toEqual([
      ['w1:9404/a', 'env'],
      ['w1:9404/b', 'env'],
    ]);
  });

  it.each<[Flags, string]>([
    [{ bootstrap: ['2001:db8::1:9092'] }, 'brackets'],
    [{ bootstrap: ['b:1'], brokerMap: ['b1:9092'] }, '--broker-map b1.internal:9092=127.0.0.1:19092'],
    [{ bootstrap: ['b:1'], brokerMap: ['b1=b2:1'] }, 'broker-1:9092'],
    [{ bootstrap: ['b:1'], proxy: 'http://p:3128' }, '--proxy env'],
    [{ bootstrap: ['b:1'], interval: 0 }, '--interval 2'],
  ])('%j cannot be used, and the next step says how', (flags, expected) => {
    expect(() => load(flags, {})).toThrow(ConfigProblem);
    try {
      load(flags, {});
    } catch (error) {
      expect(error instanceof ConfigProblem && error.next).toContain(expected);
    }
  });
});

describe('a typing error', () => {
  it('in a key: its line, and the key that was meant', () => {
    const problem = problemOf('contexts:\n  a:\n    clusters:\n      us:\n        boostrap: b:1');
    expect(problem.problem).toMatch(/config\.yaml:5: there is no key contexts\.a\.clusters\.us\.boostrap$/);
    expect(problem.next).toBe('did you mean bootstrap?');
  });

  it('in the name of a context or a cluster', () => {
    const text =
      'contexts: { eu-us: { clusters: { eu: { bootstrap: "b:1" } }, connect: [{ url: "http://w:1", cluster: ue }] } }';
    expect(problemOf(text, { context: 'eu-su' }).next).toContain('did you mean eu-us?');
    expect(problemOf(text, { context: 'eu-us' }).next).toBe('did you mean eu?');
  });

  it('in a key of client.properties is a warning: the Java client takes it too', () => {
    const dir = folder({ 'c.properties': 'bootstrap.server=b:1\nsecurity.protocl=SSL\ngroup.id=x\n' });
    const file = path.join(dir, 'c.properties');
    expect(load({ bootstrap: ['b:1'], properties: [file] }, {}).warnings).toEqual([
      `${file}: bootstrap.server is not a key of the Kafka client: did you mean bootstrap.servers?`,
      `${file}: security.protocl is not a key of the Kafka client: did you mean security.protocol?`,
    ]);
  });

  it('a value of the wrong type: its line', () => {
    expect(problemOf('contexts:\n  a:\n    interval: fast').problem).toContain(
      'config.yaml:3: contexts.a.interval',
    );
  });

  it('memory of the past without a size: how it is written', () => {
    const { problem } = problemOf('contexts:\n  a:\n    history: { moments: much }');
    expect(problem).toContain('contexts.a.history.moments');
    expect(problem).toContain('64MiB');
  });

  it('a key that stands there twice', () => {
    expect(problemOf('contexts:\n  a: {}\n  a: {}').next).toContain('twice');
  });
});

describe('secrets elsewhere', () => {
  it('an environment variable that is not set, or empty', () => {
    const text =
      'contexts: { a: { metrics: { prometheus: { url: "http://p", bearer-token: { env: TOK } } } } }';
    expect(problemOf(text, { context: 'a' }).problem).toContain('variable TOK is not set');
    expect(problemOf(text, { context: 'a' }, { TOK: '' }).problem).toContain('variable TOK is empty');
  });

  it('in files that everybody may read are worth a warning, each file once', () => {
    const dir = folder(files, 0o644);
    const { warnings } = load({ config: path.join(dir, 'config.yaml') }, { CONNECT_TOKEN: 't' });
    expect(warnings).toEqual(
      ['us.properties', 'prom.password'].map(name => {
        const file = path.join(dir, name);
        return `${file} holds a secret, and everybody on this machine may read it: chmod 600 ${file}`;
      }),
    );
    const quiet = folder(files);
    expect(load({ config: path.join(quiet, 'config.yaml') }, { CONNECT_TOKEN: 't' }).warnings).toEqual([]);
  });
});
