import type { Millis } from '../../core/clock.js';
import type { QuotaKey } from '../../core/observation.js';
import { valueOf } from '../../core/known.js';
import { bytes, count, latency } from '../../core/units.js';
import { quoted } from '../../core/shell.js';
import type { QuotaLevel } from '../../model/quotas.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { refusal, type About, type Action, type Draft } from '../action.js';
import { kafkaDraft } from '../changes/kafka.js';
import { flowEffect } from '../effect.js';
import { bootstrap, onKafka, type KafkaInput } from '../kafka-action.js';
import { nameOfTarget, type Change, type Plan, type Question } from '../plan.js';
import {
  clientOf,
  fetch,
  flowsUnder,
  levelsFor,
  produce,
  quotaOffers,
  type Direction,
  type QuotaTarget,
} from '../quota-clients.js';
import { subjectFlow } from '../subject.js';
import { entityInWords, type QuotaWorld } from '../worlds/quota.js';
import { outlook } from './outlook.js';

/** A quota grows by half. */
const step = 1.5;
/**
 * A broker counts what a client sent over `quota.window.num` × `quota.window.size.seconds` (11 × 1 s), and mutes it for up to as long:
 * what was muted by the old limit stays so.
 */
const quotaWindow: Millis = 11_000;
/** From here on the quota is what holds the flow back (the same numbers as the flow rule's), ms. */
const throttled = { produce: 100, fetch: 10 } as const;

type Made = {
  readonly id: string;
  readonly verb: 'Raise' | 'Set' | 'Remove';
  readonly direction: Direction;
  readonly title: string;
  readonly about: About;
  readonly asks?: Question;
  /** The new limit, null for none, or why not. */
  readonly limit: (now: number | undefined, argument: string) => number | null | string;
};

export const raiseProduceQuota = raise('raise-quota', produce);
export const raiseFetchQuota = raise('raise-fetch-quota', fetch);
export const setProduceQuota = set('set-quota', produce);
export const setFetchQuota = set('set-fetch-quota', fetch);
export const removeProduceQuota = remove('remove-quota', produce);
export const removeFetchQuota = remove('remove-fetch-quota', fetch);

function raise(id: string, direction: Direction): Action {
  return quotaAction({
    id,
    direction,
    verb: 'Raise',
    title: `Raise the ${direction.name} quota by half`,
    about: {
      changes: `\`${direction.key}\` of the level that holds for the flow's clients (user, client id or both), by half`,
      risk: 'medium: each broker carries that much more',
      undo: 'the limit that was set before',
      byHand: byHandAbout('--add-config', `${direction.key}=BYTES`),
    },
    limit: now =>
      now === undefined
        ? `no ${direction.name} quota is set for it: there is nothing to raise`
        : Math.ceil(now * step),
  });
}

function set(id: string, direction: Direction): Action {
  return quotaAction({
    id,
    direction,
    verb: 'Set',
    title: `Set the ${direction.name} quota`,
    about: {
      changes: `\`${direction.key}\` of the level that holds for the flow's clients, to what is typed`,
      risk: 'medium; high where it is lowered: that slows its clients down',
      undo: 'the limit that was set before',
      byHand: byHandAbout('--add-config', `${direction.key}=BYTES`),
    },
    asks: { prompt: 'bytes a second, on each broker', example: '500000' },
    limit: (_, argument) => {
      const limit = Number(argument.replaceAll(/[,_\s]/g, ''));
      return argument !== '' && Number.isInteger(limit) && limit > 0
        ? limit
        : `"${argument}" is no whole number of bytes a second`;
    },
  });
}

function remove(id: string, direction: Direction): Action {
  return quotaAction({
    id,
    direction,
    verb: 'Remove',
    title: `Remove the ${direction.name} quota`,
    about: {
      changes: `\`${direction.key}\` of the level that holds for the flow's clients, taken away: the next level holds, or none`,
      risk: 'high where no other level holds then: nothing limits its clients any more',
      undo: 'the limit that was set before',
      byHand: byHandAbout('--delete-config', direction.key),
    },
    limit: now => (now === undefined ? `no ${direction.name} quota is set for it` : null),
  });
}

