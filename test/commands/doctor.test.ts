import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { loadContext } from '../../source/commands/context.js';
import { examine } from '../../source/commands/doctor.js';
import type { Check, Report } from '../../source/commands/doctor/examination.js';
import { doctorText } from '../../source/commands/doctor/text.js';
import type { Context } from '../../source/config/context.js';
import { systemClock } from '../../source/core/clock.js';
import { SimulatedSite as DemoSite } from '../../source/simulator/site/site.js';
import { contextOf, simulatedSite, watcherPassword, type SimulatedSite } from '../support/simulated-site.js';

const terminal = {
  input: Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream,
  output: Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 120,
    rows: 40,
  }) as unknown as NodeJS.WriteStream,
  env: { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

async function site(): Promise<SimulatedSite> {
  const made = await simulatedSite();
  cleanups.push(() => made.stop());
  return made;
}

function doctor(context: Context): Promise<Report> {
  return examine(context, systemClock, terminal);
}

function checksOf(report: Report, section: string): readonly Check[] {
  return report.sections.find(s => s.name === section)?.checks ?? [];
}

function troublesOf(report: Report, section: string): readonly Check[] {
  return checksOf(report, section).filter(c => c.is === 'missing' || c.is === 'failing');
}

describe('kmon doctor', { timeout: 60_000 }, () => {
  test('finds nothing wrong with a healthy site', async () => {
    const report = await doctor(contextOf(await site()));
    for (const section of ['kafka eu', 'kafka us', 'connect us', 'terminal', 'memory']) {
      expect(checksOf(report, section)).not.toEqual([]);
      expect(troublesOf(report, section)).toEqual([]);
    }
    const us = checksOf(report, 'kafka us').map(c => c.says);
    expect(us).toContain('all brokers answer: 1, 2, 3');
    expect(report.sections.find(s => s.name === 'kafka us')?.about).toContain('as watcher by SCRAM-SHA-512');
    expect(checksOf(report, 'prometheus')[0]).toMatchObject({ is: 'ok', says: 'answers' });
    expect(JSON.stringify(report)).not.toContain(watcherPassword);
  });

  test('says that a password is wrong, and goes on with the others', async () => {
    const password = 'hunter2-mistyped';
    const report = await doctor(contextOf(await site(), { password }));
    expect(report.well).toBe(false);
    expect(troublesOf(report, 'kafka us')).toMatchObject([{ is: 'failing', check: 'reached' }]);
    expect(troublesOf(report, 'kafka us')[0]?.says).toContain('the credentials were not accepted');
    expect(troublesOf(report, 'kafka eu')).toEqual([]);
    expect(JSON.stringify(report)).not.toContain(password);
  });

  test('gives the commands that let a user without ACLs see', async () => {
    const made = await site();
    const report = await doctor(contextOf(made, { user: 'nobody' }));
    const [blind, ...others] = troublesOf(report, 'kafka us');
    expect(others).toEqual([]);
    expect(blind).toMatchObject({ is: 'failing', check: 'permission' });
    const server = `kafka-acls --bootstrap-server ${made.us.bootstrap.join(',')} --command-config admin.properties`;
    expect(blind?.commands).toEqual([
      `${server} --add --allow-principal User:nobody --operation Describe --cluster`,
      `${server} --add --allow-principal User:nobody --operation Describe --topic '*'`,
      `${server} --add --allow-principal User:nobody --operation Describe --group '*'`,
      `${server} --add --allow-principal User:nobody --operation DescribeConfigs --topic '*'`,
    ]);
  });

  test('names the one group and the one topic that are refused', async () => {
    const made = await site();
    const { invoices } = made.us.state.topics;
    const { billing } = made.us.state.groups;
    if (invoices === undefined || billing === undefined) throw new Error('the site is another one');
    invoices.error = 29;
    billing.error = 30;
    const commands = troublesOf(await doctor(contextOf(made)), 'kafka us').flatMap(c => c.commands ?? []);
    expect(commands.map(c => c.replace(/^.* --operation /, ''))).toEqual([
      'Describe --group billing',
      'Describe --topic invoices',
      'DescribeConfigs --topic invoices',
    ]);
  });

  test('says what is lost without metrics', async () => {
    const { prometheus, ...context } = contextOf(await site());
    expect(prometheus).toBeDefined();
    const report = await doctor(context);
    expect(report.well).toBe(false);
    expect(troublesOf(report, 'metrics')[0]?.repair).toContain('--prometheus URL');
  });

  test('says that a store of metrics has no past, and what is lost with it', async () => {
    const made = await site();
    made.prometheus.withoutRange = true;
    const past = checksOf(await doctor(contextOf(made)), 'prometheus').find(c => c.check === 'past');
    expect(past).toMatchObject({
      is: 'missing',
      lost: expect.stringContaining('begin when kmon starts') as string,
    });
    expect(past?.says).toContain('it is not offered here');
  });

  test('says which metrics of a worker are not printed, and the rule that prints them', async () => {
    const made = await site();
    made.prometheus.remove({ name: 'kafka_producer_producer_metrics_buffer_available_bytes' });
    const troubles = troublesOf(await doctor(contextOf(made)), 'prometheus');
    const producers = troubles.find(c => c.says.startsWith('producers of tasks'));
    expect(producers?.says).toContain('kafka_producer_producer_metrics_buffer_available_bytes');
    expect(producers?.repair).toContain('kafka.producer:type=producer-metrics');
  });

  test('says that Connect is down, and that a broker hangs', async () => {
    const made = await site();
    await made.connect.stop();
    await made.eu.afflict(2, 'hung');
    const report = await doctor(contextOf(made));
    expect(troublesOf(report, 'connect us')[0]?.says).toContain('nothing listens there');
    expect(troublesOf(report, 'kafka eu')[0]).toMatchObject({ is: 'failing', check: 'broker' });
    expect(checksOf(report, 'kafka eu').map(c => c.says)).toContain('2 of 3 answer: 1, 3');
  });

  test('says what old brokers and old workers do not offer', async () => {
    const made = await site();
    for (const broker of made.eu.state.brokers) broker.newest = { 3: 7, 9: 5, 16: 2, 69: -1, 89: -1, 90: -1 };
    made.connect.version = '3.4.0';
    const report = await doctor(contextOf(made));
    expect(troublesOf(report, 'kafka eu').map(c => c.says)).toEqual(['no Metadata v10', 'no OffsetFetch v8']);
    expect(checksOf(report, 'kafka eu').filter(c => c.is === 'note')).toHaveLength(4);
    expect(troublesOf(report, 'connect us').map(c => c.check)).toEqual(['version', 'version']);
  });

  test('says which flow has no source cluster in the context', async () => {
    const context = contextOf(await site());
    const report = await doctor({ ...context, clusters: context.clusters.filter(c => c.name === 'us') });
    expect(troublesOf(report, 'connect us')).toMatchObject([
      { check: 'flow', is: 'missing', repair: expect.stringContaining('-b eu=127.0.0.1:19092') as string },
    ]);
  });
});

describe('kmon doctor on clocks', { timeout: 60_000 }, () => {
  const clocksOf = (report: Report, section: string): readonly Check[] =>
    checksOf(report, section).filter(c => c.check === 'clock');

  test('finds those of Prometheus, of the workers and of their hosts to be the one here', async () => {
    const made = await site();
    made.prometheus.set('node_time_seconds', { instance: '10.0.3.1:9100' }, systemClock.now() / 1000);
    const report = await doctor(contextOf(made));
    expect(clocksOf(report, 'connect us').map(c => c.is)).toEqual(['ok']);
    expect(clocksOf(report, 'connect us')[0]?.says).toMatch(
      /^the clocks of 2 workers are within .* of the one here/,
    );
    expect(clocksOf(report, 'prometheus').map(c => c.is)).toEqual(['ok', 'ok']);
    expect(clocksOf(report, 'prometheus')[1]?.says).toMatch(
      /^the clock of 1 host is within .* of that of Prometheus/,
    );
  });

  test('names the worker and the host whose clock is wrong, and what that spoils', async () => {
    const made = await site();
    made.connect.ahead[1] = -600_000;
    made.prometheus.set('node_time_seconds', { instance: '10.0.3.2:9100' }, systemClock.now() / 1000 + 60);
    const report = await doctor(contextOf(made));
    const [worker, ...others] = troublesOf(report, 'connect us');
    expect(others).toEqual([]);
    expect(worker).toMatchObject({ is: 'missing', check: 'clock' });
    expect(worker?.says).toMatch(
      new RegExp(`^the clock of ${made.connect.workers[1] ?? ''} is (9|10)m behind the one here`),
    );
    expect(worker?.lost).toContain('replication latency');
    expect(worker?.repair).toContain('NTP');
    expect(troublesOf(report, 'prometheus').map(c => c.says)).toEqual([
      expect.stringMatching(/^the clock of 10\.0\.3\.2:9100 is (59s|60s|1m) ahead of that of Prometheus/),
    ]);
  });
});

describe('kmon doctor on the site of the demo', { timeout: 60_000 }, () => {
  test('finds it well: every metric that kmon knows is there', async () => {
    const demo = await DemoSite.start(systemClock);
    const stop = new AbortController();
    const running = demo.run(stop.signal);
    cleanups.push(async () => {
      stop.abort();
      await running;
      await demo.stop();
    });
    const { eu, us, connect, prometheus } = demo.addresses;
    const context = loadContext(
      {
        bootstrap: [`eu=${eu.join(',')}`, `us=${us.join(',')}`],
        connect: [`us=${connect.join(',')}`],
        prometheus,
        interval: 1,
      },
      {},
    );
    const report = await doctor(context);
    expect(report.sections.flatMap(s => troublesOf(report, s.name))).toEqual([]);
  });
});

describe('what kmon doctor prints', () => {
  const report: Report = {
    kmon: '1.0.0',
    at: '2026-01-31T14:05:30.000Z',
    context: 'site',
    well: false,
    sections: [
      {
        name: 'kafka us',
        about: 'us-1:9092',
        checks: [
          { is: 'ok', check: 'reached', says: 'answers' },
          {
            is: 'missing',
            check: 'permission',
            says: `may not describe ${'a-topic-with-a-long-name '.repeat(8)}`,
            lost: 'lag',
            repair: 'let an administrator allow it',
            commands: [
              `kafka-acls --bootstrap-server ${'us-1.example.com:9092,'.repeat(3)} --add --operation Describe --topic '*'`,
            ],
          },
          { is: 'failing', check: 'broker', says: 'x'.repeat(300) },
        ],
      },
    ],
  };

  test('fits in a hundred columns', () => {
    expect(
      doctorText(report)
        .split('\n')
        .filter(line => line.length > 100),
    ).toEqual([]);
  });

  test('leads with what is wrong where, and can be pasted into a shell', () => {
    const lines = doctorText(report).split('\n');
    expect(lines[0]).toBe('kmon doctor, context site: 1 failing, 1 missing (kafka us)');
    expect(lines).toContain('  ✓ answers');
    const at = lines.findIndex(line => line.includes('kafka-acls'));
    expect(lines.slice(at, at + 3)).toEqual([
      '      kafka-acls \\',
      expect.stringMatching(/^ {8}--bootstrap-server us-1\S+ \\$/),
      "        --add --operation Describe --topic '*'",
    ]);
  });
});
