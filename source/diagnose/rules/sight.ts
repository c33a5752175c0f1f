import { explain, sentence, type Failure } from '../../core/failure.js';
import { isKnown, latest, type Known } from '../../core/known.js';
import type { MetricName, ObservationKind } from '../../core/observation.js';
import { count, plural } from '../../core/units.js';
import type { ClusterView, ConnectView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Description, Judgement, Need, Rule } from '../rule.js';
import { ofWatch } from '../subject.js';
import { lostBrokers } from './broker-lost.js';
import { listed, made } from './make.js';

const description: Description = {
  what: 'What can kmon not see now, and which rules does that blind?',
  formula: `
unseen   an endpoint that does not answer, what this user may not see, groups that are not listed, metrics that were
         looked for and not found, partitions whose past finds no room
blinds   each rule names the facts that it needs: without some of them it says nothing (blind), without others it is
         less sure
warning  a rule is blind;  info  rules are only less sure. One finding for all of it, after 30 s; a note becomes a
         warning when a rule was blind for 30 s`,
  thresholds: [],
  needs: [],
  traps: [
    'A broker that does not answer is a finding about the broker; what it hides is told there.',
    'What was not configured is not missed: without Prometheus the rules that want metrics are less sure, and say so in each finding.',
    'Some answers hide instead of failing: a user without ACLs sees an empty cluster.',
  ],
  wrongIf: ['what is missing does not exist there'],
  remedies: ['the next step of each failure, as listed'],
};

/** Something that is not seen, and the facts that are missing for it. */
type Unseen = { readonly what: string; readonly why: Failure; readonly facts: readonly Need['fact'][] };

/** The rule about the watch itself, which reckons from what the `others` need. */
export function sightOver(others: readonly Rule[]): Rule {
  return {
    id: 'sight',
    fireAfter: 30_000,
    keep: 20_000,
    worseAfter: 30_000,
    description,
    judge: snapshot => [judge(snapshot, others)],
  };
}

function judge(snapshot: Snapshot, others: readonly Rule[]): Judgement {
  const subject = ofWatch('kmon');
  const unseen = [
    ...snapshot.clusters.flatMap(ofCluster),
    ...hidden(snapshot),
    ...snapshot.connects.flatMap(ofConnect),
    ...metrics(snapshot, others),
  ].filter(({ why }) => why.kind !== 'early' && why.kind !== 'cancelled');
  const { left } = snapshot.history;
  if (unseen.length === 0 && left === 0) return { subject };
  return { subject, finding: findingOf(unseen, left, others) };
}

const ofKafka: readonly ObservationKind[] = ['cluster', 'offsets', 'groups', 'described', 'committed'];

function ofCluster(cluster: ClusterView): Unseen[] {
  const { name, brokers, groupListing, blind } = cluster;
  const lost = lostBrokers(cluster).length;
  const known = latest(brokers)?.value ?? [];
  if (blind !== undefined) return [{ what: `cluster ${name}`, why: blind, facts: ofKafka }];
  // Brokers that do not answer are findings of their own.
  if (lost > 0) return [];
  const unseen: Unseen[] = [];
  if (!isKnown(brokers)) unseen.push({ what: `metadata of ${name}`, why: brokers.unknown, facts: ofKafka });
  for (const b of known)
    if (!isKnown(b.answers))
      unseen.push({
        what: `broker ${b.id} of ${name}`,
        why: b.answers.unknown,
        facts: ['offsets', 'committed'],
      });
  if (!isKnown(groupListing))
    unseen.push({
      what: `groups of ${name}`,
      why: groupListing.unknown,
      facts: ['groups', 'described', 'committed'],
    });
  return unseen;
}

/** Topics and groups that this user may not see, one line for each kind and cluster. */
function hidden({ clusters, topics, groups }: Snapshot): Unseen[] {
  const refused = (k: Known<unknown>): Failure | undefined =>
    !isKnown(k) && k.unknown.kind === 'unauthorised' ? k.unknown : undefined;
  return clusters.flatMap(({ name }) => {
    const ofTopics = topics.flatMap(t =>
      t.cluster === name && t.failed?.kind === 'unauthorised' ? t.failed : [],
    );
    const ofGroups = groups.flatMap(g =>
      g.cluster === name ? (refused(g.state) ?? refused(g.lag) ?? []) : [],
    );
    const line = (what: string, all: readonly Failure[], facts: Unseen['facts']): Unseen[] =>
      all[0] === undefined ? [] : [{ what: `${plural(all.length, what)} of ${name}`, why: all[0], facts }];
    return [
      ...line('topic', ofTopics, ['offsets', 'topic-configs']),
      ...line('group', ofGroups, ['described', 'committed']),
    ];
  });
}

