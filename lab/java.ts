/** Java processes and tools of a lab. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LabSite, checkout } from './site.js';

/** Serial collector and first compiler only: seven JVMs share two cores, and start-up counts more than peak speed. */
const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.net.preferIPv4Stack=true'];

export interface Jvm {
  readonly mainClass: string;
  readonly args: readonly string[];
  readonly heapMegabytes: number;
  /** Port and configuration file of its JMX exporter. */
  readonly exporter?: { readonly port: number; readonly rules: string };
}

/** The arguments of `java` for a process of this lab. */
export function javaArgs(site: LabSite, jvm: Jvm): string[] {
  const { jars } = site.paths;
  const agent = join(jars, 'libs', 'jmx_prometheus_javaagent-1.0.1.jar');
  return [
    `-Xmx${jvm.heapMegabytes}m`,
    ...flags,
    `-Dlog4j2.configurationFile=${join(checkout, 'lab/log4j2.xml')}`,
    ...(jvm.exporter ? [`-javaagent:${agent}=127.0.0.1:${jvm.exporter.port}:${jvm.exporter.rules}`] : []),
    '-cp',
    `${join(jars, 'libs')}/*:${join(jars, 'classes')}`,
    jvm.mainClass,
    ...jvm.args,
  ];
}

/** Runs one of Kafka's own command line tools (1.5–3 s, mostly the start of the JVM) and returns its standard output. */
export async function runJavaTool(
  site: LabSite,
  mainClass: string,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'java',
    javaArgs(site, { mainClass, args, heapMegabytes: 128 }),
    { maxBuffer: 64 << 20, timeout: 120_000 },
  );
  return stdout;
}
