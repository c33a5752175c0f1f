import { isKnown, valueOf } from '../../core/known.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';
import type { Advice, Explains, Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofGroup } from '../subject.js';
import { describeMembers } from './kafka-command.js';
import { cooperative, pollInterval, sessionTimeout, staticMembers, workerTimeouts } from './client-advice.js';
import { arrivalAt, isRebalancing } from './group-facts.js';
import { isQuiet, restlessness, type Cure, type Restless, type Restlessness } from './restless.js';

export const rebalanceFormula = `
rebalance       signs within 30 s of each other: members that come or go, partitions that change hands, an epoch, a state
returns         the most often that one and the same (instance id, worker, else client-id@host) left and came back

storm           3 rebalances in 10 min (of those that run into each other, as many as one returned), and: one returned twice; or more than 2 × members + 2, which no rolling restart makes;
                or three for which nobody came or went
critical        consumption < 50 % of arrival, and: 6 rebalances in 10 min; or 20 % of the time rebalancing; or one of 5 min
long-rebalance  one that goes on for 2 min; critical from 5 min on
rolling restart each leaves and comes back, or is replaced, once: for information, and what follows from it is excused
scaling         members only come, or only go: the same
frequent        more than 5 an hour for half an hour or longer, one returned twice, and it is not alone

likely          all by one reason (assignor, coordinator, subscription): that one
                away for more than 10 s each time: it is started anew, a crash loop
                leaves every 5 min: max.poll.interval.ms
                else: heartbeats that stay away for session.timeout.ms`;

const description: Description = {
  what: 'Does a group rebalance too often: a storm, or only a rolling restart?',
  formula: rebalanceFormula,
  thresholds: [
    'storm-rebalances',
    'storm-returns',
    'storm-critical',
    'rebalancing-share',
    'consume-short',
    'rebalance-long',
    'rebalance-stuck',
    'rebalances-hour',
  ],
  needs: [
    { fact: 'described', without: 'blind' },
    { fact: 'committed', without: 'less-sure' },
    { fact: 'offsets', without: 'less-sure' },
  ],
  traps: [
    'A rebalance of a second is found in one state of ten at most: members and what they own tell of the rest.',
    'Pods come back under other names and from other hosts: as many as went are taken for them.',
    'A cooperative rebalance takes two generations, and is one.',
    'A static member that is back within its session time-out makes none.',
    'Time-outs of members are not in the protocol: causes are told from times and are likely, not sure.',
    'Workers of a Connect cluster that kmon watches are judged by `connect-rebalances`.',
  ],
  wrongIf: [
    'storm: someone restarts the same member by hand',
    'a likely cause: the client’s log says "consumer poll timeout has expired", or the broker’s that a member failed its heartbeat',
  ],
  remedies: ['the member’s own configuration: kmon restarts no consumers'],
};

export const groupRebalances: Rule = {
  id: 'group-rebalances',
  fireAfter: 60_000,
  keep: 300_000,
  description,
  judge: (snapshot, limits) => snapshot.groups.flatMap(group => judgeGroup(group, snapshot, limits)),
};

function judgeGroup(group: GroupView, snapshot: Snapshot, limits: Limits): readonly Judgement[] {
  const subject = ofGroup(group);
  const areWorkers = group.protocol === 'connect';
  if (areWorkers && snapshot.connects.length > 0) return [];
  if (!isKnown(group.state)) return [{ subject, unjudged: group.state.unknown }];
  if (group.state.value === 'Empty' || group.state.value === 'Dead') return [{ subject }];
  const { rebalances } = group;
  const isBusy = isRebalancing(group);
  if (isQuiet({ rebalances, isBusy }, limits)) return [{ subject }];
  const size = valueOf(group.assignment)?.members;
  const [consumed, arrival] = [valueOf(group.consume), arrivalAt(group)];
  const restless: Restless = {
    of: areWorkers ? 'workers' : 'members',
    rebalances,
    isBusy,
    partitions: group.partitionCount,
    stops: stopsOf(group),
    ...(size !== undefined && { size }),
    ...(consumed !== undefined && { consumed }),
    ...(arrival !== undefined && { arrival }),
  };
  const said = restlessness(restless, snapshot.at, limits);
  if (said === undefined) return [{ subject }];
  const finding: Finding = {
    rule: groupRebalances.id,
    subject,
    unchecked: ['time-outs of the members, and why one left: only the client’s log and the broker’s tell'],
    falsifier: 'someone restarts these members by hand',
    remedies: [],
    byHand: describeMembers(group, snapshot),
    advice: adviceFor(group, said.cures),
    explains: ['group-commits', 'group-lag', 'group-rewind', 'group-skew'].map((rule): Explains => ({
      rule,
      subject: { kind: 'group', id: group.id },
      ...(said.excusesUntil !== undefined && { excuses: true, until: said.excusesUntil }),
    })),
    ...findingPart(said),
  };
  return [{ subject, finding, ...judgementPart(said) }];
}

export function findingPart(
  said: Restlessness,
): Omit<Restlessness, 'cures' | 'excusesUntil' | 'keepsOnly' | 'heldSince' | 'fireAfter'> {
  const { verdict, severity, sentence, consequence, confidence, certainty, raise, evidence } = said;
  return { verdict, severity, sentence, consequence, confidence, certainty, raise, evidence };
}

export function judgementPart({ keepsOnly, heldSince, fireAfter }: Restlessness): Omit<Judgement, 'subject'> {
  return {
    ...(keepsOnly && { keepsOnly }),
    ...(heldSince && { heldSince }),
    ...(fireAfter !== undefined && { fireAfter }),
  };
}

/** Which partitions one rebalance stops. */
function stopsOf({ type, assignor }: GroupView): Restless['stops'] {
  if (type === 'consumer' || type === 'share' || type === 'streams') return 'those that move';
  switch (assignor) {
    case 'range':
    case 'roundrobin':
    case 'sticky':
    case 'default':
      return 'all';
    case undefined:
      return 'unknown';
    default:
      return 'those that move';
  }
}

function adviceFor(group: GroupView, cures: readonly Cure[]): Advice[] {
  const { group: name, type } = group;
  if (group.protocol === 'connect') return [workerTimeouts(name)];
  const hasStatic = (valueOf(group.assignment)?.static ?? 0) > 0;
  return cures.flatMap(cure => {
    switch (cure) {
      case 'poll-interval':
        return [pollInterval(name)];
      case 'session-timeout':
        return [sessionTimeout(name, type)];
      case 'static':
        return hasStatic || type === 'share' ? [] : [staticMembers(name)];
      case 'cooperative':
        return stopsOf(group) === 'all' ? [cooperative(name)] : [];
    }
  });
}