function ofConnect({ name, version, connectors }: ConnectView): Unseen[] {
  if (isKnown(connectors)) return [];
  const facts: readonly ObservationKind[] = isKnown(version)
    ? ['connectors', 'positions']
    : ['connect', 'connectors', 'positions', 'plugins'];
  return [{ what: `Connect ${name}`, why: connectors.unknown, facts }];
}

/** Only what some rule needs is missed, and only where no other source has it. */
function metrics({ metrics: sources }: Snapshot, others: readonly Rule[]): Unseen[] {
  const needed = new Set(others.flatMap(rule => rule.description.needs.map(({ fact }) => fact)));
  const found = new Set(sources.filter(s => isKnown(s.answers)).flatMap(s => Object.keys(s.found)));
  return sources.flatMap((source): Unseen[] => {
    const { name, answers, missing } = source;
    const wanted = [...needed].filter((fact): fact is MetricName => !found.has(fact) && !isOfWire(fact));
    if (!isKnown(answers)) return [{ what: `metrics of ${name}`, why: answers.unknown, facts: wanted }];
    const gone = wanted.filter(fact => missing[fact] !== undefined);
    const why = gone[0] && missing[gone[0]];
    return why === undefined
      ? []
      : [{ what: `${plural(gone.length, 'metric')} of ${name}`, why, facts: gone }];
  });
}

const wire: ReadonlySet<string> = new Set<ObservationKind>([
  'cluster',
  'offsets',
  'groups',
  'described',
  'committed',
  'share-offsets',
  'topic-configs',
  'log-dirs',
  'broker-configs',
  'broker-apis',
  'epoch-ends',
  'quotas',
  'acls',
  'reassignments',
  'connect',
  'connectors',
  'positions',
  'plugins',
  'metrics',
  'metrics-past',
]);

function isOfWire(fact: Need['fact']): fact is ObservationKind {
  return wire.has(fact);
}

function findingOf(unseen: readonly Unseen[], left: number, others: readonly Rule[]): Finding {
  const facts = new Set(unseen.flatMap(u => u.facts));
  const without = (how: Need['without']): string[] =>
    others
      .filter(({ description: { needs } }) => needs.some(n => n.without === how && facts.has(n.fact)))
      .map(({ id }) => id);
  const blind = without('blind');
  const unsure = without('less-sure').filter(id => !blind.includes(id));
  const names = unseen.map(({ what, why }) => `${what} (${why.kind})`);
  return made('sight', ofWatch('kmon'), {
    severity: blind.length > 0 ? 'warning' : 'info',
    verdict: blind.length > 0 ? 'blind' : 'less-sure',
    sentence:
      names.length > 0
        ? `not seen: ${listed(names)}`
        : `no room for the past of ${plural(left, 'partition')}`,
    consequence:
      blind.length > 0
        ? `${plural(blind.length, 'rule')} blind in part: ${listed(blind)}`
        : unsure.length > 0
          ? `${plural(unsure.length, 'rule')} less sure: ${listed(unsure)}`
          : 'lag over time is shown of the worst only',
    ...weigh(1, []),
    evidence: [
      ...unseen
        .slice(0, 12)
        .map(({ what, why }) =>
          statement(
            what,
            sentence(why),
            'an answer',
            `what kmon asked; next step: ${explain(why).nextStep}`,
            true,
          ),
        ),
      ...(left > 0
        ? [statement('partitions without a past', count(left), '0', 'kmon’s memory for history', true)]
        : []),
    ],
    unchecked: [
      ...(blind.length > 0 ? [`by rules that are blind in part: ${blind.join(', ')}`] : []),
      ...(unsure.length > 0 ? [`by rules that are less sure: ${unsure.join(', ')}`] : []),
    ],
    falsifier: 'what is missing does not exist there',
    byHand: [...new Set(unseen.map(({ what, why }) => `# ${what}: ${explain(why).nextStep}`))].slice(0, 8),
  });
}
