import type { Clock, Millis } from '../core/clock.js';
import { sentence } from '../core/failure.js';
import type { Answer } from '../core/observation.js';
import { duration } from '../core/units.js';
import type { Snapshot } from '../model/snapshot.js';
import type { ConnectLink, WriteResult } from '../wire/connect/link.js';
import { patchConfig } from '../wire/connect/writes/patch-config.js';
import { putConfig } from '../wire/connect/writes/put-config.js';
import { restartConnector } from '../wire/connect/writes/restart-connector.js';
import { restartTask } from '../wire/connect/writes/restart-task.js';
import { setState } from '../wire/connect/writes/set-state.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import { alterConfigs } from '../wire/kafka/writes/alter-configs.js';
import { alterQuotas } from '../wire/kafka/writes/alter-quotas.js';
import { commitOffsets } from '../wire/kafka/writes/commit-offsets.js';
import { createPartitions } from '../wire/kafka/writes/create-partitions.js';
import { deleteGroups } from '../wire/kafka/writes/delete-groups.js';
import { deleteOffsets } from '../wire/kafka/writes/delete-offsets.js';
import { electPreferredLeaders } from '../wire/kafka/writes/elect-leaders.js';
import { reassignPartitions } from '../wire/kafka/writes/reassign-partitions.js';
import { removeMembers } from '../wire/kafka/writes/remove-members.js';
import { refusal, type Action, type Draft } from './action.js';
import { actions } from './actions.js';
import { recorded, type Audit } from './audit.js';
import { whatIsKnown, type Earlier } from './earlier.js';
import { baseline, watchEffect } from './effect.js';
import { findOut } from './find-out.js';
import { offersFor, type Suggested } from './offers.js';
import { closed, clusterDiffers, nowhere, read, type Places } from './places.js';
import {
  nameOfTarget,
  type Occasion,
  type Offer,
  type Outcome,
  type Plan,
  type Step,
  type Target,
} from './plan.js';
import { objectionOfConnect, patches } from './preflight.js';
import { outcomeOf, type Sent } from './sent.js';
import type { Subject } from './subject.js';
import { unsettled } from './settling.js';
import { decidedSince } from './undo.js';
import { verify } from './verify.js';
import { differences, movedOn, type KafkaWorld, type World } from './world.js';
import type { ConnectorWorld } from './worlds/connector.js';
import { leaderKey, placeKey, replicasKey } from './worlds/kafka.js';
import { inWords, isForConnect, type ConnectWrite, type KafkaWrite, type Write } from './write.js';

export type GateOptions = Places & {
  readonly mode: 'read-only' | 'read-write';
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  readonly audit: Audit;
};

/** Everything that changes anything goes through here: plan, type the name, compare, apply, verify, watch. */
export type Gate = {
  /** What can be planned for a subject, what findings suggest first, and why the rest can not. */
  offers(subject: Subject, suggested: readonly Suggested[]): readonly Offer[];
  /** Never rejects. In read-only mode it plans too: the plan is shown, and `run` refuses it. */
  plan(
    action: string,
    target: Target,
    argument: string,
    signal: AbortSignal,
    occasion?: Occasion,
  ): Promise<Outcome>;
  /** The plan that takes back an applied one. */
  planUndo(plan: string, signal: AbortSignal): Promise<Outcome>;
  /**
   * Carries a plan out; each step is in the audit file before it is told. Never rejects. One change at a time: the next may begin once
   * this one is verified, and ends the watch over its effect.
   */
  run(plan: Plan, typed: string, signal: AbortSignal): AsyncGenerator<Step, void, undefined>;
  /** What earlier runs began and did not end, each read again: what is known of it now. Never rejects. */
  earlier(signal: AbortSignal): Promise<readonly Earlier[]>;
};

/** What a plan was asked for. */
type Asked = {
  readonly action: Action;
  readonly target: Target;
  readonly argument: string;
  readonly time: Millis | undefined;
  readonly occasion: Occasion;
};

