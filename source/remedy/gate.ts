import type { Clock } from '../core/clock.js';
import { sentence } from '../core/failure.js';
import type { FlowView, Snapshot } from '../model/snapshot.js';
import type { ConnectLink } from '../wire/connect/link.js';
import { readConfig } from '../wire/connect/reads/config.js';
import { validateConfig } from '../wire/connect/reads/validate.js';
import { patchConfig } from '../wire/connect/writes/patch-config.js';
import { putConfig } from '../wire/connect/writes/put-config.js';
import type { Action, Draft } from './action.js';
import { actions } from './actions.js';
import { recorded, type Audit } from './audit.js';
import { baseline, watchEffect } from './effect.js';
import {
  isRefusal,
  type Offer,
  type Outcome,
  type Plan,
  type Refusal,
  type Step,
  type Target,
} from './plan.js';
import { findOut } from './find-out.js';
import { repeats } from './repeats.js';
import { inverse, writesOf } from './undo.js';
import { verify } from './verify.js';
import { atLeast } from './version.js';
import { readWorld, unrest, type World } from './world.js';

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
  /** What can be planned for a flow, and why the rest can not. */
  offers(flow: FlowView): readonly Offer[];
  /** Never rejects. In read-only mode it plans too: the plan is shown, and `run` refuses it. */
  plan(action: string, target: Target, signal: AbortSignal): Promise<Outcome>;
  /** The plan that takes back an applied one. */
  planUndo(plan: string, signal: AbortSignal): Promise<Outcome>;
  /** Carries a plan out; each step is in the audit file before it is told. Never rejects. One run at a time. */
  run(plan: Plan, typed: string, signal: AbortSignal): AsyncGenerator<Step, void, undefined>;
};

/** A plan as this gate keeps it: the world that it was made from stays here, secrets and all. */
type Made = Draft & { readonly basis: World; applied?: boolean };

/** Plans that are remembered; the oldest go first. */
const remembered = 64;

