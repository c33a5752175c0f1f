/**
 * What a lab needs on the machine, and how it gets it: the JDK and Maven from Debian when this user may install them
 * (otherwise a message that says what to install), the jars by the pinned `jars/pom.xml`, Prometheus and node_exporter
 * from the PATH or unpacked from their Debian packages into `.lab/packages` (never installed, so no service is started).
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type LabSite, checkout } from './site.js';
import { messageOf } from './wait.js';

const execute = promisify(execFile);

/** Programs that the parts of a lab are started with. */
export interface Tools {
  readonly java: string;
  readonly prometheus: string;
  readonly nodeExporter: string;
}

type Progress = (line: string) => void;

const packages = join(checkout, '.lab', 'packages');

/** Installs what is missing; quick when nothing is. */
export async function install(site: LabSite, progress: Progress): Promise<Tools> {
  await installJava(progress);
  await installJars(site, progress);
  for (const name of ['prometheus', 'prometheus-node-exporter']) await installUnpacked(name, progress);
  return findTools();
}

/** The programs of a lab that has been up before. */
export function findTools(): Tools {
  const find = (name: string): string => findProgram(name) ?? unpackedProgram(name);
  return {
    java: find('java'),
    prometheus: find('prometheus'),
    nodeExporter: find('prometheus-node-exporter'),
  };
}

async function installJava(progress: Progress): Promise<void> {
  const missing = [
    ...((await javaVersion()) >= 17 && findProgram('javac') ? [] : ['default-jdk-headless']),
    ...(findProgram('mvn') ? [] : ['maven']),
  ];
  if (missing.length > 0) await installPackages(missing, progress);
  const version = await javaVersion();
  if (version < 17) throw new Error(`Java 17 or later is needed; "java" on the PATH is version ${version}`);
}

/** The major version of the `java` on the PATH, 0 when there is none. */
async function javaVersion(): Promise<number> {
  try {
    const { stderr } = await execute('java', ['-version']);
    return Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function installPackages(names: readonly string[], progress: Progress): Promise<void> {
  if (process.getuid?.() !== 0 || !findProgram('apt-get'))
    throw new Error(
      `Please install: ${names.join(' ')} (for Debian: sudo apt-get install ${names.join(' ')})`,
    );
  progress(`installing ${names.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await patiently(() => execute('apt-get', ['update', '-q'], { env }));
  await patiently(() =>
    execute('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], {
      env,
      maxBuffer: 64 << 20,
    }),
  );
}

/** Kafka's jars and the lab's own converter, in `.lab/jars/<version>`. */
async function installJars(site: LabSite, progress: Progress): Promise<void> {
  const { jars } = site.paths;
  const libs = join(jars, 'libs');
  if (!existsSync(join(libs, `kafka-streams-${site.kafkaVersion}.jar`))) {
    progress(`fetching the jars of Kafka ${site.kafkaVersion}`);
    const partial = `${libs}.partial-${process.pid}`;
    const goals = ['dependency:copy-dependencies', `-DoutputDirectory=${partial}`];
    const version = `-Dkafka.version=${site.kafkaVersion}`;
    await patiently(() =>
      execute('mvn', ['-q', '-B', '-f', join(checkout, 'lab/jars/pom.xml'), version, ...goals]),
    );
    if (existsSync(libs)) moveMissing(partial, libs);
    else moveIntoPlace(partial, libs);
  }
  const classes = join(jars, 'classes');
  if (!existsSync(join(classes, 'kmon/lab/BusyConverter.class'))) {
    const sources = join(checkout, 'lab/java');
    const partial = `${classes}.partial-${process.pid}`;
    await execute('javac', [
      '-cp',
      `${libs}/*`,
      '--release',
      '17',
      '-d',
      partial,
      ...['WorkConverter', 'BusyConverter'].map(name => join(sources, `kmon/lab/${name}.java`)),
    ]);
    await execute('cp', ['-r', join(sources, 'META-INF'), partial]);
    // What an older checkout compiled does not have this class.
    rmSync(classes, { recursive: true, force: true });
    moveIntoPlace(partial, classes);
  }
}

/** Renames a complete folder to its name; another `up` may have been faster, then its copy stays. */
function moveIntoPlace(partial: string, complete: string): void {
  try {
    renameSync(partial, complete);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(complete)) throw error;
  }
}

/** Adds what a folder lacks that an older checkout filled. The rest stays as it is: a lab may be running from it. */
function moveMissing(partial: string, older: string): void {
  for (const name of readdirSync(partial))
    if (!existsSync(join(older, name))) renameSync(join(partial, name), join(older, name));
  rmSync(partial, { recursive: true, force: true });
}

/** Unpacks the Debian package that has the program of the same name, unless it is on the PATH or unpacked already. */
async function installUnpacked(name: string, progress: Progress): Promise<void> {
  if (findProgram(name) || existsSync(unpackedProgram(name))) return;
  const unpacked = join(packages, name);
  const debian = findProgram('apt-get') && findProgram('dpkg-deb');
  if (!debian) throw new Error(`Please install ${name} so that it is on the PATH`);
  progress(`fetching ${name}`);
  const partial = `${unpacked}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const download = (): Promise<unknown> => execute('apt-get', ['download', '-q', name], { cwd: partial });
  try {
    await download();
  } catch (error) {
    // The usual reason is that this machine has no package lists yet, or old ones; only root may fetch them.
    if (process.getuid?.() !== 0)
      throw new Error(`Please install ${name} (apt-get download says: ${messageOf(error)})`, {
        cause: error,
      });
    await patiently(() => execute('apt-get', ['update', '-q']));
    await patiently(download);
  }
  await execute('sh', ['-c', 'for package in *.deb; do dpkg-deb -x "$package" . && rm "$package"; done'], {
    cwd: partial,
  });
  moveIntoPlace(partial, unpacked);
}

function unpackedProgram(name: string): string {
  return join(packages, name, 'usr/bin', name);
}

/** Registries fail now and then: three tries. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

/** The absolute path of a program on the PATH. */
function findProgram(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