/** A plan as this gate keeps it: the world that it was made from stays here, secrets and all. */
type Made = {
  readonly draft: Draft;
  readonly basis: World;
  /** What of the past the plan was made from: it is read again with the rest. */
  readonly time: Millis | undefined;
  /** The same plan against another world. */
  readonly again: (world: World) => Outcome;
  applied?: boolean;
  /** The keys of the diff that were done, where not all were. */
  only?: ReadonlySet<string>;
};

/** Plans that are remembered; the oldest go first. */
const remembered = 64;

export function createGate(options: GateOptions): Gate {
  const { clock, snapshot } = options;
  const made = new Map<string, Made>();
  /** The change that is being made; none while only its effect is watched. */
  let busy: AbortController | undefined;
  /** The change whose effect is watched: until the next one, at the latest. */
  let watched: AbortController | undefined;
  let count = 0;

  function nextId(action: string): string {
    count++;
    return `${action}-${clock.now().toString(36)}-${count}`;
  }

  function remember(entry: Made): Plan {
    const { plan } = entry.draft;
    made.set(plan.id, entry);
    const oldest = made.keys().next().value;
    if (made.size > remembered && oldest !== undefined) made.delete(oldest);
    return plan;
  }

  const look = (target: Target, time: Millis | undefined, signal: AbortSignal): Promise<Answer<World>> =>
    read(options, target, time, signal);

  async function plan(
    id: string,
    target: Target,
    argument: string,
    signal: AbortSignal,
    occasion: Occasion = {},
  ): Promise<Outcome> {
    const refuse = (reason: string, instead?: readonly string[]): Outcome =>
      refusal(id, target, reason, instead);
    const action = actions.find(a => a.id === id);
    if (action === undefined) return refuse('kmon knows no such action');
    const barred = closed(options, target);
    if (barred !== undefined) {
      const { owner } = barred;
      return refuse(barred.reason, owner && action.elsewhere(owner, snapshot(), target, argument));
    }
    const disabled = action.disabled(snapshot(), target);
    if (disabled !== undefined) return refuse(disabled);
    const time = action.time?.(argument, clock.now());
    const world = await look(target, time, signal);
    return 'failed' in world
      ? refuse(sentence(world.failed))
      : planFrom({ action, target, argument, time, occasion }, world.ok);
  }

  function planFrom(asked: Asked, basis: World): Outcome {
    const { action, target, argument, time, occasion } = asked;
    const { playbook, found } = occasion;
    const draft = action.plan({
      id: nextId(action.id),
      at: clock.now(),
      target,
      world: basis,
      snapshot: snapshot(),
      argument,
    });
    if (!('plan' in draft)) return draft;
    const mixed = unsettled(draft.effect, snapshot(), clock.now(), found);
    const plan = {
      ...draft.plan,
      ...(mixed !== undefined && { expect: [mixed, ...draft.plan.expect] }),
      ...(playbook !== undefined && { playbook }),
    };
    const again = (world: World): Outcome => planFrom(asked, world);
    return remember({ draft: { ...draft, plan }, basis, time, again });
  }

  async function planUndo(id: string, signal: AbortSignal): Promise<Outcome> {
    const done = made.get(id);
    if (done === undefined) {
      const unknown: Target = { kind: 'connector', connect: '', connector: '' };
      return refusal('undo', unknown, 'kmon does not remember this plan: see the audit file for what it was');
    }
    const { target, action } = done.draft.plan;
    if (!done.applied)
      return refusal(action, target, 'this plan was not applied: there is nothing to take back');
    const barred = closed(options, target);
    if (barred !== undefined) return refusal(action, target, barred.reason);
    const world = await look(target, undefined, signal);
    return 'failed' in world ? refusal(action, target, sentence(world.failed)) : undoFrom(done, world.ok);
  }

  function undoFrom(done: Made, basis: World): Outcome {
    const { draft } = done;
    const { target, action } = draft.plan;
    if (draft.undo === undefined) return refusal(action, target, draft.plan.undo);
    const changes = draft.plan.changes.filter(({ key }) => done.only?.has(key) ?? true);
    const since = decidedSince(changes, basis);
    if (since !== undefined) return refusal(action, target, since, draft.plan.byHand.slice(0, 1));
    const input = { id: nextId('undo'), at: clock.now(), target, world: basis, snapshot: snapshot() };
    const undo = draft.undo({ ...input, argument: '' }, changes);
    return remember({ draft: undo, basis, time: undefined, again: world => undoFrom(done, world) });
  }

  /** Why a plan is not even looked at; nothing has been asked of anyone. */
  function barred(entry: Made | undefined, typed: string): string | undefined {
    if (options.mode === 'read-only') return 'kmon is read-only: start it with --read-write to apply';
    if (busy !== undefined) return 'another change is under way: one at a time';
    if (entry === undefined) return 'this plan was not made here, or is too old: plan again';
    if (entry.applied) return 'this plan was carried out already: plan again';
    const { confirm, target } = entry.draft.plan;
    if (typed !== confirm) return `"${confirm}" was not typed`;
    return closed(options, target)?.reason;
  }

  async function* run(
    given: Plan,
    typed: string,
    signal: AbortSignal,
  ): AsyncGenerator<Step, void, undefined> {
    const entry = made.get(given.id);
    const reason = barred(entry, typed);
    if (reason !== undefined || entry === undefined) {
      const step = stepAt(clock, 'refused', `${reason ?? 'it can not be carried out'}: nothing was changed`);
      if (options.mode === 'read-write') await options.audit.append(given, step).catch(() => undefined);
      yield step;
      return;
    }
    watched?.abort();
    const mine = (busy = new AbortController());
    try {
      yield* recorded(entry.draft.plan, carryOut(entry, signal, mine), options.audit, clock);
    } finally {
      if (busy === mine) busy = undefined;
    }
  }

  async function* carryOut(
    entry: Made,
    signal: AbortSignal,
    mine: AbortController,
  ): AsyncGenerator<Step, void, undefined> {
    const { draft, basis } = entry;
    const { plan: p, write } = draft;
    const name = nameOfTarget(p.target);
    const step = (state: Step['state'], text: string): Step => stepAt(clock, state, text);
    const refused = (why: string): Step => step('refused', `${why}: nothing was changed`);
    const now = (): Promise<Answer<World>> => look(p.target, entry.time, signal);

    yield step('re-reading', `reading ${name} again, to compare with what the plan was made from`);
    const first = await now();
    if ('failed' in first) return yield refused(sentence(first.failed));
    const wrongCluster = clusterDiffers(options, p.target, basis, first.ok);
    if (wrongCluster !== undefined) return yield refused(wrongCluster);
    const moved = movedSince(entry, first.ok);
    if (moved.length > 0) return yield movedStep(entry.again(first.ok), moved, clock);
    const unrest = draft.unrest(first.ok);
    if (unrest !== undefined) return yield refused(unrest);
    const objection = await preflight(write, basis, signal);
    if (objection !== undefined) return yield refused(objection);
    // The check takes its time, and nothing but this comparison protects a change that someone made meanwhile.
    const fresh = await now();
    if ('failed' in fresh) return yield refused(sentence(fresh.failed));
    const late = movedSince(entry, fresh.ok);
    if (late.length > 0) return yield movedStep(entry.again(fresh.ok), late, clock);
    if (signal.aborted) return yield refused('kmon was told to stop');

    const before = baseline(draft.effect, snapshot(), clock.now());
    yield step('applying', `${inWords(write)}: ${name}`);
    entry.applied = true;
    const sent = await send(write, basis);
    if ('undone' in sent) {
      entry.applied = false;
      return yield refused(sentence(sent.undone));
    }
    if ('partly' in sent) {
      entry.only = sent.partly;
      yield step('applied', `${sent.partly.size} of ${p.changes.length} lines were done`);
      return yield step('failed', `applied in part: the first of the others: ${sentence(sent.why)}`);
    }
    if ('done' in sent) yield step('applied', sent.done);
    else {
      const found = await findOut(p.changes, now, sent.uncertain, clock, signal);
      yield found;
      if (found.state === 'failed') entry.applied = false;
      if (found.state !== 'applied') return;
    }

    yield step('verifying', `waiting until ${draft.verified}`);
    const verdict = await verify(draft, basis, now, clock, signal);
    if (verdict.is !== 'verified') {
      const state = verdict.is === 'failed' ? 'failed' : 'unknown';
      return yield step(state, `applied, but not verified: ${verdict.text}`);
    }
    yield step('verified', `${draft.verified}, ${duration(verdict.after)} after the change`);
    // What is only watched changes nothing any more: whoever sees it go wrong need not wait to take it back.
    [busy, watched] = [undefined, mine];
    const either = AbortSignal.any([signal, mine.signal]);
    yield* watchEffect(draft.effect, snapshot, before, clock, either);
    if (stopped(either)) yield step('done', 'applied and verified; the effect was not watched to the end');
  }

  /** What the other side would object to, asked without changing anything; undefined where it objects to nothing. */
  async function preflight(write: Write, basis: World, signal: AbortSignal): Promise<string | undefined> {
    if (isForConnect(write)) {
      const connect = options.connects.get(write.target.connect);
      if (connect === undefined || basis.kind !== 'connector') return sentence(nowhere(write.target));
      return objectionOfConnect(connect.link, write, basis, signal);
    }
    const cluster = options.clusters.get(write.target.cluster);
    if (cluster === undefined || basis.kind === 'connector') return sentence(nowhere(write.target));
    const sent = await sendToKafka(cluster.link, write, basis, true);
    const why = 'undone' in sent ? sent.undone : 'uncertain' in sent ? sent.uncertain : undefined;
    return why && `${write.target.cluster} would not accept it (${sentence(why)})`;
  }

  /** The only place from which anything outside is changed. Each write is sent once. */
  async function send(write: Write, basis: World): Promise<Sent> {
    if (isForConnect(write)) {
      const connect = options.connects.get(write.target.connect);
      if (connect === undefined || basis.kind !== 'connector') return { undone: nowhere(write.target) };
      const result = await sendToConnect(connect.link, write, basis);
      return 'done' in result ? { done: `Connect took it (${result.url})` } : result;
    }
    const cluster = options.clusters.get(write.target.cluster);
    if (cluster === undefined || basis.kind === 'connector') return { undone: nowhere(write.target) };
    return sendToKafka(cluster.link, write, basis, false);
  }

  async function earlier(signal: AbortSignal): Promise<readonly Earlier[]> {
    const told: Earlier[] = [];
    for (const one of await options.audit.unfinished()) {
      const world = one.alive ? undefined : await look(one.target, undefined, signal);
      const known = whatIsKnown(one, world, clock.now());
      told.push(known);
      // It is told once: the line that is missing is written now, by whoever may write.
      const ends = options.mode === 'read-write' && !one.alive && !signal.aborted;
      if (ends) await options.audit.append(one, known.step).catch(() => undefined);
    }
    return told;
  }

  return {
    earlier,
    offers: (subject, suggested) =>
      offersFor(actions, snapshot(), subject, suggested, t => closed(options, t)),
    plan,
    planUndo,
    run,
  };
}

