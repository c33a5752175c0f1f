import type { Clock } from '../core/clock.js';
import { failure, sentence, type Failure } from '../core/failure.js';
import type { Answer } from '../core/observation.js';
import type { Snapshot } from '../model/snapshot.js';
import type { ConnectLink, WriteResult } from '../wire/connect/link.js';
import { validateConfig } from '../wire/connect/reads/validate.js';
import { patchConfig } from '../wire/connect/writes/patch-config.js';
import { putConfig } from '../wire/connect/writes/put-config.js';
import { restartConnector } from '../wire/connect/writes/restart-connector.js';
import { restartTask } from '../wire/connect/writes/restart-task.js';
import { setState } from '../wire/connect/writes/set-state.js';
import { refusal, type Action, type Draft } from './action.js';
import { actions } from './actions.js';
import { recorded, type Audit } from './audit.js';
import { baseline, watchEffect } from './effect.js';
import { findOut } from './find-out.js';
import { offersFor, type Suggested } from './offers.js';
import {
  nameOfTarget,
  placeOf,
  type Offer,
  type Outcome,
  type Plan,
  type Step,
  type Target,
} from './plan.js';
import type { Subject } from './subject.js';
import { whatIsKnown, type Earlier } from './earlier.js';
import { decidedSince } from './undo.js';
import { verify } from './verify.js';
import { atLeast } from './version.js';
import { differences, movedOn, type World } from './world.js';
import { readConnector } from './worlds/connector.js';
import { inWords, type Write } from './write.js';

export type ManagedBy = 'rest' | 'strimzi' | 'file';

export type GateConnect = {
  readonly link: ConnectLink;
  /** Who owns the connectors' configuration: what an operator owns, it would put back. */
  readonly managedBy: ManagedBy;
  /** The Kafka cluster that this Connect must write to; another one refuses every change. */
  readonly expectedClusterId?: string;
};

export type GateOptions = {
  readonly mode: 'read-only' | 'read-write';
  readonly connects: ReadonlyMap<string, GateConnect>;
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  readonly audit: Audit;
};

/** Everything that changes anything goes through here: plan, type the name, compare, apply, verify, watch. */
export type Gate = {
  /** What can be planned for a subject, what findings suggest first, and why the rest can not. */
  offers(subject: Subject, suggested: readonly Suggested[]): readonly Offer[];
  /** Never rejects. In read-only mode it plans too: the plan is shown, and `run` refuses it. */
  plan(action: string, target: Target, argument: string, signal: AbortSignal): Promise<Outcome>;
  /** The plan that takes back an applied one. */
  planUndo(plan: string, signal: AbortSignal): Promise<Outcome>;
  /** Carries a plan out; each step is in the audit file before it is told. Never rejects. One run at a time. */
  run(plan: Plan, typed: string, signal: AbortSignal): AsyncGenerator<Step, void, undefined>;
  /** What earlier runs began and did not end, each read again: what is known of it now. Never rejects. */
  earlier(signal: AbortSignal): Promise<readonly Earlier[]>;
};

/** A plan as this gate keeps it: the world that it was made from stays here, secrets and all. */
type Made = {
  readonly draft: Draft;
  readonly basis: World;
  /** The same plan against another world. */
  readonly again: (world: World) => Outcome;
  applied?: boolean;
};

/** What came of a write: done, not done, or not known. */
type Sent = { readonly done: string } | { readonly undone: Failure } | { readonly uncertain: Failure };

/** Plans that are remembered; the oldest go first. */
const remembered = 64;

