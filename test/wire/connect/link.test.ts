import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureKind } from '../../../source/core/failure.js';
import type { SimulatedConnect } from '../../../source/simulator/connect/site.js';
import type { HttpFault } from '../../../source/simulator/http/server.js';
import { openConnect, type ConnectLink } from '../../../source/wire/connect/link.js';
import { readConfig } from '../../../source/wire/connect/reads/config.js';
import { readConnectors } from '../../../source/wire/connect/reads/connectors.js';
import { readPositions } from '../../../source/wire/connect/reads/positions.js';
import { readRoot } from '../../../source/wire/connect/reads/root.js';
import { readStatus } from '../../../source/wire/connect/reads/status.js';
import { patchConfig } from '../../../source/wire/connect/writes/patch-config.js';
import { putConfig } from '../../../source/wire/connect/writes/put-config.js';
import { failed, ok } from '../../support/answers.js';
import { FakeClock } from '../../support/fake-clock.js';
import { planted, simulatedMirror } from '../../support/simulated-mirror.js';

let clock: FakeClock;
let connect: SimulatedConnect;
let link: ConnectLink;

beforeEach(async () => {
  clock = new FakeClock();
  connect = await simulatedMirror(clock);
  link = openConnect(
    { connect: 'us', urls: connect.urls, requestTimeout: 5_000 },
    { clock, maxAnswer: 500_000 },
  );
});

afterEach(async () => {
  link.close();
  await connect.stop();
});

describe('what a Connect cluster that does not answer is called', () => {
  const named: readonly (readonly [HttpFault, FailureKind])[] = [
    ['down', 'refused'],
    ['unauthenticated', 'unauthenticated'],
    ['unauthorised', 'unauthorised'],
    ['html', 'malformed'],
    ['garbage', 'malformed'],
    ['huge', 'too-large'],
    ['reset', 'malformed'],
    ['unavailable', 'busy'],
  ];

  it.each(named)('%s: %s', async (fault, kind) => {
    await connect.setFault(fault);
    const failure = failed(await readConnectors(link));
    expect(failure.kind).toBe(kind);
    expect(failure.subject).toMatch(/^GET \/connectors of connect us \(127\.0\.0\.1:\d+\)$/);
  });

  it('timeout, of each worker in turn, when none says anything', async () => {
    await connect.setFault('hang');
    const answer = readRoot(link);
    await clock.advance(5_000);
    await clock.advance(5_000);
    expect(failed(await answer)).toMatchObject({ kind: 'timeout', detail: 'no answer in 5s' });
  });

  it('cancelled, at once, when kmon no longer wants it', async () => {
    await connect.setFault('hang');
    const stop = new AbortController();
    const answer = readRoot(link, stop.signal);
    await clock.advance(10);
    stop.abort();
    expect(failed(await answer).kind).toBe('cancelled');
    expect(clock.waiting).toBe(0);
  });

  it('unreachable, when its name is not known', async () => {
    const endpoint = { connect: 'us', urls: ['http://no-such-host.invalid:8083'], requestTimeout: 5_000 };
    expect(failed(await readRoot(openConnect(endpoint, { clock }))).kind).toBe('unreachable');
  });

  it('tls, when it does not speak TLS', async () => {
    const urls = connect.urls.map(url => url.replace('http:', 'https:'));
    const other = openConnect({ connect: 'us', urls, requestTimeout: 5_000 }, { clock });
    expect(failed(await readRoot(other)).kind).toBe('tls');
  });

  it('busy, while the workers rebalance, without asking the second one the same', async () => {
    connect.fault = 'rebalancing';
    expect(failed(await readConnectors(link))).toMatchObject({
      kind: 'busy',
      detail: expect.stringMatching(/rebalance/) as string,
    });
    expect(connect.requests).toHaveLength(1);
  });

  it('unsupported, where a version has no such endpoint', async () => {
    connect.version = '3.4.0';
    expect(failed(await readPositions(link, 'mm2-source')).kind).toBe('unsupported');
  });

  it('unsupported, where a connector keeps its positions in another form', async () => {
    connect.connector('mm2-heartbeat').positions.set('/var/log/messages', [1]);
    expect(failed(await readPositions(link, 'mm2-heartbeat')).kind).toBe('unsupported');
  });
});

describe('several workers', () => {
  it.each(['down', 'html', 'unavailable', 'reset'] as const)(
    'goes on with the second when the first is %s',
    async fault => {
      await connect.setFault(fault, 0);
      ok(await readConnectors(link));
      expect(link.url()).toBe(connect.urls[1]);
    },
  );

  it('stays with the one that answered', async () => {
    await connect.setFault('unavailable', 0);
    ok(await readConnectors(link));
    await connect.setFault(undefined, 0);
    connect.requests.length = 0;
    ok(await readConnectors(link));
    expect(connect.requests.map(r => r.worker)).toEqual([1]);
  });

  it('asks again when a kept connection was closed while it was idle', async () => {
    ok(await readRoot(link));
    connect.dropIdle();
    ok(await readRoot(link));
  });
});

