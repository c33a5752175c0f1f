import type { Failure } from '../../core/failure.js';
import type { Answer, MetricsSeen, Observation } from '../../core/observation.js';

type Denied = { readonly groups: Set<string>; readonly topics: Set<string> };

/** What the snapshot no longer tells of the observations it was made from: whom an ACL hid, and what a source of metrics said last. */
export class Heard {
  private readonly topicsOf = new Map<string, readonly string[]>();
  private readonly deniedOf = new Map<string, Denied>();
  private readonly metricsOf = new Map<string, { readonly seen: MetricsSeen; readonly times: number }>();
  private readonly pastOf = new Map<string, Answer<unknown>>();
  private readonly committedOf = new Set<string>();
  private readonly positionsOf = new Map<string, Failure>();

  fold(o: Observation): void {
    switch (o.kind) {
      case 'cluster':
        if (!('ok' in o.answer)) return;
        this.topicsOf.set(
          o.cluster,
          o.answer.ok.topics.map(t => t.topic),
        );
        for (const { topic, failed } of o.answer.ok.topics)
          if (isDenied(failed)) this.denied(o.cluster).topics.add(topic);
        return;
      case 'described':
        for (const { group, answer } of o.groups)
          if ('failed' in answer && isDenied(answer.failed)) this.denied(o.cluster).groups.add(group);
        return;
      case 'committed':
      case 'share-offsets':
        for (const { group, answer } of o.groups) {
          this.committedOf.add(`${o.cluster}/${group}`);
          if ('failed' in answer) {
            if (isDenied(answer.failed)) this.denied(o.cluster).groups.add(group);
          } else this.noteTopics(o.cluster, answer.ok, o.failures);
        }
        return;
      case 'offsets':
        this.noteTopics(o.cluster, o.topics, o.failures);
        return;
      case 'metrics': {
        const times = (this.metricsOf.get(o.source)?.times ?? 0) + 1;
        this.metricsOf.set(o.source, { seen: o, times });
        return;
      }
      case 'positions':
        if ('failed' in o.answer) this.positionsOf.set(`${o.connect}/${o.connector}`, o.answer.failed);
        else this.positionsOf.delete(`${o.connect}/${o.connector}`);
        return;
      case 'groups':
      case 'topic-configs':
      case 'log-dirs':
      case 'broker-configs':
      case 'broker-apis':
      case 'epoch-ends':
      case 'quotas':
      case 'acls':
      case 'reassignments':
      case 'connect':
      case 'connectors':
      case 'plugins':
      case 'records':
        return;
      case 'metrics-past':
        this.pastOf.set(o.source, o.answer);
        return;
    }
  }

  topics(cluster: string): readonly string[] {
    return this.topicsOf.get(cluster) ?? [];
  }

  /** Groups and topics of a cluster that this user was refused. */
  denied(cluster: string): Denied {
    const known = this.deniedOf.get(cluster);
    if (known !== undefined) return known;
    const fresh: Denied = { groups: new Set(), topics: new Set() };
    this.deniedOf.set(cluster, fresh);
    return fresh;
  }

  /** The newest answer of a source of metrics, and how many there were. */
  metrics(source: string): { readonly seen: MetricsSeen; readonly times: number } | undefined {
    return this.metricsOf.get(source);
  }

  /** Whether a source of metrics had the hour before; undefined where it was not asked. */
  past(source: string): Answer<unknown> | undefined {
    return this.pastOf.get(source);
  }

  /** Whether the offsets of a group (`group.id`) were answered or refused. */
  hasAsked(group: string): boolean {
    return this.committedOf.has(group);
  }

  /** Why the flushed positions of a flow (`flow.id`) are not known, where that was the last answer. */
  positions(flow: string): Failure | undefined {
    return this.positionsOf.get(flow);
  }

  private noteTopics(
    cluster: string,
    columns: readonly { readonly topic: string; readonly failure: Uint8Array }[],
    failures: readonly Failure[],
  ): void {
    if (!failures.some(isDenied)) return;
    for (const { topic, failure } of columns)
      if (failure.some(index => isDenied(failures[index - 1]))) this.denied(cluster).topics.add(topic);
  }
}

function isDenied(failed: Failure | undefined): boolean {
  return failed?.kind === 'unauthorised';
}
