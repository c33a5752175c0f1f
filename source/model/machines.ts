import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, seen, unknown, type Known } from '../core/known.js';
import type { MetricName } from '../core/observation.js';
import type { Metrics } from './metrics.js';

/** A JVM and the machine that it runs on, as exporters tell of them. Shares are 0…1. */
export type Machine = {
  /** Of the host's cores, that the process uses; that all processes of the host use. */
  readonly processCpu: Known<number>;
  readonly hostCpu: Known<number>;
  readonly hostMemory: Known<number>;
  readonly heap: Known<number>;
  /** Heap in use, bytes. */
  readonly heapBytes: Known<number>;
  /** Share of the time that the JVM collected garbage. */
  readonly gcShare: Known<number>;
  /** Bytes/s in and out of the host, loopback apart. */
  readonly network: Known<number>;
};

/** `instance`: the scraped process, or why it is not known which one it is. `host`: as its user addresses it. */
export function machineOf(who: string, instance: Known<string>, host: string, metrics: Metrics): Machine {
  const hosts = isKnown(instance) ? [host, hostOf(instance.value)] : [host];
  const ofProcess = (name: MetricName): Known<number> => {
    const subject = `${name} of ${who}`;
    if (isKnown(instance)) return metrics.find(name, subject, s => s.instance === instance.value);
    const silent = metrics.current(name).length === 0 ? metrics.why(name, subject) : undefined;
    return unknown(silent ?? { ...instance.unknown, subject }, instance.since);
  };
  const ofHost = (name: MetricName): Known<number> => {
    const there = new Set(
      metrics
        .current(name)
        .flatMap(s => (hosts.some(h => isSameHost(h, hostOf(s.instance))) ? s.instance : [])),
    );
    const exact = [...there].filter(i => hosts.includes(hostOf(i)));
    const subject = `${name} of ${[...new Set(hosts)].join(' or ')}`;
    if (exact.length === 0 && there.size > 1) {
      const detail = `${[...there].sort().join(' and ')} may both be it`;
      return unknown(failure('absent', subject, detail), isKnown(instance) ? instance.at : instance.since);
    }
    const mine = exact.length > 0 ? new Set(exact) : there;
    return metrics.find(name, subject, s => mine.has(s.instance));
  };
  return {
    processCpu: ratio(ofProcess('process-cpu'), ofHost('node-cores')),
    hostCpu: ofHost('node-cpu'),
    hostMemory: ofHost('node-memory-used'),
    heap: ratio(ofProcess('jvm-heap-used-bytes'), ofProcess('jvm-heap-max-bytes')),
    heapBytes: ofProcess('jvm-heap-used-bytes'),
    gcShare: ofProcess('jvm-gc-share'),
    network: ofHost('node-network-bytes'),
  };
}

/** The fuller of the process and its host: either of them holds it up. */
export function busiest({ processCpu, hostCpu }: Pick<Machine, 'processCpu' | 'hostCpu'>): Known<number> {
  if (!isKnown(hostCpu)) return processCpu;
  return isKnown(processCpu) && processCpu.value >= hostCpu.value ? processCpu : hostCpu;
}

/** Processes that tell of a JVM; node_exporter tells of its own CPU, too, and is none. */
export function processes(metrics: Metrics): readonly string[] {
  const names: readonly MetricName[] = ['jvm-heap-used-bytes', 'jvm-gc-share'];
  return [...new Set(names.flatMap(name => metrics.current(name).map(s => s.instance)))].sort();
}

/**
 * The process of `who` by its host alone: known only where one process is left there, and nobody else (`rivals`) for it to
 * belong to.
 */
export function processOn(
  who: string,
  host: string,
  spare: readonly string[],
  rivals: readonly string[],
  at: Millis,
): Known<string> {
  const subject = `process of ${who}`;
  const here = spare.filter(instance => isSameHost(host, hostOf(instance)));
  const exact = here.filter(instance => host === hostOf(instance));
  const found = exact.length > 0 ? exact : here;
  const [first] = found;
  if (first === undefined) return unknown(failure('absent', subject, `no metrics come from ${host}`), at);
  const others = rivals.filter(rival => isSameHost(rival, hostOf(first))).length;
  if (found.length === 1 && others === 0) return seen(first, at);
  const detail =
    found.length > 1
      ? `${found.length} processes on ${host} tell metrics, and nothing tells which is which`
      : `${others + 1} processes run on ${host}, and metrics come from one`;
  return unknown(failure('absent', subject, detail), at);
}

/** `10.0.3.12:8083` and `localhost:9404` by host; a worker and an exporter on one machine share it. */
export function hostOf(address: string): string {
  const host = address.replace(/:\d+$/, '').toLowerCase();
  return host === 'localhost' ? '127.0.0.1' : host;
}

/** `broker-1` and `broker-1.prod.example.com` are one host, as long as no other one has that first name. */
export function isSameHost(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short !== '' && !/^\d+$/.test(short) && long.startsWith(`${short}.`) && !/^[\d.]+$/.test(long);
}

function ratio(part: Known<number>, whole: Known<number>): Known<number> {
  if (!isKnown(part)) return unknown(part.unknown, part.since);
  if (!isKnown(whole)) return unknown(whole.unknown, whole.since);
  return seen(part.value / whole.value, part.at);
}
