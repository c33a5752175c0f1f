/** The process of a classic consumer group: `group.ts <lab> <group>`. Runs until it is ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Consumer, type EachBatchPayload } from 'kafkajs';
import { kafkaClient } from '../clients.js';
import { type ClassicGroup, type GroupSettings, groups, settingsOf } from '../groups.js';
import { openLab } from '../site.js';
import { messageOf } from '../wait.js';
import { unevenAssigner } from './uneven.js';

const [labName = '', groupName = ''] = process.argv.slice(2);
const site = openLab(labName);
const plan = groups.find(each => each.group === groupName);
if (plan?.kind !== 'classic') throw new Error(`No classic group "${groupName}"`);
const { cluster, members, topic } = plan;
const group: ClassicGroup = plan.group;

/** Milliseconds between two commits of a member. */
const commitEvery = 1_000;
/** Milliseconds after which a commit that is still tried is taken for one that never arrives. */
const commitTimeout = 15_000;
/** Partitions that a member works on at the same time. */
const atOnce = 4;
/** Milliseconds that a member is away in a deployment. */
const awayMs = 4_000;

let settings: GroupSettings = settingsOf(group).read(site);
// Both are offered always, the wanted one first: a group refuses who shares no assignor with those who are still in it.
const { roundRobin } = kafkajs.PartitionAssigners;
const assigners = settings.uneven ? [unevenAssigner, roundRobin] : [roundRobin, unevenAssigner];

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const say = (line: string): void => log(`${new Date().toISOString()} ${line}`);

/** One member of the group, from joining to leaving. */
class Member {
  readonly #consumer: Consumer;
  /** What is to be committed next: the offset after the last handled record, by partition. */
  readonly #handled = new Map<number, string>();
  /** The offset after the last handled record of each partition that it owns. */
  readonly #positions = new Map<number, number>();
  readonly #number: number;
  #commits: NodeJS.Timeout | undefined;
  /** Resolves when it has left and joined anew; nothing while it does not. */
  #anew: Promise<void> | undefined;
  #joins = 0;
  /** How often it went back. */
  #rewinds = 0;

  constructor(number: number) {
    this.#number = number;
    const kafka = kafkaClient(site, cluster, { clientId: `${group}-${number}`, log });
    this.#consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      rebalanceTimeout: 10_000,
      partitionAssigners: assigners,
      // Two fetches a second instead of one per batch that arrives.
      minBytes: 64 << 10,
      maxWaitTimeInMs: 500,
      retry: { retries: Number.MAX_SAFE_INTEGER, maxRetryTime: 5_000 },
    });
    // Others may own the partitions now; they go on from the last commit.
    this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => {
      this.#handled.clear();
      this.#positions.clear();
      this.#joins++;
    });
  }

  async join(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic, fromBeginning: true });
    await this.#run();
    this.#commits = setInterval(() => void this.#commit(), commitEvery);
  }

  async leave(): Promise<void> {
    clearInterval(this.#commits);
    await this.#commit();
    await this.#anew;
    await this.#consumer.disconnect();
  }

  #run(): Promise<void> {
    return this.#consumer.run({
      // kafkajs would commit after every batch, which is a write to three replicas for a handful of records.
      autoCommit: false,
      partitionsConsumedConcurrently: atOnce,
      eachBatchAutoResolve: false,
      eachBatch: payload => this.#handle(payload),
    });
  }

  /**
   * kafkajs looks for the coordinator when it joins, and then commits to that broker for ever, also when another has become the
   * coordinator. What is still being committed is given up: it is handled again.
   */
  #joinAnew(): void {
    this.#anew ??= (async () => {
      say(`member ${this.#number}: a commit is not taken for ${commitTimeout} ms, joining anew`);
      try {
        await this.#consumer.stop();
        await this.#run();
      } catch (error) {
        say(`member ${this.#number}: joining anew: ${messageOf(error)}`);
      } finally {
        this.#anew = undefined;
      }
    })();
  }

  /** Goes back by so many records in each of its partitions, and commits that. */
  async rewind(by: number): Promise<void> {
    this.#rewinds++;
    for (const [partition, position] of this.#positions) {
      const offset = String(Math.max(0, position - by));
      this.#consumer.seek({ topic, partition, offset });
      this.#handled.set(partition, offset);
    }
    await this.#commit();
  }

  /** Records a second that it handles of one partition. */
  #pace(): number {
    const { maxPerSecond, slowMember } = settings;
    const own = slowMember?.member === this.#number ? slowMember.maxPerSecond : null;
    return (own ?? (maxPerSecond ?? Infinity) / members) / atOnce;
  }

  async #handle(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const rewinds = this.#rewinds;
    let done = 0;
    while (
      done < batch.messages.length &&
      payload.isRunning() &&
      !payload.isStale() &&
      rewinds === this.#rewinds
    ) {
      // At most half a second's worth at a time, so that a slow member keeps its place in the group.
      const share = this.#pace();
      const step = batch.messages.slice(done, done + Math.max(1, Math.floor(share / 2)));
      if (share !== Infinity) await sleep((step.length / share) * 1_000);
      const last = step.at(-1);
      if (last && rewinds === this.#rewinds) {
        payload.resolveOffset(last.offset);
        this.#positions.set(batch.partition, Number(last.offset) + 1);
        this.#handled.set(batch.partition, String(Number(last.offset) + 1));
      }
      done += step.length;
      await payload.heartbeat();
    }
  }

  async #commit(): Promise<void> {
    const offsets = [...this.#handled].map(([partition, offset]) => ({ topic, partition, offset }));
    if (offsets.length === 0) return;
    this.#handled.clear();
    const joins = this.#joins;
    const late = setTimeout(() => this.#joinAnew(), commitTimeout);
    try {
      await this.#consumer.commitOffsets(offsets);
    } catch (error) {
      say(`commit: ${messageOf(error)}`);
      // A rebalance is the usual reason; then what was not committed is handled again. Otherwise try again.
      if (joins === this.#joins)
        for (const { partition, offset } of offsets)
          if (!this.#handled.has(partition)) this.#handled.set(partition, offset);
    } finally {
      clearTimeout(late);
    }
  }
}

async function join(number: number): Promise<Member> {
  const member = new Member(number);
  await member.join();
  return member;
}

async function leaveAndReturn(team: Member[], number: number, awayMs: number): Promise<void> {
  say(`member ${number} leaves`);
  await team[number]?.leave();
  await sleep(awayMs);
  say(`member ${number} returns`);
  team[number] = await join(number);
}

/** One member after the other leaves and comes back: once when a deployment is wanted, and for as long as the settings say churn. */
async function comeAndGo(team: Member[]): Promise<never> {
  let { rolledAt } = settings;
  for (let turn = 0; ;) {
    const { churnSeconds } = settings;
    if (settings.rolledAt !== rolledAt) {
      rolledAt = settings.rolledAt;
      for (let number = 0; number < members; number++) await leaveAndReturn(team, number, awayMs);
    } else if (churnSeconds === null) await sleep(500);
    else {
      await leaveAndReturn(team, turn++ % members, churnSeconds * 500);
      await sleep(churnSeconds * 500);
    }
  }
}

for (const end of ['SIGTERM', 'SIGINT'] as const) process.once(end, () => process.exit(0));
const team = await Promise.all(Array.from({ length: members }, (_, number) => join(number)));
settingsOf(group).follow(site, now => {
  const { rewindBy } = now;
  const rewinds = rewindBy !== null && settings.rewindBy === null;
  settings = now;
  if (rewinds) for (const member of team) void member.rewind(rewindBy);
});
await comeAndGo(team);
