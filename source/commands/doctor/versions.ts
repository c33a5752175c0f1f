import type { KafkaLink } from '../../wire/kafka/link.js';
import { note, ok, type Check } from './examination.js';

/** A question that not every Kafka answers. */
type Wanted = {
  readonly key: number;
  readonly name: string;
  /** Those of the versions that kmon speaks which give what it is here for. */
  readonly versions: readonly number[];
  readonly since: string;
  readonly lost: string;
  /** Only for groups of a kind that came with it: a broker without the one has none of the others. */
  readonly ofItsGroups?: true;
};

const wanted: readonly Wanted[] = [
  {
    key: 3,
    name: 'Metadata v10',
    versions: [10, 11, 12],
    since: 'Kafka 2.8',
    lost: 'a topic that was deleted and created again under its name is not told from the old one',
  },
  {
    key: 9,
    name: 'OffsetFetch v8',
    versions: [8],
    since: 'Kafka 3.0',
    lost: 'nothing but time: committed offsets take a request a group instead of one a broker',
  },
  {
    key: 23,
    name: 'OffsetForLeaderEpoch v2',
    versions: [2, 3, 4],
    since: 'Kafka 2.1',
    lost: 'whether a group has read records that were cut off the log since',
  },
  {
    key: 32,
    name: 'DescribeConfigs',
    versions: [1, 2, 3, 4],
    since: 'Kafka 1.1',
    lost: 'the retention and the other configuration of topics',
  },
  {
    key: 35,
    name: 'DescribeLogDirs',
    versions: [1, 2, 3, 4],
    since: 'Kafka 2.0',
    lost: 'how much topics take on disk',
  },
  {
    key: 16,
    name: 'ListGroups v5',
    versions: [5],
    since: 'Kafka 3.8',
    lost: 'the protocol of each group',
    ofItsGroups: true,
  },
  {
    key: 69,
    name: 'ConsumerGroupDescribe',
    versions: [0, 1],
    since: 'Kafka 3.8',
    lost: 'members of groups of the new consumer protocol',
    ofItsGroups: true,
  },
  {
    key: 89,
    name: 'StreamsGroupDescribe',
    versions: [0],
    since: 'Kafka 4.1',
    lost: 'members of groups of the streams protocol',
    ofItsGroups: true,
  },
  {
    key: 90,
    name: 'DescribeShareGroupOffsets',
    versions: [0, 1],
    since: 'Kafka 4.1',
    lost: 'lag of share groups',
    ofItsGroups: true,
  },
];

/** Which of the questions that matter the brokers answer; of those that were reached. */
export async function versionChecks(link: KafkaLink, brokers: readonly number[]): Promise<readonly Check[]> {
  const looked = await Promise.all(wanted.map(async w => ({ w, lacking: await lackOf(link, brokers, w) })));
  const have = looked.filter(({ lacking }) => lacking.length === 0).map(({ w }) => w.name);
  const lack = looked.filter(({ lacking }) => lacking.length > 0);
  return [
    ...(have.length > 0 ? [ok('version', `offers ${have.join(', ')}`)] : []),
    ...lack.map(({ w, lacking }) => absence(w, lacking.length === brokers.length ? undefined : lacking)),
  ];
}

function absence({ name, since, lost, ofItsGroups }: Wanted, some: readonly number[] | undefined): Check {
  const who = some === undefined ? '' : ` on broker ${some.join(', ')}`;
  if (ofItsGroups && some === undefined)
    return note('version', `no ${name} (${since}): there can be no groups of its kind, so nothing is lost`);
  const repair = `brokers of ${since} or newer; kmon works without it`;
  return { is: 'missing', check: 'version', says: `no ${name}${who}`, lost, repair };
}

async function lackOf(link: KafkaLink, brokers: readonly number[], request: Wanted): Promise<number[]> {
  const answers = await Promise.all(brokers.map(broker => link.version(broker, request)));
  return brokers.filter((_, i) => {
    const answer = answers[i];
    return answer !== undefined && 'failed' in answer && answer.failed.kind === 'unsupported';
  });
}
