import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, repository } from '../../scripts/bundle.js';
import { help } from '../../source/commands/help.js';
import { durationOf, momentOf, sizeOf } from '../../source/commands/quantities.js';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kmon-command-line-'));
  program = path.join(folder, 'kmon.mjs');
  await bundle({ entry: path.join(repository, 'cli.tsx'), outfile: program, version: '9.8.7' });
  await writeFile(path.join(folder, 'bad.yaml'), 'contexts: [');
  await writeFile(path.join(folder, 'clash.yaml'), 'keys: { act.remedy: e }');
  await copyFile(path.join(repository, 'test/record/fixtures/lab.kmon'), path.join(folder, 'lab.kmon'));
  await writeFile(path.join(folder, 'foreign.kmon'), gzipSync('hello\n'));
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** kmon as a script runs it: no terminal, and no configuration file but what the test names. */
function kmon(line: string, set: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...line.split(' ').filter(Boolean)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...set },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })));
}

describe('a command line that cannot be used', { timeout: 60_000 }, () => {
  test.each<[line: string, code: number, problem: string, next: string]>([
    ['--intervall 3', 2, 'there is no flag --intervall', 'did you mean --interval?'],
    ['-x', 2, 'there is no flag -x', 'kmon --help lists every flag'],
    ['lagg', 2, 'there is no command lagg', 'did you mean kmon lag?'],
    ['lag more', 2, 'does not know what to do with "more"', 'see kmon --help'],
    ['lag --speed 3', 2, 'kmon lag has no --speed', 'it belongs to kmon replay'],
    ['--context', 2, '--context needs a value', 'kmon --help'],
    ['check --since-mark v42 -b h:1', 3, 'it takes its value behind an equals sign', '--since-mark=v42'],
    ['check --since-mark -b h:1', 3, 'there is no mark of this context', 'kmon mark [LABEL] sets one'],
    ['mark v42 more -b h:1', 2, 'does not know what to do with "more"', 'see kmon --help'],
    ['mark --for 100ms -b 127.0.0.1:1', 1, 'nothing answers, so nothing is marked', ''],
    ['--context a --context b', 2, '--context is given twice', 'give it once'],
    ['--json=yes', 2, '--json takes no value', 'write --json alone'],
    ['--interval soon', 2, '--interval soon: not a number', '--interval 5'],
    ['lag --json --csv -b h:1', 2, '--json and --csv cannot be given together', 'give one of them'],
    ['record', 2, 'kmon record needs FILE', 'kmon record site.kmon'],
    ['record x.kmon --for soon -b h:1', 2, '--for soon: not a duration', '--for 30s'],
    ['record x.kmon --max-size big -b h:1', 2, '--max-size big: not a size', '--max-size 512M'],
    ['record no/such/x.kmon -b h:1', 2, 'its folder does not exist', 'make the folder'],
    ['record bad.yaml -b h:1', 2, 'there is such a file already', 'give another name'],
    ['replay nowhere.kmon', 2, 'no such file', 'check the path'],
    ['replay bad.yaml', 2, 'not a recording of kmon, or damaged', 'kmon record wrote'],
    ['replay lab.kmon', 2, 'a terminal is needed', 'ssh needs -t'],
    ['replay lab.kmon --at noon', 2, '--at noon: not a time', '--at +90s'],
    ['replay foreign.kmon', 2, 'foreign.kmon', 'kmon record wrote'],
    ['', 2, 'no address given', 'kmon -b broker:9092'],
    ['--config bad.yaml', 2, 'not valid YAML at line 1', 'correct the file'],
    ['-b h:1', 2, 'a terminal is needed', 'ssh needs -t'],
    ['-b h:1 --record no/such/x.kmon', 2, 'a terminal is needed', 'ssh needs -t'],
    ['demo --record no/such/x.kmon', 2, 'a terminal is needed', 'ssh needs -t'],
    ['demo --record x.kmon --max-size 1k', 2, '--max-size 1k: too small', 'give at least 1M'],
    ['demo --scenario storm', 2, 'there is no scenario storm', 'kmon demo --scenario list'],
    [
      'demo --scenario heathy',
      2,
      'there is no scenario heathy',
      'did you mean kmon demo --scenario healthy?',
    ],
    ['deamon', 2, 'there is no command deamon', 'check, mark, lag, doctor, config, record, replay, demo\n'],
    ['check --fore 3s', 3, 'there is no flag --fore', 'did you mean --for?'],
    ['check --for never -b h:1', 3, '--for never: not a duration', '--for 30s'],
    ['check', 3, 'no address given', 'kmon -b broker:9092'],
  ])('kmon %s: %i, %s', async (line, code, problem, next) => {
    const ran = await kmon(line);
    expect(ran.code).toBe(code);
    expect(ran.out).toBe('');
    expect(ran.err).toContain(problem);
    expect(ran.err).toContain(next);
    expect(ran.err).not.toMatch(/^\s+at /m);
  });

  test.each(['-b h:1', 'demo', 'replay lab.kmon', 'config -b h:1'])(
    'kmon %s: keys of the user that cannot be used, and a way to go on without them',
    async line => {
      const clash = await kmon(line, { KMON_CONFIG: 'clash.yaml' });
      expect(clash).toMatchObject({ code: 2, out: '' });
      expect(clash.err).toContain('e would be both act.remedy and act.evidence');
      const broken = await kmon(line, { KMON_CONFIG: 'bad.yaml' });
      expect(broken).toMatchObject({ code: 2, out: '' });
      expect(broken.err).toMatch(/bad.yaml: not valid YAML at line 1[^]*KMON_CONFIG=\/dev\/null/);
    },
  );

  test('kmon check --json says it as a verdict', async () => {
    const ran = await kmon('check --json --for never -b h:1');
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.out)).toMatchObject({ verdict: 'unknown', context: null });
  });

  test('a site that does not answer is unknown to kmon check, and a failure to kmon lag', async () => {
    const check = await kmon('check --for 500ms -b 127.0.0.1:1');
    expect(check).toMatchObject({ code: 3 });
    expect(check.out).toMatch(/^unknown: kafka kafka could not be judged: .*nothing listens there/);
    expect(await kmon('lag -b 127.0.0.1:1')).toMatchObject({ code: 1 });
  });
});