export function createGate(options: GateOptions): Gate {
  const { clock, snapshot } = options;
  const made = new Map<string, Made>();
  let running = false;
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

  /** Why nothing of this context's may change the target. */
  function closed(
    target: Target,
  ): { readonly reason: string; readonly owner?: 'strimzi' | 'file' } | undefined {
    const connect = options.connects.get(placeOf(target));
    if (connect === undefined) return { reason: `this context has no Connect cluster ${placeOf(target)}` };
    const owner = connect.managedBy;
    return owner === 'rest' ? undefined : { reason: ownedBy(owner), owner };
  }

  /** The one way in which a target is read, for a plan and for all that follows. */
  async function read(target: Target, signal: AbortSignal): Promise<Answer<World>> {
    const connect = options.connects.get(placeOf(target));
    if (connect === undefined || target.kind !== 'connector') return { failed: nowhere(target) };
    return readConnector(connect.link, target.connector, signal);
  }

  function expectedClusterId(target: Target): string | undefined {
    return options.connects.get(placeOf(target))?.expectedClusterId;
  }

  async function plan(id: string, target: Target, argument: string, signal: AbortSignal): Promise<Outcome> {
    const refuse = (reason: string, instead?: readonly string[]): Outcome =>
      refusal(id, target, reason, instead);
    const action = actions.find(a => a.id === id);
    if (action === undefined) return refuse('kmon knows no such action');
    const barred = closed(target);
    if (barred !== undefined) {
      const { owner } = barred;
      return refuse(barred.reason, owner && action.elsewhere(owner, snapshot(), target, argument));
    }
    const disabled = action.disabled(snapshot(), target);
    if (disabled !== undefined) return refuse(disabled);
    const world = await read(target, signal);
    return 'failed' in world ? refuse(sentence(world.failed)) : planFrom(action, target, argument, world.ok);
  }

  function planFrom(action: Action, target: Target, argument: string, basis: World): Outcome {
    const draft = action.plan({
      id: nextId(action.id),
      at: clock.now(),
      target,
      world: basis,
      snapshot: snapshot(),
      argument,
    });
    if (!('plan' in draft)) return draft;
    return remember({ draft, basis, again: world => planFrom(action, target, argument, world) });
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
    const barred = closed(target);
    if (barred !== undefined) return refusal(action, target, barred.reason);
    const world = await read(target, signal);
    return 'failed' in world ? refusal(action, target, sentence(world.failed)) : undoFrom(done, world.ok);
  }

  function undoFrom(done: Made, basis: World): Outcome {
    const { draft } = done;
    const { target, action } = draft.plan;
    if (draft.undo === undefined) return refusal(action, target, draft.plan.undo);
    const since = decidedSince(draft.plan, basis);
    if (since !== undefined) return refusal(action, target, since, draft.plan.byHand.slice(0, 1));
    const undo = draft.undo({
      id: nextId('undo'),
      at: clock.now(),
      target,
      world: basis,
      snapshot: snapshot(),
      argument: '',
    });
    return remember({ draft: undo, basis, again: world => undoFrom(done, world) });
  }

  /** Why a plan is not even looked at; nothing has been asked of anyone. */
  function barred(entry: Made | undefined, typed: string): string | undefined {
    if (options.mode === 'read-only') return 'kmon is read-only: start it with --read-write to apply';
    if (running) return 'another change is under way: one at a time';
    if (entry === undefined) return 'this plan was not made here, or is too old: plan again';
    if (entry.applied) return 'this plan was carried out already: plan again';
    const { confirm, target } = entry.draft.plan;
    if (typed !== confirm) return `"${confirm}" was not typed`;
    return closed(target)?.reason;
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
    running = true;
    try {
      yield* recorded(entry.draft.plan, carryOut(entry, signal), options.audit, clock);
    } finally {
      running = false;
    }
  }

  async function* carryOut(entry: Made, signal: AbortSignal): AsyncGenerator<Step, void, undefined> {
    const { draft, basis } = entry;
    const { plan: p, write } = draft;
    const name = nameOfTarget(p.target);
    const step = (state: Step['state'], text: string): Step => stepAt(clock, state, text);
    const refused = (why: string): Step => step('refused', `${why}: nothing was changed`);
    const look = (): Promise<Answer<World>> => read(p.target, signal);

    yield step('re-reading', `reading ${name} again, to compare with what the plan was made from`);
    const first = await look();
    if ('failed' in first) return yield refused(sentence(first.failed));
    const wrongCluster = clusterDiffers(expectedClusterId(p.target), basis, first.ok);
    if (wrongCluster !== undefined) return yield refused(wrongCluster);
    const moved = movedSince(entry, first.ok);
    if (moved.length > 0) return yield movedStep(entry.again(first.ok), moved, clock);
    const unrest = draft.unrest(first.ok);
    if (unrest !== undefined) return yield refused(unrest);
    const objection = await preflight(write, basis, signal);
    if (objection !== undefined) return yield refused(objection);
    // The check takes its time, and nothing but this comparison protects a change that someone made meanwhile.
    const fresh = await look();
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
    if ('done' in sent) yield step('applied', sent.done);
    else {
      const found = await findOut(p.changes, look, sent.uncertain, clock, signal);
      yield found;
      if (found.state === 'failed') entry.applied = false;
      if (found.state !== 'applied') return;
    }

    yield step('verifying', `waiting until ${draft.verified}`);
    const verdict = await verify(draft, basis, look, clock, signal);
    if (verdict.is !== 'verified') {
      const state = verdict.is === 'failed' ? 'failed' : 'unknown';
      return yield step(state, `applied, but not verified: ${verdict.text}`);
    }
    yield step('verified', `${draft.verified}, ${Math.round(verdict.after / 1000)} s after the change`);
    yield* watchEffect(draft.effect, snapshot, before, clock, signal);
    if (stopped(signal)) yield step('done', 'applied and verified; the effect was not watched to the end');
  }

  /** What the other side would object to, asked without changing anything; undefined where it objects to nothing. */
  async function preflight(write: Write, basis: World, signal: AbortSignal): Promise<string | undefined> {
    if (write.request !== 'merge-config') return undefined;
    const connect = options.connects.get(placeOf(write.target));
    if (connect === undefined) return sentence(nowhere(write.target));
    const expected = basis.config.with(write.keys);
    const said = await validateConfig(connect.link, expected, signal);
    if ('failed' in said) return sentence(said.failed);
    if (said.ok.errorCount > 0) {
      const words = said.ok.errors.map(e => `${e.key}: ${e.message}`).join('; ');
      return `Connect would not accept it (${words || `${said.ok.errorCount} errors`})`;
    }
    const masked = patches(basis.root.version) ? [] : basis.config.masked();
    return masked.length > 0
      ? `this Connect shows its secrets masked (${masked.join(', ')}), and a PUT would store the mask`
      : undefined;
  }

  /** The only place from which anything outside is changed. Each write is sent once. */
  async function send(write: Write, basis: World): Promise<Sent> {
    const connect = options.connects.get(placeOf(write.target));
    if (connect === undefined) return { undone: nowhere(write.target) };
    const result = await sendToConnect(connect.link, write, basis);
    return 'done' in result ? { done: `Connect took it (${result.url})` } : result;
  }

  async function earlier(signal: AbortSignal): Promise<readonly Earlier[]> {
    const told: Earlier[] = [];
    for (const one of await options.audit.unfinished()) {
      const world = one.alive ? undefined : await read(one.target, signal);
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
    offers: (subject, suggested) => offersFor(actions, snapshot(), subject, suggested, t => closed(t)),
    plan,
    planUndo,
    run,
  };
}

/** PATCH merges on Connect's side (KIP-477); before it, the whole configuration is put. */
function patches(version: string): boolean {
  return atLeast(version, 3, 8);
}

function sendToConnect(
  link: ConnectLink,
  write: Write,
  { config, root }: World,
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

/** What of the world is no longer what the plan was made from: by whatever hand. */
function movedSince({ draft, basis }: Made, now: World): readonly string[] {
  return [...new Set([...differences(basis, now), ...movedOn(draft.plan.changes, now)])];
}

function clusterDiffers(expected: string | undefined, basis: World, now: World): string | undefined {
  const wanted = expected ?? basis.clusterId;
  return now.clusterId === wanted
    ? undefined
    : `this Connect writes to Kafka cluster ${now.clusterId}, not ${wanted}`;
}

function movedStep(again: Outcome, keys: readonly string[], clock: Clock): Step {
  const changed = `changed since the plan was made: ${keys.join(', ')}; nothing was applied`;
  if ('reason' in again)
    return stepAt(clock, 'moved', `${changed}, and there is no plan now: ${again.reason}`);
  return { ...stepAt(clock, 'moved', changed), plan: again };
}

function ownedBy(owner: Exclude<ManagedBy, 'rest'>): string {
  return owner === 'strimzi'
    ? 'the Strimzi operator owns this configuration and would put it back'
    : 'a file owns this configuration and would put it back';
}

/** A function, since the compiler takes a signal that was not aborted once for one that never is. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

function stepAt(clock: Clock, state: Step['state'], text: string): Step {
  return { at: clock.now(), state, text };
}

function nowhere(target: Target): Failure {
  return failure('absent', nameOfTarget(target), `this context has no ${placeOf(target)}`);
}