function quotaAction(made: Made): Action {
  const { id, title, about, asks, direction, verb } = made;
  return onKafka({
    id,
    title,
    kind: 'quota',
    about,
    ...(asks && { asks }),
    offer(snapshot, subject) {
      const flow = subjectFlow(snapshot, subject);
      if (flow === undefined) return [];
      const offers = quotaOffers(snapshot, flow, direction, `${verb} the ${direction.name} quota`);
      // Why there is none is said once.
      const tells = verb === 'Raise' && direction === produce;
      return offers.filter(offer => tells || offer.disabled === undefined);
    },
    plan(input) {
      const from = input.world.limits[direction.key];
      const to = made.limit(from, input.argument);
      if (typeof to === 'string') return refusal(id, input.target, to, [describeByHand(input)]);
      if (to === from) return refusal(id, input.target, `it is so already: ${direction.key} is ${from}`);
      return drafted(input, made, { from, to });
    },
  });
}

type Limits = { readonly from: number | undefined; readonly to: number | null };

function drafted(input: KafkaInput<'quota'>, made: Made, limits: Limits): Draft<QuotaWorld> {
  const { target, snapshot, world } = input;
  const { direction, verb } = made;
  const flow = flowsUnder(snapshot, target, direction)[0];
  const levels = levelsOf(input, direction, flow);
  const holds = limits.to ?? levels.find(level => !isTarget(level, target))?.limit;
  const growth = limits.from === undefined || holds === undefined ? undefined : holds / limits.from;
  const loosens = growth === undefined || growth > 1;
  const who = flow && whichFlow(flow);
  const risk = riskOf(limits.from, holds, world.brokers.length);
  return kafkaDraft(input, {
    action: made.id,
    title: `${verb} the ${direction.name} quota of ${nameOfTarget(target)} on ${target.cluster}`,
    changes: [{ key: direction.key, from: textOf(limits.from), to: textOf(limits.to ?? undefined) }],
    why: [whyOf(flow, direction), ...levels.map((level, i) => inForce(level, i))].join('; '),
    cure: cureOf(flow, direction, loosens),
    expect: expectOf(flow, growth),
    risk,
    effect: { ...flowEffect(who ?? nobody, expectedWrite(flow, growth, loosens)), acts: quotaWindow },
    verified: limits.to === null ? 'the quota is gone' : `the quota is ${limits.to}`,
    write: changes => ({ request: 'alter-quota', target, limits: limitsOf(changes, direction.key) }),
    byHand: changes => [describeByHand(input), ...changes.map(change => alterByHand(input, change))],
    back: {
      undo: `${direction.key} back to ${limits.from ?? 'not set'}`,
      expect: 'write/s goes back to what it was before',
      risk: { level: 'medium', text: loosens ? 'it throttles again, as before' : 'it throttles less again' },
      effect: { ...flowEffect(who ?? nobody, 'as before the change'), acts: quotaWindow },
    },
  });
}

const nobody = (): undefined => undefined;

function whichFlow({ id }: FlowView): (snapshot: Snapshot) => FlowView | undefined {
  return snapshot => snapshot.flows.find(flow => flow.id === id);
}

function textOf(limit: number | undefined): string | undefined {
  return limit === undefined ? undefined : String(limit);
}

function limitsOf(changes: readonly Change[], key: QuotaKey): Partial<Record<QuotaKey, number | null>> {
  return Object.fromEntries(changes.map(({ to }) => [key, to === undefined ? null : Number(to)]));
}

/** All levels that apply to the clients, as read for this plan; of the entity itself where no flow tells more. */
function levelsOf(
  { world, target }: KafkaInput<'quota'>,
  direction: Direction,
  flow: FlowView | undefined,
): readonly QuotaLevel[] {
  const client = flow && clientOf(flow, direction)?.client;
  const known = client ?? { user: target.user ?? '', clientIds: target.client ? [target.client] : [] };
  return levelsFor(world.quotas, known, direction);
}

function isTarget({ entity }: QuotaLevel, target: QuotaTarget): boolean {
  return entity.user === target.user && entity.clientId === target.client;
}

function inForce({ entity, limit, shared }: QuotaLevel, i: number): string {
  const whose = shared ? ', shared by all its client ids' : '';
  return `${i === 0 ? 'in force' : 'below it'}: ${entityInWords(entity)}, ${bytes(limit)}/s on each broker${whose}`;
}

function throttleOf(flow: FlowView, { name }: Direction): number | undefined {
  return valueOf(name === 'produce' ? flow.throttle : flow.fetchThrottle);
}