describe('kmon --help', { timeout: 60_000 }, () => {
  test('fits a terminal of 80 columns', async () => {
    const { out, code } = await kmon('--help');
    expect(code).toBe(0);
    expect(out).toContain(help.trim().split('\n')[0]);
    expect(out.split('\n').filter(line => line.length > 80)).toEqual([]);
  });
});

describe('a quantity', () => {
  test.each([
    ['30s', 30_000],
    ['10m', 600_000],
    ['1.5h', 5_400_000],
    ['500ms', 500],
    ['45', 45_000],
  ])('%s is a duration', (text, ms) => {
    expect(durationOf('--for', text)).toBe(ms);
  });

  test.each(['', '0s', '-3s', '3 days', 'NaN'])('"%s" is none', text => {
    expect(() => durationOf('--for', text)).toThrow('not a duration');
  });

  test('of bytes is binary', () => {
    expect(sizeOf('--max-size', '512M', 1)).toBe(512 * 1024 ** 2);
    expect(sizeOf('--max-size', '1.5GiB', 1)).toBe(1.5 * 1024 ** 3);
    expect(() => sizeOf('--max-size', '1k', 4096)).toThrow('too small');
  });

  test('of time names a moment of the recording', () => {
    const start = new Date(2026, 0, 31, 23, 50, 0).getTime();
    expect(momentOf('--at', '+90s', start)).toBe(start + 90_000);
    expect(momentOf('--at', '23:55', start)).toBe(start + 5 * 60_000);
    expect(momentOf('--at', '00:10:30', start)).toBe(start + 20.5 * 60_000);
    expect(momentOf('--at', '2026-02-01T00:00:00Z', start)).toBe(Date.UTC(2026, 1, 1));
    expect(() => momentOf('--at', 'noon', start)).toThrow('not a time');
  });
});