function sendToConnect(
  link: ConnectLink,
  write: ConnectWrite,
  { config, root }: ConnectorWorld,
): Promise<WriteResult<unknown>> {
  const { connector } = write.target;
  switch (write.request) {
    case 'merge-config':
      return patches(root.version)
        ? patchConfig(link, connector, write.keys, config)
        : putConfig(link, connector, config.with(write.keys));
    case 'pause':
      return setState(link, connector, 'PAUSED');
    case 'resume':
      return setState(link, connector, 'RUNNING');
    case 'stop':
      return setState(link, connector, 'STOPPED');
    case 'restart':
      return restartConnector(link, connector, { includeTasks: true, onlyFailed: write.onlyFailed });
    case 'restart-task':
      return restartTask(link, connector, write.task);
  }
}

/** With `validateOnly` nothing is changed: it is asked whether it would be accepted, where Kafka can be asked that. */
async function sendToKafka(
  link: KafkaLink,
  write: KafkaWrite,
  world: KafkaWorld,
  validateOnly: boolean,
): Promise<Sent> {
  const { controller } = world;
  switch (write.request) {
    case 'alter-quota': {
      const { user, client } = write.target;
      const entity = {
        ...(user !== undefined && { user }),
        ...(client !== undefined && { clientId: client }),
      };
      const change = { entity, limits: write.limits };
      return outcomeOf(await alterQuotas(link, controller, [change], { validateOnly }));
    }
    case 'alter-topic': {
      const change = { kind: 'topic', name: write.target.topic, set: write.keys } as const;
      return outcomeOf(await alterConfigs(link, controller, [change], { validateOnly }));
    }
    case 'add-partitions': {
      const change = { topic: write.target.topic, count: write.count };
      return outcomeOf(await createPartitions(link, controller, [change], { validateOnly }));
    }
    default:
      return validateOnly ? { done: 'it can not be asked before' } : sendUnasked(link, write, world);
  }
}

