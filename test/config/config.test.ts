import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../source/config/context.js';
import { load } from '../../source/config/load.js';
import { ConfigProblem } from '../../source/config/problem.js';
import type { Flags } from '../../source/config/flags.js';

const loadContext = (flags: Flags, env: NodeJS.ProcessEnv): Context => load(flags, env, {}).context;

function folder(files: Record<string, string>): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'kmon-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
  return dir;
}

function problemOf(flags: Flags, env: NodeJS.ProcessEnv = {}): ConfigProblem {
  try {
    loadContext(flags, env);
  } catch (error) {
    if (error instanceof ConfigProblem) return error;
    throw error;
  }
  throw new Error('no problem was found');
}

const site = `
current-context: lab
contexts:
  lab:
    clusters:
      eu: { bootstrap: [127.0.0.1:9092] }
      us: { bootstrap: "a.us:9093,b.us:9093", properties: ./us.client.properties, id: abc }
    connect:
      - { urls: ["http://w1:8083", "http://w2:8083/"], cluster: us }
    metrics:
      prometheus: { url: "http://prom:9090" }
`;
const scram = `
security.protocol=SASL_PLAINTEXT
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
  username="kmon" password="p\\\\"q s;ecret";
group.id=left-alone
`;

describe('a context of the configuration file', () => {
  const dir = folder({ 'config.yaml': site, 'us.client.properties': scram });
  const context = loadContext({ config: path.join(dir, 'config.yaml') }, {});

  it('names clusters, Connect and metrics', () => {
    expect(context.name).toBe('lab');
    expect(context.clusters.map(c => [c.name, c.endpoint.bootstrap, c.expectedId])).toEqual([
      ['eu', ['127.0.0.1:9092'], undefined],
      ['us', ['a.us:9093', 'b.us:9093'], 'abc'],
    ]);
    expect(context.connects[0]).toMatchObject({ name: 'us', cluster: 'us', managedBy: 'rest' });
    expect(context.connects[0]?.endpoint.urls).toEqual(['http://w1:8083', 'http://w2:8083']);
    expect(context.prometheus?.url).toBe('http://prom:9090');
  });

  it('reads the client.properties of the Java client beside it', () => {
    expect(context.clusters[1]?.endpoint.security).toEqual({
      sasl: { mechanism: 'scram-sha-512', username: 'kmon', password: 'p"q s;ecret' },
    });
  });

  it('is read-only until read-write is asked for', () => {
    expect(context.mode).toBe('read-only');
    expect(loadContext({ config: path.join(dir, 'config.yaml'), readWrite: true }, {}).mode).toBe(
      'read-write',
    );
  });
});

describe('addresses on the command line', () => {
  it('make a context of their own', () => {
    const context = loadContext(
      {
        bootstrap: ['eu=e1:9092', 'us=u1:9092,u2:9092'],
        connect: ['us=http://w1:8083'],
        prometheus: 'http://prom:9090/',
      },
      {},
    );
    expect(context.clusters.map(c => c.name)).toEqual(['eu', 'us']);
    expect(context.connects[0]).toMatchObject({ name: 'us', cluster: 'us' });
    expect(context.prometheus?.url).toBe('http://prom:9090');
  });

  it('may hold a user and password, which leave the URL', () => {
    const context = loadContext({ connect: ['http://ann:s3cret@w1:8083'] }, {});
    expect(context.connects[0]?.endpoint.urls).toEqual(['http://w1:8083']);
    expect(context.connects[0]?.endpoint.basicAuth).toEqual({ username: 'ann', password: 's3cret' });
  });
});

describe('what cannot be used is named, with what to do', () => {
  it('nothing configured: the shortest command that works', () => {
    const problem = problemOf({}, { XDG_CONFIG_HOME: '/nowhere' });
    expect(problem.next).toContain('kmon -b broker:9092');
  });

  it.each<[string, string, string]>([
    ['not YAML', 'contexts: [', 'not valid YAML at line 1'],
    ['an unknown key', 'contexts: { a: { cluster: {} } }', 'cluster'],
    [
      'an unknown context',
      'current-context: b\ncontexts: { a: { clusters: { x: { bootstrap: "h:1" } } } }',
      '"b"',
    ],
    [
      'no port',
      'current-context: a\ncontexts: { a: { clusters: { x: { bootstrap: host } } } }',
      'not host:port',
    ],
    ['an empty context', 'current-context: a\ncontexts: { a: {} }', 'no endpoint'],
    [
      'an unknown cluster of a Connect',
      'current-context: a\ncontexts: { a: { connect: [{ url: "http://w:1", cluster: zz }] } }',
      '"zz"',
    ],
    ['no scheme', 'current-context: a\ncontexts: { a: { connect: [{ url: "worker:8083" }] } }', 'worker:'],
  ])('%s', (_, text, expected) => {
    const dir = folder({ 'config.yaml': text });
    expect(problemOf({ config: path.join(dir, 'config.yaml') }).problem).toContain(expected);
  });

  it.each<[string, string, string]>([
    ['Kerberos', 'security.protocol=SASL_SSL\nsasl.mechanism=GSSAPI', 'GSSAPI'],
    ['Kerberos by default', 'security.protocol=SASL_SSL', 'GSSAPI (the default) is Kerberos'],
    ['AWS IAM', 'security.protocol=SASL_SSL\nsasl.mechanism=AWS_MSK_IAM', '9096'],
    ['an unknown mechanism', 'security.protocol=SASL_SSL\nsasl.mechanism=OTP', 'OAUTHBEARER'],
    ['a trust store that is not there', 'security.protocol=SSL\nssl.truststore.location=/no/t.jks', 'ENOENT'],
    [
      'no token endpoint',
      'security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER',
      'endpoint.url is missing',
    ],
    [
      'no client secret',
      'security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\nsasl.oauthbearer.token.endpoint.url=https://idp/t\nsasl.jaas.config=X required clientId="a";',
      'clientSecret',
    ],
    [
      'no password',
      'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=X required username="a";',
      'password',
    ],
    ['a wrong protocol', 'security.protocol=SASL', 'SASL_SSL'],
  ])('client.properties with %s', (_, text, expected) => {
    const dir = folder({ 'c.properties': text });
    const problem = problemOf({ bootstrap: ['h:1'], properties: [path.join(dir, 'c.properties')] });
    expect(`${problem.problem} ${problem.next}`).toContain(expected);
  });

  it('a secret never reaches the message', () => {
    const dir = folder({
      'config.yaml':
        'contexts:\n  a:\n    connect:\n      - { url: "http://u:hunter2@w:1", password: [hunter2 }',
    });
    const problem = problemOf({ config: path.join(dir, 'config.yaml') });
    expect(`${problem.problem} ${problem.next}`).not.toContain('hunter2');
  });

  it('a file that may not be read', () => {
    const dir = folder({ 'c.properties': scram });
    const file = path.join(dir, 'missing.properties');
    chmodSync(dir, 0o700);
    expect(problemOf({ bootstrap: ['h:1'], properties: [file] }).problem).toContain('ENOENT');
  });
});