describe('secrets', () => {
  it('stay out of what is seen; references to them stay in', async () => {
    const [, mirror] = ok(await readConnectors(link));
    expect(JSON.stringify(mirror)).not.toContain('hunter2');
    expect(mirror?.config['producer.override.ssl.truststore.password']).toBe('••••••');
    expect(mirror?.config['target.cluster.ssl.key.password']).toBe(
      '${file:/etc/kafka/secrets.properties:key.password}',
    );
    expect(mirror?.config['tasks.max']).toBe('4');
  });

  it('stay out of a trace', async () => {
    const task = connect.connector('mm2-source').tasks()[2];
    if (task) {
      task.state = 'FAILED';
      task.trace = `org.apache.kafka.connect.errors.ConnectException: Unrecoverable\n\tat Worker\nCaused by: java.net.ConnectException: amqp://user:${planted.sourcePassword}@host refused`;
    }
    const trace = ok(await readStatus(link, 'mm2-source')).tasks[2]?.trace;
    expect(trace).toBe(
      'org.apache.kafka.connect.errors.ConnectException: Unrecoverable (Caused by: java.net.ConnectException: amqp://••••••@host refused)',
    );
  });

  it('stay out of what a refused write says', async () => {
    connect.invalid.set(
      'source.cluster.sasl.password',
      'Invalid value {} for configuration source.cluster.sasl.password',
    );
    const config = ok(await readConfig(link, 'mm2-source'));
    const result = await putConfig(link, 'mm2-source', config);
    expect(result).toMatchObject({
      undone: { kind: 'malformed', detail: expect.stringMatching(/Invalid value •+ for/) as string },
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('of the URL stay out of every failure', async () => {
    const urls = connect.urls.map(url => url.replace('http://', 'http://kmon:hunter2-url@'));
    const other = openConnect({ connect: 'us', urls, requestTimeout: 5_000 }, { clock });
    await connect.setFault('unauthenticated');
    expect(JSON.stringify(await readRoot(other))).not.toContain('hunter2');
    expect(other.url()).toBe(connect.urls[0]);
  });
});

describe('a write', () => {
  it('merges the change and answers with the whole configuration, secrets intact', async () => {
    const before = ok(await readConfig(link, 'mm2-source'));
    const result = await patchConfig(link, 'mm2-source', { 'tasks.max': '6' }, before);
    expect('done' in result && result.done.differences(before)).toEqual(['tasks.max']);
    expect(connect.connector('mm2-source').config['source.cluster.sasl.password']).toBe(
      planted.sourcePassword,
    );
  });

  it('is undone, for certain, when Connect refuses it', async () => {
    const before = ok(await readConfig(link, 'mm2-source'));
    connect.fault = 'rebalancing-writes';
    expect(await patchConfig(link, 'mm2-source', { 'tasks.max': '6' }, before)).toMatchObject({
      undone: { kind: 'busy' },
    });
    connect.fault = undefined;
    connect.version = '3.7.2';
    expect(await patchConfig(link, 'mm2-source', { 'tasks.max': '6' }, before)).toMatchObject({
      undone: { kind: 'unsupported' },
    });
    await connect.setFault('down');
    expect(await patchConfig(link, 'mm2-source', { 'tasks.max': '6' }, before)).toMatchObject({
      undone: { kind: 'refused' },
    });
    expect(connect.connector('mm2-source').config['tasks.max']).toBe('4');
  });

  it('is uncertain when Connect says that it ran out of time, and is sent once', async () => {
    const before = ok(await readConfig(link, 'mm2-source'));
    connect.fault = 'write-times-out-though-applied';
    expect(await patchConfig(link, 'mm2-source', { 'tasks.max': '6' }, before)).toMatchObject({
      uncertain: { kind: 'timeout' },
    });
    expect(connect.mutations()).toHaveLength(1);
  });

  it('is uncertain when no answer comes in a little more than the 90 s of Connect itself', async () => {
    const before = ok(await readConfig(link, 'mm2-source'));
    connect.fault = 'write-hangs-though-applied';
    const result = patchConfig(link, 'mm2-source', { 'tasks.max': '6' }, before);
    await clock.advance(90_000);
    expect(connect.mutations()).toHaveLength(1);
    await clock.advance(5_000);
    expect(await result).toMatchObject({ uncertain: { kind: 'timeout' } });
    expect(connect.mutations()).toHaveLength(1);
  });
});