/** What Kafka takes or refuses without being asked before. */
async function sendUnasked(
  link: KafkaLink,
  write: Exclude<KafkaWrite, { request: 'alter-quota' | 'alter-topic' | 'add-partitions' }>,
  world: KafkaWorld,
): Promise<Sent> {
  const { controller } = world;
  const coordinator = world.kind === 'group' ? world.coordinator : controller;
  switch (write.request) {
    case 'elect-leaders':
      return outcomeOf(await electPreferredLeaders(link, controller, write.partitions), leaderKey);
    case 'reorder-replicas': {
      const place = { topic: write.target.topic, partition: write.partition };
      const ordered = outcomeOf(
        await reassignPartitions(link, controller, [{ ...place, replicas: write.replicas }]),
      );
      if (!('done' in ordered)) return ordered;
      const elected = outcomeOf(await electPreferredLeaders(link, controller, [place]));
      return 'undone' in elected ? { partly: new Set([replicasKey(place)]), why: elected.undone } : elected;
    }
    case 'set-offsets': {
      const { group } = write.target;
      const set = write.offsets.flatMap(o => (o.offset === null ? [] : [{ ...o, offset: o.offset }]));
      const forget = write.offsets.filter(o => o.offset === null);
      const committed = set.length > 0 ? [await commitOffsets(link, coordinator, group, set)] : [];
      const deleted = forget.length > 0 ? [await deleteOffsets(link, coordinator, group, forget)] : [];
      return outcomeOf({ items: [...committed, ...deleted].flatMap(written => written.items) }, placeKey);
    }
    case 'remove-member': {
      const why = 'removed by an operator with kmon';
      return outcomeOf(await removeMembers(link, coordinator, write.target.group, [write.instance], why));
    }
    case 'delete-group':
      return outcomeOf(await deleteGroups(link, coordinator, [write.target.group]));
  }
}

/** What of the world is no longer what the plan was made from: by whatever hand. */
function movedSince({ draft, basis }: Made, now: World): readonly string[] {
  return [...new Set([...differences(basis, now), ...movedOn(draft.plan.changes, now)])];
}

function movedStep(again: Outcome, keys: readonly string[], clock: Clock): Step {
  const changed = `changed since the plan was made: ${keys.join(', ')}; nothing was applied`;
  if ('reason' in again)
    return stepAt(clock, 'moved', `${changed}, and there is no plan now: ${again.reason}`);
  return { ...stepAt(clock, 'moved', changed), plan: again };
}

/** A function, since the compiler takes a signal that was not aborted once for one that never is. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

function stepAt(clock: Clock, state: Step['state'], text: string): Step {
  return { at: clock.now(), state, text };
}
