/** `npm run scenarios`: every fault of the lab, what kmon says of it, and when. `docs/scenarios.md` is made by it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import meow from 'meow';
import { healthyLoad, setLoad } from '../load.js';
import { settle } from '../settle.js';
import { checkout, openLab } from '../site.js';
import { messageOf } from '../wait.js';
import { calmsAtOnce, faultsAtOnce } from './at-once.js';
import { calms } from './calms.js';
import { expectations, isCurable, nameOf, type Expectation } from './expected.js';
import {
  commitOfCheckout,
  keep,
  published,
  readResults,
  type Results,
  resultsOf,
  without,
  writeResults,
} from './results.js';
import { runCalm, runCure, runFaults, type Run } from './run.js';
import { isCured, isGood, isSilent, resultsDocument, resultsText } from './table.js';
import { Watch } from './watch.js';

const cli = meow(
  `
  Usage: npm run scenarios -- [--lab NAME]

  Makes each fault of a running lab, watches with kmon until it is found, and heals it.

  --only NAME[,NAME]   these only, faults or calm situations   --list  which there are
  --times N            how often each (3; 0 shows what was measured)
  --calm MINUTES       how long kmon must be silent in a calm situation, each time (10)
  --together           at once what goes together: calm situations with each other, faults that touch different parts of the site
  --budget MINUTES     begin nothing more after so long
  --cure               let kmon cure each fault that it can, by the first remedy of what it finds; the lab heals it after
  --record FOLDER      keep a recording of each run there
  --again              forget what was measured of them before: what they measured was changed
  --write              add what is measured to docs/scenarios.json, and make docs/scenarios.md of that
  --json               print the results as JSON; what goes on is told on standard error

  Exit code 0: all was found in time, and nothing else; with --cure: all was cured, by the remedy that was expected.
  What was measured is kept after each run: the newest three of a fault and ten of a calm situation, in
  docs/scenarios.json with --write, else in .lab/NAME.scenarios.json.
`,
  {
    importMeta: import.meta,
    flags: {
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      times: { type: 'number', default: 3 },
      calm: { type: 'number', default: 10 },
      together: { type: 'boolean', default: false },
      budget: { type: 'number', default: Infinity },
      lab: { type: 'string', default: 'default' },
      cure: { type: 'boolean', default: false },
      record: { type: 'string' },
      again: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  },
);
const { flags } = cli;

interface Scenario {
  readonly name: string;
  /** True when all was as it must be. */
  readonly run: (run: Run) => Promise<boolean>;
}

const names = flags.cure
  ? expectations.filter(isCurable).map(nameOf)
  : [...expectations.map(nameOf), ...calms.map(({ name }) => name)];
const wanted = flags.only?.split(',') ?? names;
const unknown = wanted.filter(name => !names.includes(name));

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

function wantedOf<E extends Expectation>(these: readonly E[]): readonly E[] {
  return these.filter(each => wanted.includes(nameOf(each)));
}

/** What was measured; nothing where the lab could not be put in order for it, which is told, or where it was cut short. */
async function measuredBy<R>(run: Run, measuring: Promise<R>): Promise<R | undefined> {
  const measured = await measuring.catch((error: unknown) => {
    run.note(`not made: ${messageOf(error)}`);
    return undefined;
  });
  return run.signal.aborted || measured === undefined ? undefined : measured;
}

