/**
 * `npm run bench -- sweep`: what one whole pass over a cluster costs, in time, CPU and requests, by kmon (its model
 * included), by Kafka's own `kafka-consumer-groups --describe --all-groups` and by kafkajs's own admin client, each in a process of its
 * own against the same brokers: three real ones, that it starts, fills and removes again (JDK, Maven; 4 GB of memory).
 * A machine is noisy, so only the ratios of one run count; and only if all three come to the same sum of lags.
 *
 * Prints JSON, and a table on stderr. `--simulated` takes the simulated cluster instead (no JVM, so without Kafka's tool; the
 * brokers' CPU is then this process's). `--keep` leaves the brokers up.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { findTools } from '../../lab/install.js';
import { withLock } from '../../lab/lock.js';
import { defaultKafkaVersion, labFolder } from '../../lab/site.js';
import { table } from '../../lab/status.js';
import { runJavaTool, type ToolCost } from './java-tool.js';
import { type KmonCost, measureKmon, measureStock, type StockCost } from './measure.js';
import { benchLab, removeSite, startBrokers } from './real-site.js';
import { seedGroups, seedTopics } from './seed.js';
import { startSimulated } from './simulated-site.js';
import { type Size, totalLag } from './size.js';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    topics: { type: 'string', default: '100' },
    partitions: { type: 'string', default: '100' },
    groups: { type: 'string', default: '1000' },
    /** Measured warm passes, and steady ones for the heap. */
    passes: { type: 'string', default: '10' },
    steady: { type: 'string', default: '50' },
    simulated: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    /** A folder for a CPU profile of kmon's process. */
    profile: { type: 'string' },
  },
});
const size: Size = {
  topics: Number(values.topics),
  partitions: Number(values.partitions),
  groups: Number(values.groups),
};
const repeats = { passes: Number(values.passes), steady: Number(values.steady) };
/** The same cluster with a tenth of the groups: what ten times the groups add. */
const tenth: Size = { ...size, groups: Math.ceil(size.groups / 10) };

const started = performance.now();
const progress = (line: string): void => {
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stderr.write(`${seconds.padStart(7)} s  ${line}\n`);
};

type Measured = {
  readonly tenth: KmonCost;
  readonly kmon: KmonCost;
  readonly stock: StockCost;
  readonly tool?: ToolCost;
};

async function measureReal(): Promise<Measured> {
  const site = await startBrokers(progress);
  try {
    const bootstrap = site.bootstrap.us;
    progress(`${size.topics} topics with ${size.partitions} partitions each`);
    await seedTopics(site, size);
    progress(`${tenth.groups} groups, and kmon's sweep of them`);
    await seedGroups(site, size, 0, tenth.groups);
    const few = await measureKmon(bootstrap, tenth, { passes: repeats.passes, steady: 0 });
    progress(`${size.groups} groups`);
    await seedGroups(site, size, tenth.groups, size.groups);
    progress("kmon's sweep");
    const kmon = await measureKmon(bootstrap, size, repeats, values.profile);
    progress("kafkajs's admin client");
    const stock = await measureStock(bootstrap);
    progress('kafka-consumer-groups');
    const tool = await runJavaTool(site, findTools().java);
    return { tenth: few, kmon, stock, tool };
  } finally {
    if (values.keep) progress(`${site.bootstrap.us.join(',')} stays up`);
    else await removeSite(site);
  }
}

async function measureSimulated(): Promise<Measured> {
  const measure = async <T>(of: Size, work: (bootstrap: readonly string[]) => Promise<T>): Promise<T> => {
    const kafka = await startSimulated(of);
    try {
      return await work(kafka.bootstrap);
    } finally {
      await kafka.stop();
    }
  };
  progress('simulated brokers');
  return {
    tenth: await measure(tenth, bootstrap =>
      measureKmon(bootstrap, tenth, { passes: repeats.passes, steady: 0 }),
    ),
    kmon: await measure(size, bootstrap => measureKmon(bootstrap, size, repeats, values.profile)),
    stock: await measure(size, measureStock),
  };
}

