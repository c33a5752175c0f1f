/** `npm run lab -- <verb>`: a real site on this machine. `docs/lab.md` describes it. */
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import meow from 'meow';
import { faults, heal, inject } from './faults/index.js';
import { activeFaults } from './faults/state.js';
import { setLoad, stopLoad } from './load.js';
import { withLock } from './lock.js';
import { labFolder, labNames, nameOption, openLab, openOrCreateLab } from './site.js';
import { status, statusText, table } from './status.js';
import { startStreams, stopStreams, streams } from './streams.js';
import { type Truth, TruthReader } from './truth.js';
import { down, up } from './up.js';
import { messageOf } from './wait.js';

const cli = meow(
  `
  Usage: npm run lab -- <verb> [--name NAME]

  up                start the site, or repair it           --kafka VERSION, --port-base PORT
  status            what runs, and where                   --json
  load              write to it, or change what is written --rate RECORDS/S, --bytes B
  load stop
  streams           start an application of Kafka Streams, with a group of its own kind
  streams stop      end it, and remove its group and topics
  fault [NAME]      break it; without a name: what there is
  heal [NAME]       put it right again: one fault, or all
  truth             how far the target is behind, read from the records  --json, --watch SECONDS
  down              end every process of it                --wipe (its data too)
  list              the labs that there are
`,
  {
    importMeta: import.meta,
    flags: {
      name: { type: 'string', default: 'default' },
      kafka: { type: 'string' },
      portBase: { type: 'number' },
      rate: { type: 'number' },
      bytes: { type: 'number' },
      json: { type: 'boolean', default: false },
      watch: { type: 'number' },
      wipe: { type: 'boolean', default: false },
    },
  },
);

const { flags } = cli;
const [verb = '', argument] = cli.input;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function runUp(): Promise<void> {
  const started = performance.now();
  const site = await alone(async () => {
    const site = await openOrCreateLab({
      name: flags.name,
      kafkaVersion: flags.kafka,
      portBase: flags.portBase,
    });
    await up(site, line => print(`${seconds(started).padStart(6)}  ${line}`));
    return site;
  });
  const option = nameOption(site.name);
  print(`${seconds(started).padStart(6)}  the lab "${site.name}" is up. Next:`);
  print(`  npm run lab -- load${option}`);
  print(`  npm start -- --config ${relative(process.cwd(), site.paths.config)}`);
}

/** What starts or ends processes of a lab waits for whoever else does. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  const onWait = (): void =>
    print(`Another up or down of the lab "${flags.name}" is at work: waiting for it.`);
  return withLock(labFolder(flags.name), { onWait }, work);
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1_000).toFixed(1)} s`;
}

async function runLoad(): Promise<void> {
  const site = openLab(flags.name);
  if (argument === 'stop') {
    print((await stopLoad(site)) ? 'The load has ended.' : 'There was no load.');
    return;
  }
  const { rate, bytes } = setLoad(site, {
    ...(flags.rate === undefined ? {} : { rate: flags.rate }),
    ...(flags.bytes === undefined ? {} : { bytes: flags.bytes }),
  });
  print(`${rate} records/s of ${bytes} B are being written.`);
}

async function runStreams(): Promise<void> {
  const site = openLab(flags.name);
  if (argument === 'stop') {
    print((await stopStreams(site)) ? `${streams.group} has ended.` : `${streams.group} did not run.`);
    return;
  }
  await startStreams(site);
  print(`${streams.group} reads ${streams.topic}@us, with ${streams.members} members.`);
}

async function runFault(): Promise<void> {
  if (argument === undefined) {
    print(table(faults.map(({ name, about }) => [name, about])));
    return;
  }
  const note = await inject(openLab(flags.name), argument);
  print(
    `${argument} is active${note === undefined ? '' : ` (${note})`}. To heal: npm run lab -- heal ${argument}`,
  );
}

async function runHeal(): Promise<void> {
  const site = openLab(flags.name);
  const healed = await heal(site, argument);
  const left = activeFaults(site).map(({ name }) => name);
  print(healed.length > 0 ? `Healed: ${healed.join(', ')}.` : 'There was nothing to heal.');
  if (left.length > 0) print(`Still active: ${left.join(', ')}.`);
}

async function runTruth(): Promise<void> {
  const reader = new TruthReader(openLab(flags.name));
  const show = async (): Promise<void> => {
    const truth = await reader.read();
    print(flags.json ? JSON.stringify(truth) : truthText(truth));
  };
  try {
    if (flags.watch === undefined) {
      await show();
      return;
    }
    for (;;) {
      await show().catch((error: unknown) => print(`The truth cannot be read: ${messageOf(error)}`));
      await sleep(flags.watch * 1_000);
    }
  } finally {
    await reader.close();
  }
}

function truthText({ at, behind, partitions }: Truth): string {
  const rows = partitions.map(partition => [
    `${partition.topic}-${partition.partition}`,
    String(partition.sourceEnd),
    String(partition.newestTargetSequence ?? '–'),
    String(partition.targetEnd),
    String(partition.behind),
  ]);
  return [
    `${new Date(at).toLocaleTimeString('en-GB')}  ${behind} records behind`,
    table([['partition', 'source end', 'newest sequence', 'target end', 'behind'], ...rows]),
  ].join('\n');
}

function runDown(): Promise<void> {
  return alone(async () => {
    const site = openLab(flags.name);
    const ended = await down(site);
    print(ended.length > 0 ? `Ended: ${ended.join(', ')}.` : 'Nothing ran.');
    if (flags.wipe) {
      rmSync(site.folder, { recursive: true, force: true });
      print(`Removed ${relative(process.cwd(), site.folder)}.`);
    }
  });
}

const verbs: Readonly<Record<string, () => Promise<void> | void>> = {
  up: runUp,
  status: () => {
    const lab = status(openLab(flags.name));
    print(flags.json ? JSON.stringify(lab, null, 2) : statusText(lab));
  },
  load: runLoad,
  streams: runStreams,
  fault: runFault,
  heal: runHeal,
  truth: runTruth,
  down: runDown,
  list: () => print(labNames().join('\n')),
};

const run = verbs[verb];
if (!run) cli.showHelp(2);
else
  try {
    await run();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