function whyOf(flow: FlowView | undefined, direction: Direction): string {
  if (flow === undefined) return 'by hand: kmon knows no flow that it holds for';
  const throttle = throttleOf(flow, direction);
  if (throttle === undefined) return `how long ${flow.connector} is throttled was not measured`;
  const limit = throttled[direction.name];
  const many = flow.tasks.filter(task => (valueOf(task.throttle) ?? 0) > limit).length;
  const where = direction === produce && many > 0 ? ` on ${many} of ${flow.tasks.length} tasks` : '';
  return `${flow.connector} is throttled ${latency(throttle)}${where}; it writes ${count(valueOf(flow.write.now))}/s`;
}

function cureOf(flow: FlowView | undefined, direction: Direction, loosens: boolean): Plan['cure'] {
  if (!loosens) return { verdict: 'will-not-cure', reason: 'a lower quota slows its clients down' };
  const throttle = flow && throttleOf(flow, direction);
  if (throttle === undefined) return { verdict: 'may-cure', reason: 'whether it throttles was not measured' };
  return throttle > throttled[direction.name]
    ? { verdict: 'cures', reason: `it is throttled by ${latency(throttle)}` }
    : {
        verdict: 'may-cure',
        reason: `it throttles by only ${latency(throttle)} now: it may not be what limits`,
      };
}

function expectedWrite(flow: FlowView | undefined, growth: number | undefined, loosens: boolean): string {
  const write = flow && valueOf(flow.write.now);
  if (write === undefined) return 'not known';
  if (growth === undefined) return loosens ? `more than ${count(write)}` : `less than ${count(write)}`;
  return `about ${count(write * growth)}`;
}

function expectOf(flow: FlowView | undefined, growth: number | undefined): readonly string[] {
  const write = flow && valueOf(flow.write.now);
  if (flow === undefined || write === undefined)
    return ['write/s is not known, so neither is what it will be'];
  if (growth === undefined)
    return [
      `write/s ${count(write)} → as much as the target and its tasks carry`,
      'no rebalance, no restart',
    ];
  const sum = `${count(write)} × ${Number(growth.toFixed(2))}`;
  const then = outlook(write * growth, valueOf(flow.arrival.now), valueOf(flow.lag)?.high);
  return [
    `write/s ${count(write)} → about ${count(write * growth)} within 30s (${sum}), while the quota is the limit`,
    ...(then === undefined ? [] : [then]),
    'no rebalance, no restart',
  ];
}

function riskOf(from: number | undefined, holds: number | undefined, brokers: number): Plan['risk'] {
  if (holds === undefined) {
    return {
      level: 'high',
      text: 'nothing limits its clients then: a flood reaches the brokers, and other clients, whole',
    };
  }
  if (from !== undefined && holds < from)
    return { level: 'high', text: 'its clients are throttled more than now' };
  const more = holds - (from ?? 0);
  const all = brokers > 1 ? `, ${bytes(more * brokers)}/s on all ${brokers}` : '';
  return from === undefined
    ? { level: 'high', text: `its clients are held to ${bytes(holds)}/s on each broker` }
    : {
        level: 'medium',
        text: `each broker takes up to ${bytes(more)}/s more${all}; look for under-replicated partitions`,
      };
}

function byHandAbout(option: string, config: string): string {
  return `\`kafka-configs.sh --alter ${option} ${config} --entity-type users --entity-name USER\``;
}

function describeByHand({ world, target }: KafkaInput<'quota'>): string {
  return `kafka-configs.sh ${bootstrap(world.brokers)} --describe ${entityByHand(target)}`;
}

function alterByHand({ world, target }: KafkaInput<'quota'>, { key, to }: Change): string {
  const what = to === undefined ? `--delete-config ${key}` : `--add-config ${key}=${to}`;
  return `kafka-configs.sh ${bootstrap(world.brokers)} --alter ${what} ${entityByHand(target)}`;
}

function entityByHand({ user, client }: QuotaTarget): string {
  const part = (type: string, name: string | null): string =>
    `--entity-type ${type} ${name === null ? '--entity-default' : `--entity-name ${quoted(name)}`}`;
  return [
    ...(user === undefined ? [] : [part('users', user)]),
    ...(client === undefined ? [] : [part('clients', client)]),
  ].join(' ');
}
