import { plural } from '../../core/units.js';
import { valueOf } from '../../core/known.js';
import type { Snapshot } from '../../model/snapshot.js';
import { dedicatedMirrors, type DedicatedMirror } from '../dedicated.js';
import type { Check, Guide } from '../guide.js';
import type { Target } from '../plan.js';
import type { Subject } from '../subject.js';

/** Settings of a MirrorMaker 2 without a Connect cluster: its file and a restart are the only way. */
export const dedicatedMirror: Guide = {
  id: 'dedicated-mirror',
  title: 'Change a MirrorMaker 2 that runs by itself',
  about: {
    tells:
      'the lines of mm2.properties that work, by flow, and the restart; found by its group `<source>-mm2` and its topics `mm2-configs.<source>.internal`',
    watches: 'its processes: each leaves and joins again, and as many as before are there',
  },
  offer: (snapshot, subject) =>
    dedicatedMirrors(snapshot)
      .filter(mirror => isOf(mirror, subject))
      .map(({ cluster, source, group }) => ({
        target: { kind: 'group', cluster, group: group.group },
        title: `Change MirrorMaker 2 ${source}->${cluster}, which runs by itself`,
      })),
  open(snapshot, target) {
    const mirror = mirrorOf(snapshot, target);
    const [source, cluster] = [mirror?.source ?? 'SOURCE', mirror?.cluster ?? 'TARGET'];
    const flow = `${source}->${cluster}`;
    const since = mirror?.group.rebalances.total ?? 0;
    const before = mirror?.processes;
    return {
      title: `MirrorMaker 2 ${flow}: it runs by itself, without a Connect cluster`,
      why: [
        'kmon can change nothing of it: its REST is for its own processes alone (no status, no configuration, no restart)',
        before === undefined
          ? 'how many processes it has is not known'
          : `${plural(before, 'process', 'processes')} form the group ${source}-mm2`,
      ],
      parts: [
        {
          where: 'mm2.properties, the same on every host',
          lines: [
            `tasks.max=6`,
            `${flow}.producer.override.batch.size=65536`,
            `${flow}.producer.override.linger.ms=5`,
            `${flow}.producer.override.compression.type=lz4`,
            `${source}.consumer.max.poll.records=2000`,
          ],
          why:
            `a bare producer.batch.size is ignored, and ${flow}.producer.batch.size tunes offset-syncs alone. ` +
            'The aliases are those of the file: kmon knows the target by its own name for it.',
        },
        {
          where: 'each host, one after the other',
          lines: ['systemctl restart mirror-maker   # or what runs connect-mirror-maker.sh mm2.properties'],
          why: 'the file is read at the start alone; what was written since the last flush is written again',
        },
      ],
      watch: ({ snapshot: now }) => watch(mirrorOf(now, target), before, since),
    };
  },
};

function watch(
  mirror: DedicatedMirror | undefined,
  before: number | undefined,
  since: number,
): readonly Check[] {
  const rebalances = (mirror?.group.rebalances.total ?? 0) - since;
  const members = mirror?.processes;
  const back = members !== undefined && before !== undefined && members >= before;
  return [
    {
      what: 'its processes restart',
      is: mirror === undefined ? 'unknown' : rebalances > 0 ? 'done' : 'open',
      now: mirror === undefined ? 'its group is not seen' : plural(rebalances, 'rebalance'),
    },
    {
      what: `${before ?? 'as many'} processes are there again`,
      is: members === undefined ? 'unknown' : back && rebalances > 0 ? 'done' : 'open',
      now: members === undefined ? 'its members are not known' : plural(members, 'process', 'processes'),
    },
    {
      what: 'its group is at rest',
      is: mirror === undefined ? 'unknown' : valueOf(mirror.group.state) === 'Stable' ? 'done' : 'open',
      now:
        mirror === undefined
          ? 'its group is not seen'
          : (valueOf(mirror.group.state) ?? 'its state is not known'),
    },
  ];
}

function mirrorOf(snapshot: Snapshot, target: Target): DedicatedMirror | undefined {
  if (target.kind !== 'group') return undefined;
  return dedicatedMirrors(snapshot).find(
    ({ group }) => group.cluster === target.cluster && group.group === target.group,
  );
}

function isOf({ cluster, source, group }: DedicatedMirror, { kind, id }: Subject): boolean {
  switch (kind) {
    case 'group':
      return id === group.id;
    case 'cluster':
      return id === cluster;
    case 'topic':
      return id.startsWith(`${cluster}/mm2-`) && id.endsWith(`.${source}.internal`);
    default:
      return false;
  }
}