export function createGate(options: GateOptions): Gate {
  const { clock } = options;
  const made = new Map<string, Made>();
  let running = false;
  let count = 0;

  function flowOf({ connect, connector }: Target): FlowView | undefined {
    return options.snapshot().flows.find(flow => flow.connect === connect && flow.connector === connector);
  }

  function nextId(action: string): string {
    count++;
    return `${action}-${clock.now().toString(36)}-${count}`;
  }

  function remember(entry: Made): Plan {
    made.set(entry.plan.id, entry);
    const oldest = made.keys().next().value;
    if (made.size > remembered && oldest !== undefined) made.delete(oldest);
    return entry.plan;
  }

  async function plan(actionId: string, target: Target, signal: AbortSignal): Promise<Outcome> {
    const refuse = refusing(actionId, target);
    const action = actions.find(a => a.id === actionId);
    const connect = options.connects.get(target.connect);
    const flow = flowOf(target);
    if (action === undefined) return refuse('kmon knows no such action');
    if (connect === undefined) return refuse(`this context has no Connect cluster ${target.connect}`);
    if (flow === undefined)
      return refuse(`there is no connector ${target.connector} on ${target.connect} now`);
    if (connect.managedBy !== 'rest') {
      return refuse(ownedBy(connect.managedBy), action.elsewhere(connect.managedBy, flow));
    }
    const disabled = action.disabled(flow);
    if (disabled !== undefined) return refuse(disabled);
    const world = await readWorld(connect.link, target.connector, signal);
    if ('failed' in world) return refuse(sentence(world.failed));
    return planFrom(action, target, flow, world.ok);
  }

  function planFrom(action: Action, target: Target, flow: FlowView, basis: World): Outcome {
    const draft = action.plan({
      id: nextId(action.id),
      at: clock.now(),
      target,
      url: basis.root.url,
      version: basis.root.version,
      clusterId: basis.root.clusterId,
      config: key => basis.config.shown(key),
      status: basis.status,
      tasks: basis.tasks,
      flow,
      workers: options.snapshot().workers.filter(worker => worker.connect === target.connect),
    });
    return 'plan' in draft ? remember({ ...draft, basis }) : draft;
  }

  async function planUndo(id: string, signal: AbortSignal): Promise<Outcome> {
    const done = made.get(id);
    if (done === undefined) {
      const nowhere: Target = { kind: 'connector', connect: '', connector: '' };
      return refusing(
        'undo',
        nowhere,
      )('kmon does not remember this plan: see the audit file for what it was');
    }
    const { target, action } = done.plan;
    const refuse = refusing(action, target);
    if (!done.applied) return refuse('this plan was not applied: there is nothing to take back');
    const connect = options.connects.get(target.connect);
    if (connect === undefined) return refuse(`this context has no Connect cluster ${target.connect}`);
    const world = await readWorld(connect.link, target.connector, signal);
    if ('failed' in world) return refuse(sentence(world.failed));
    return undoFrom(done, world.ok);
  }

  function undoFrom(done: Made, basis: World): Outcome {
    const flow = flowOf(done.plan.target);
    const at = clock.now();
    const outcome = inverse({
      id: nextId('undo'),
      at,
      plan: done.plan,
      url: basis.root.url,
      version: basis.root.version,
      config: key => basis.config.shown(key),
      tasks: basis.tasks.length,
      repeats: flow === undefined ? 'not known' : repeats(flow, at),
    });
    if (isRefusal(outcome)) return outcome;
    return remember({
      plan: outcome,
      basis,
      tasks: done.basis.tasks.length,
      expectedWrite: 'as before the change',
    });
  }

  /** The same plan against the world as it is now. */
  function planAgain(entry: Made, world: World): Outcome {
    const { plan: old } = entry;
    const undone = old.undoes === undefined ? undefined : made.get(old.undoes);
    if (undone !== undefined) return undoFrom(undone, world);
    const action = actions.find(a => a.id === old.action);
    const flow = flowOf(old.target);
    if (action === undefined || flow === undefined) {
      return refusing(old.action, old.target)(`there is no connector ${old.target.connector} now`);
    }
    return planFrom(action, old.target, flow, world);
  }

  /** Why a plan is not even looked at; nothing has been asked of anyone. */
  function barred(given: Plan, typed: string): string | undefined {
    const entry = made.get(given.id);
    if (options.mode === 'read-only') return 'kmon is read-only: start it with --read-write to apply';
    if (running) return 'another change is under way: one at a time';
    if (entry === undefined) return 'this plan was not made here, or is too old: plan again';
    if (entry.applied) return 'this plan was carried out already: plan again';
    if (typed !== entry.plan.confirm) return `"${entry.plan.confirm}" was not typed`;
    const connect = options.connects.get(entry.plan.target.connect);
    if (connect === undefined) return `this context has no Connect cluster ${entry.plan.target.connect}`;
    return connect.managedBy === 'rest' ? undefined : ownedBy(connect.managedBy);
  }

  async function* run(
    given: Plan,
    typed: string,
    signal: AbortSignal,
  ): AsyncGenerator<Step, void, undefined> {
    const reason = barred(given, typed);
    const entry = made.get(given.id);
    const connect = options.connects.get(given.target.connect);
    if (reason !== undefined || entry === undefined || connect === undefined) {
      const step = stepAt(clock, 'refused', `${reason ?? 'it can not be carried out'}: nothing was changed`);
      if (options.mode === 'read-write') await options.audit.append(given, step).catch(() => undefined);
      yield step;
      return;
    }
    running = true;
    try {
      yield* recorded(entry.plan, carryOut(entry, connect, signal), options.audit, clock);
    } finally {
      running = false;
    }
  }

  async function* carryOut(
    entry: Made,
    connect: GateConnect,
    signal: AbortSignal,
  ): AsyncGenerator<Step, void, undefined> {
    const { plan: p, basis } = entry;
    const { link } = connect;
    const { connector } = p.target;
    const step = (state: Step['state'], text: string): Step => stepAt(clock, state, text);
    const refused = (why: string): Step => step('refused', `${why}: nothing was changed`);

    yield step('re-reading', `reading ${connector} again, to compare with what the plan was made from`);
    const read = await readWorld(link, connector, signal);
    if ('failed' in read) return yield refused(sentence(read.failed));
    const world = read.ok;

    const wrongCluster = clusterDiffers(connect, basis, world);
    if (wrongCluster !== undefined) return yield refused(wrongCluster);
    const moved = world.config.differences(basis.config);
    if (moved.length > 0) return yield movedStep(planAgain(entry, world), moved, clock);
    const restless = unrest(world);
    if (restless !== undefined) return yield refused(restless);

    const writes = writesOf(p.changes);
    const expected = basis.config.with(writes);
    const said = await validateConfig(link, expected, signal);
    if ('failed' in said) return yield refused(sentence(said.failed));
    if (said.ok.errorCount > 0) {
      const words = said.ok.errors.map(e => `${e.key}: ${e.message}`).join('; ');
      return yield refused(`Connect would not accept it (${words || `${said.ok.errorCount} errors`})`);
    }
    const how = atLeast(world.root.version, 3, 8) ? 'PATCH' : 'PUT';
    const masked = how === 'PUT' ? basis.config.masked() : [];
    if (masked.length > 0) return yield refused(maskedWords(masked));
    // Validation takes its time, and nothing but this comparison protects a change that someone made meanwhile.
    const fresh = await readConfig(link, connector, signal);
    if ('failed' in fresh) return yield refused(sentence(fresh.failed));
    const late = fresh.ok.differences(basis.config);
    if (late.length > 0) {
      return yield movedStep(planAgain(entry, { ...world, config: fresh.ok }), late, clock);
    }
    if (signal.aborted) return yield refused('kmon was told to stop');

    const rateBefore = baseline(flowOf(p.target), clock.now());
    yield step(
      'applying',
      `${how} ${p.changes.map(c => `${c.key}=${c.to ?? 'unset'}`).join(', ')} to ${connector}`,
    );
    entry.applied = true;
    const result =
      how === 'PATCH'
        ? await patchConfig(link, connector, writes, basis.config)
        : await putConfig(link, connector, expected);
    if ('undone' in result) {
      entry.applied = false;
      return yield refused(sentence(result.undone));
    }
    if ('done' in result) yield step('applied', `Connect took it (${result.url})`);
    else {
      const found = await findOut(link, connector, basis.config, expected, result.uncertain, clock, signal);
      yield found;
      if (found.state !== 'applied') {
        if (found.state === 'failed') entry.applied = false;
        return;
      }
    }

    yield step('verifying', `waiting until ${entry.tasks} ${entry.tasks === 1 ? 'task runs' : 'tasks run'}`);
    const verdict = await verify(link, connector, { config: expected, tasks: entry.tasks }, clock, signal);
    if (verdict.is !== 'verified') {
      const state = verdict.is === 'failed' ? 'failed' : 'unknown';
      return yield step(state, `applied, but not verified: ${verdict.text}`);
    }
    yield step(
      'verified',
      `${entry.tasks} tasks run, ${Math.round(verdict.after / 1000)} s after the change`,
    );
    yield* watchEffect(() => flowOf(p.target), rateBefore, entry.expectedWrite, clock, signal);
    if (stopped(signal)) yield step('done', 'applied and verified; the effect was not watched to the end');
  }

  return {
    offers(flow) {
      const target: Target = { kind: 'connector', connect: flow.connect, connector: flow.connector };
      return actions.map(action => {
        const connect = options.connects.get(flow.connect);
        const disabled =
          connect === undefined
            ? `this context has no Connect cluster ${flow.connect}`
            : action.disabled(flow);
        return {
          action: action.id,
          title: action.title,
          target,
          ...(disabled !== undefined && { disabled }),
        };
      });
    },
    plan,
    planUndo,
    run,
  };
}

function clusterDiffers(connect: GateConnect, basis: World, world: World): string | undefined {
  const expected = connect.expectedClusterId ?? basis.root.clusterId;
  if (world.root.clusterId === expected) return undefined;
  return `this Connect writes to Kafka cluster ${world.root.clusterId}, not ${expected}`;
}

function movedStep(again: Outcome, keys: readonly string[], clock: Clock): Step {
  const changed = `changed since the plan was made: ${keys.join(', ')}; nothing was applied`;
  if (isRefusal(again))
    return stepAt(clock, 'moved', `${changed}, and there is no plan now: ${again.reason}`);
  return { ...stepAt(clock, 'moved', changed), plan: again };
}

function maskedWords(keys: readonly string[]): string {
  return `this Connect shows its secrets masked (${keys.join(', ')}), and a PUT would store the mask`;
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

function refusing(action: string, target: Target): (reason: string, instead?: readonly string[]) => Refusal {
  return (reason, instead = []) => ({ action, target, reason, instead });
}

function stepAt(clock: Clock, state: Step['state'], text: string): Step {
  return { at: clock.now(), state, text };
}