/** What is done for the results, and where it adds what it measures. */
function scenariosOf(results: Results, commit: { readonly commit?: string }): readonly Scenario[] {
  if (flags.cure)
    return wantedOf(expectations.filter(isCurable)).map(expectation => {
      const name = nameOf(expectation);
      return {
        name,
        run: async (run: Run) => {
          const measured = await measuredBy(run, runCure(run, expectation));
          if (measured === undefined) return false;
          results.cures[name] = keep(results.cures[name], { ...measured, ...commit }, 3);
          return isCured(expectation, measured);
        },
      };
    });
  return [
    ...faultsAtOnce(wantedOf(expectations), flags).map(those => ({
      name: those.map(nameOf).join('+'),
      run: async (run: Run) => {
        const all = await measuredBy(run, runFaults(run, those));
        if (all === undefined) return false;
        return those
          .map((expectation, i) => {
            const measured = all[i];
            if (!measured) return false;
            const name = nameOf(expectation);
            results.faults[name] = keep(results.faults[name], { ...measured, ...commit }, 3);
            return isGood(expectation, measured);
          })
          .every(Boolean);
      },
    })),
    ...calmsAtOnce(
      calms.filter(({ name }) => wanted.includes(name)),
      flags,
    ).map(those => ({
      name: those.map(({ name }) => name).join('+'),
      run: async (run: Run) => {
        const measured = await measuredBy(run, runCalm(run, those, flags.calm));
        if (measured === undefined) return false;
        for (const { name } of those) {
          const others = those.map(other => other.name).filter(other => other !== name);
          const own = { ...measured, ...(others.length > 0 && { with: others }), ...commit };
          results.calms[name] = keep(results.calms[name], own, 10);
        }
        return isSilent(measured);
      },
    })),
  ];
}

async function runAll(): Promise<boolean> {
  const file = flags.write ? published : resultsOf(flags.lab);
  const before = readResults(file);
  const results = flags.again
    ? without(before, wanted, flags.cure ? ['cures'] : ['faults', 'calms'])
    : before;
  const commit = commitOfCheckout();
  const scenarios = scenariosOf(results, commit === undefined ? {} : { commit });

  const save = (): void => {
    writeResults(file, results);
    if (flags.write)
      writeFileSync(join(checkout, 'docs/scenarios.md'), resultsDocument(results, expectations, calms));
  };
  const good = flags.times > 0 ? await runThese(scenarios, save) : true;
  save();
  print(flags.json ? JSON.stringify(results, null, 2) : resultsText(results, expectations, calms));
  return good;
}

/** @param save is called after each run, so that nothing is lost */
async function runThese(scenarios: readonly Scenario[], save: () => void): Promise<boolean> {
  const site = openLab(flags.lab);
  const stop = new AbortController();
  for (const end of ['SIGTERM', 'SIGINT'] as const) process.once(end, () => stop.abort());
  const started = Date.now();
  const minutes = (): number => (Date.now() - started) / 60_000;
  const clock = (): string => new Date().toLocaleTimeString('en-GB');

  let watch: Watch | undefined;
  let taped = 0;
  const close = async (): Promise<void> => {
    await watch?.close();
    watch = undefined;
  };
  let good = true;
  try {
    for (let time = 1; time <= flags.times; time++)
      for (const { name, run } of scenarios) {
        if (stop.signal.aborted || minutes() >= flags.budget) {
          tell(`${clock()} ${name}: not begun, ${stop.signal.aborted ? 'stopped' : 'the budget is spent'}`);
          good = false;
          continue;
        }
        const note = (line: string): void => tell(`${clock()} ${name} (${time} of ${flags.times}): ${line}`);
        const fresh = async (): Promise<Watch> => {
          await close();
          const file = flags.record && join(flags.record, `${name}-${time}-${++taped}.kmon`);
          return (watch = await Watch.open(site, file, flags.cure ? 'admin' : 'monitor'));
        };
        const watches = {
          // A recording is of one run.
          current: async () => (flags.record === undefined ? watch : undefined) ?? (await fresh()),
          fresh,
          none: close,
        };
        good = (await run({ site, watches, note, signal: stop.signal })) && good;
        save();
      }
  } finally {
    await close();
    await settle(site, stop).catch((error: unknown) => tell(`settling: ${messageOf(error)}`));
    setLoad(site, healthyLoad);
  }
  return good;
}

if (flags.list) print(names.join('\n'));
else if (unknown.length > 0) {
  tell(`No ${flags.cure ? 'cure of' : 'scenario'} ${unknown.join(', ')}: ${names.join(', ')}`);
  process.exitCode = 2;
} else
  try {
    if (flags.record !== undefined) mkdirSync(flags.record, { recursive: true });
    process.exitCode = (await runAll()) ? 0 : 1;
  } catch (error) {
    tell(messageOf(error));
    process.exitCode = 1;
  }
