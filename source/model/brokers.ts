import type { Millis } from '../core/clock.js';
import { failure, type Failure, type FailureKind } from '../core/failure.js';
import { latest, lost, seen, unknown, type Known } from '../core/known.js';
import type { BrokerApisSeen, BrokerConfigsSeen, BrokerSeen, OffsetsSeen } from '../core/observation.js';
import { brokerViewOf, type AroundBroker } from './broker-views.js';
import type { ChangeLog } from './change-log.js';
import { folded } from './folded.js';
import { same } from './same.js';
import type { BrokerView } from './snapshot.js';
import { troubleIn } from './topology-changes.js';

/** Failures of the whole broker rather than of an item that it was asked about. */
const brokerFailures: ReadonlySet<FailureKind> = new Set([
  'refused',
  'unreachable',
  'timeout',
  'tls',
  'unauthenticated',
]);

/** The brokers of one cluster: what each told of itself, and those that were there before. */
export class Brokers {
  private readonly answers = new Map<number, Known<true>>();
  /** Brokers that the metadata once named and no longer does. */
  private readonly gone = new Map<number, { readonly broker: BrokerSeen; readonly since: Millis }>();
  /** Those that nothing misses any more. */
  private readonly retired = new Set<number>();
  private readonly configs = new Map<number, BrokerView['config']>();
  private readonly apis = new Map<number, BrokerView['apis']>();

  constructor(
    private readonly cluster: string,
    private readonly log: ChangeLog,
  ) {}

  /**
   * A fenced or dead broker vanishes from the metadata. It stays in view for as long as partitions miss a replica or
   * a leader (`missed`): until then it is a loss, afterwards it was taken out of service.
   */
  noteGone(before: readonly BrokerSeen[], now: readonly BrokerSeen[], missed: boolean, at: Millis): void {
    if (!missed) {
      for (const id of this.gone.keys()) this.retired.add(id);
      this.gone.clear();
    }
    for (const broker of before)
      if (!now.some(b => b.id === broker.id) && !this.gone.has(broker.id))
        this.gone.set(broker.id, { broker, since: at });
    for (const { id } of now) {
      this.gone.delete(id);
      this.retired.delete(id);
    }
  }

  /** Those that are no longer there have nothing to tell. */
  keep(ids: ReadonlySet<number>): void {
    for (const id of this.answers.keys()) if (!ids.has(id)) this.answers.delete(id);
    for (const id of this.configs.keys()) if (!ids.has(id)) this.configs.delete(id);
    for (const id of this.apis.keys()) if (!ids.has(id)) this.apis.delete(id);
  }

  noteAnswer(broker: number, failed: Failure | undefined, at: Millis): void {
    const before = this.answers.get(broker);
    const answer = failed === undefined ? { ok: true } : { failed };
    this.log.note(...troubleIn(this.cluster, `broker ${broker}`, before, answer, at));
    this.answers.set(broker, failed === undefined ? seen(true, at) : lost(before, failed, at));
  }

  observeOffsets(o: OffsetsSeen): void {
    this.noteAnswer(o.broker, wholeFailure(o), o.answered);
  }

  observeConfigs(o: BrokerConfigsSeen): void {
    this.configs.set(o.broker, folded(this.configs.get(o.broker), o));
  }

  observeApis({ broker, ...o }: BrokerApisSeen): void {
    const before = this.apis.get(broker);
    const known = before && latest(before)?.value;
    // A broker speaks the same until it is exchanged: what is kept of the past shares it.
    const isOld = known !== undefined && 'ok' in o.answer && same(known, o.answer.ok);
    this.apis.set(broker, folded(before, isOld ? { ...o, answer: { ok: known } } : o));
  }

  /** `now`: those that the metadata names; and those that are missed. */
  views(now: readonly BrokerSeen[], controller: number, around: AroundBroker): BrokerView[] {
    return [
      ...now.map(b => this.brokerView(b, controller, around)),
      ...[...this.gone.values()].map(({ broker, since }) => this.goneView(broker, since, around)),
    ];
  }

  retiredIds(): readonly number[] {
    return [...this.retired];
  }

  private goneView(broker: BrokerSeen, since: Millis, around: AroundBroker): BrokerView {
    const left = failure(
      'absent',
      `broker ${broker.id}`,
      'the cluster no longer counts it among its brokers',
    );
    return brokerViewOf(
      broker,
      false,
      { answers: unknown(left, since), config: unknown(left, since), apis: unknown(left, since) },
      around,
    );
  }

  private brokerView(broker: BrokerSeen, controller: number, around: AroundBroker): BrokerView {
    const early = failure('early', `broker ${broker.id}`, 'not asked yet');
    const told = {
      answers: this.answers.get(broker.id) ?? unknown<true>(early, around.at),
      config: this.configs.get(broker.id) ?? unknown(early, around.at),
      apis: this.apis.get(broker.id) ?? unknown(early, around.at),
    };
    return brokerViewOf(broker, broker.id === controller, told, around);
  }
}

/** The reason why a broker answered nothing of what it was asked, if it is the broker's own. */
function wholeFailure(o: OffsetsSeen): Failure | undefined {
  if (!o.topics.every(c => c.failure.every(f => f > 0))) return undefined;
  return o.failures.find(f => brokerFailures.has(f.kind));
}
