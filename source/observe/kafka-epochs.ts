import type { CommittedSeen, OffsetColumn, TopicSeen } from '../core/observation.js';
import type { WantedEpochs } from '../wire/kafka/reads/leader-epochs.js';

type Outcome = CommittedSeen['groups'][number]['answer'];
type TopicId = TopicSeen['topicId'];

/** Of one leader in one round; what is left is asked in the next. */
const mostAsked = 5_000;
/** So many answers a partition are remembered at most, before all of its topic are asked for anew. */
const mostAnswers = 8;
/** More partitions than a topic may have: an epoch and a partition make one number. */
const beyondPartitions = 2 ** 20;

/**
 * Which ends of epochs are worth asking for (KIP-320): those of commits of an older epoch than that of the leader of now. What was
 * answered under one leader stays so until the next one, so that nothing is asked while leaders stay where they are.
 */
export class EpochQuestions {
  private readonly committed = new Map<string, { broker: number; columns: readonly OffsetColumn[] }>();
  /** By topic, while it is the same one: under which epoch of the leader the end of an epoch of a partition was answered. */
  private readonly answered = new Map<
    string,
    { readonly id: TopicId; readonly answers: Map<number, number> }
  >();

  learn(broker: number, group: string, answer: Outcome): void {
    if (!('ok' in answer)) return;
    const known = this.committed.get(group);
    if (known === undefined) this.committed.set(group, { broker, columns: answer.ok });
    else [known.broker, known.columns] = [broker, answer.ok];
  }

  /** The broker's list of groups was read: what it no longer coordinates is another's, or gone. */
  keep(broker: number, listed: ReadonlySet<string>): void {
    for (const [group, last] of this.committed)
      if (last.broker === broker && !listed.has(group)) this.committed.delete(group);
  }

  /** By leader, one epoch a partition: where groups have committed in several, the others follow in the next rounds. */
  wanted(topics: ReadonlyMap<string, TopicSeen>): ReadonlyMap<number, readonly WantedEpochs[]> {
    for (const [topic, { id }] of this.answered) {
      const seen = topics.get(topic);
      if (seen === undefined || seen.topicId !== id) this.answered.delete(topic);
    }
    const byLeader = new Map<number, Map<string, Map<number, number>>>();
    for (const { columns } of this.committed.values())
      for (const column of columns) {
        const seen = topics.get(column.topic);
        if (seen?.leaderEpoch !== undefined && column.leaderEpoch !== undefined)
          this.add(column, seen, byLeader);
      }
    return new Map([...byLeader].map(([leader, wanted]) => [leader, listed(wanted)]));
  }

  /** `under`: the topic with the leaders that answered. What failed is asked again. */
  note({ topic, partition, failure, wanted }: Answered, under: TopicSeen | undefined): void {
    const epochs = under?.leaderEpoch;
    let answers = this.answered.get(topic)?.answers;
    if (answers === undefined || answers.size > mostAnswers * (epochs?.length ?? 0)) {
      answers = new Map<number, number>();
      this.answered.set(topic, { id: under?.topicId, answers });
    }
    for (let i = 0; i < partition.length; i++) {
      const p = partition[i] ?? 0;
      if (failure[i] === 0) answers.set(keyOf(wanted[i] ?? 0, p), epochs?.[p] ?? NaN);
    }
  }

  private add(
    { topic, partition, leaderEpoch }: OffsetColumn,
    seen: TopicSeen,
    byLeader: Map<number, Map<string, Map<number, number>>>,
  ): void {
    const answers = this.answered.get(topic)?.answers;
    for (let i = 0; i < partition.length; i++) {
      const p = partition[i] ?? 0;
      const epoch = leaderEpoch?.[i] ?? NaN;
      const now = seen.leaderEpoch?.[p] ?? NaN;
      const leader = seen.leader[p] ?? NaN;
      if (!(now > epoch) || !(leader >= 0) || answers?.get(keyOf(epoch, p)) === now) continue;
      const ofLeader = byLeader.get(leader) ?? new Map<string, Map<number, number>>();
      byLeader.set(leader, ofLeader);
      const ofTopic = ofLeader.get(topic) ?? new Map<number, number>();
      ofLeader.set(topic, ofTopic);
      if (!ofTopic.has(p)) ofTopic.set(p, epoch);
    }
  }
}

type Answered = Pick<OffsetColumn, 'topic' | 'partition' | 'failure'> & { readonly wanted: Int32Array };

function keyOf(epoch: number, partition: number): number {
  return epoch * beyondPartitions + partition;
}

function listed(wanted: ReadonlyMap<string, ReadonlyMap<number, number>>): readonly WantedEpochs[] {
  let room = mostAsked;
  const all: WantedEpochs[] = [];
  for (const [topic, epochs] of wanted) {
    if (room <= 0) break;
    const some = [...epochs].slice(0, room).sort(([a], [b]) => a - b);
    room -= some.length;
    all.push({
      topic,
      partitions: Int32Array.from(some, ([partition]) => partition),
      epochs: Int32Array.from(some, ([, epoch]) => epoch),
    });
  }
  return all;
}