/** What is to be reached, and whether it was: `value` is at most `reach`. */
type Verdict = { readonly value: number; readonly reach: number; readonly met: boolean };

function atMost(reach: number, value: number): Verdict {
  return { value: Number(value.toPrecision(3)), reach, met: value <= reach };
}

const measured = values.simulated
  ? await measureSimulated()
  : await withLock(labFolder(benchLab), { onWait: () => progress('another bench is at work: waiting') }, () =>
      measureReal(),
    );
const { kmon, stock, tool } = measured;
const lags = [kmon.lag, stock.lag, ...(tool ? [tool.lag] : [])];
const lagsAgree = lags.every(lag => lag === totalLag(size));

const result = {
  on: values.simulated ? 'simulated brokers' : `Kafka ${defaultKafkaVersion}, three brokers`,
  node: process.version,
  cpus: availableParallelism(),
  size: { ...size, committedOffsets: size.groups * size.partitions },
  totalLag: {
    expected: totalLag(size),
    kmon: kmon.lag,
    kafkajsAdmin: stock.lag,
    kafkaConsumerGroups: tool?.lag,
  },
  lagsAgree,
  kmon,
  kafkajsAdmin: stock,
  kafkaConsumerGroups: tool,
  verdicts: {
    requests: atMost(20, kmon.warm.requests),
    ...(tool && {
      wallOfKafkaConsumerGroups: atMost(0.01, kmon.warm.wallSeconds / tool.wallSeconds),
      cpuOfKafkaConsumerGroups: atMost(0.008, kmon.warm.cpuSeconds / tool.cpuSeconds),
    }),
    wallOfKafkajsAdmin: atMost(0.05, kmon.warm.wallSeconds / stock.wallSeconds),
  },
  growth: {
    groups: [tenth.groups, size.groups],
    requests: [measured.tenth.warm.requests, kmon.warm.requests],
    bytes: [measured.tenth.warm.bytes, kmon.warm.bytes],
    cpuSeconds: [measured.tenth.warm.cpuSeconds, kmon.warm.cpuSeconds],
    wallSeconds: [measured.tenth.warm.wallSeconds, kmon.warm.wallSeconds],
  },
};

process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.stderr.write(`\n${text()}\n`);
if (!lagsAgree) process.exitCode = 1;

function text(): string {
  const seconds = (value: number): string => `${value.toFixed(3)} s`;
  const megabytes = (value: number): string => `${(value / 1e6).toFixed(1)} MB`;
  const rows = [
    ['', 'requests', 'bytes', 'wall', 'CPU', 'sum of lags'],
    [
      'kmon, warm, with its model',
      String(kmon.warm.requests),
      megabytes(kmon.warm.bytes),
      seconds(kmon.warm.wallSeconds),
      seconds(kmon.warm.cpuSeconds),
      String(kmon.lag),
    ],
    [
      'kafkajs admin, warm',
      String(stock.requests),
      megabytes(stock.bytesReceived),
      seconds(stock.wallSeconds),
      seconds(stock.cpuSeconds),
      String(stock.lag),
    ],
    ...(tool
      ? [
          [
            'kafka-consumer-groups',
            '–',
            '–',
            seconds(tool.wallSeconds),
            seconds(tool.cpuSeconds),
            String(tool.lag),
          ],
        ]
      : []),
  ];
  const verdicts = Object.entries(result.verdicts).map(
    ([name, { value, reach, met }]) => `${met ? 'reached' : 'MISSED '}  ${name} ${value} (at most ${reach})`,
  );
  return [
    table(rows),
    '',
    ...verdicts,
    ...(lagsAgree ? [] : [`THE SUMS OF LAGS DIFFER from ${totalLag(size)}: nothing was measured`]),
  ].join('\n');
}
