import { valueOf } from '../core/known.js';
import type { GroupView, Snapshot } from '../model/snapshot.js';

/**
 * A MirrorMaker 2 that runs by itself (`connect-mirror-maker.sh`) and not on a Connect cluster. Its processes form the group
 * `<source>-mm2` on the target and keep their configuration in `mm2-configs.<source>.internal` there (MirrorMakerConfig); their REST
 * (KIP-710) is for themselves alone: no status, no configuration, no restart.
 */
export type DedicatedMirror = {
  /** The cluster that it writes to. */
  readonly cluster: string;
  /** Alias of the source. */
  readonly source: string;
  readonly group: GroupView;
  /** Its processes; undefined where the members are not known. */
  readonly processes: number | undefined;
};

export function dedicatedMirrors(snapshot: Snapshot): readonly DedicatedMirror[] {
  return snapshot.groups.flatMap(group => {
    const source = /^(.+)-mm2$/.exec(group.group)?.[1];
    if (source === undefined || group.protocol !== 'connect') return [];
    const { cluster } = group;
    const keeps = snapshot.topics.some(
      t => t.cluster === cluster && t.topic === `mm2-configs.${source}.internal`,
    );
    return keeps ? [{ cluster, source, group, processes: valueOf(group.members)?.length }] : [];
  });
}

/** What to do in place of any change through Connect's REST. */
export function dedicatedInstead(source: string, target: string): readonly string[] {
  return [
    `edit mm2.properties on every host, for example ${source}->${target}.producer.override.batch.size=65536 or tasks.max=6`,
    'restart its processes one after the other: they read the file at their start alone',
    'to have it on a Connect cluster instead (pause, restart, offsets by REST), stop it first: two of them write everything twice',
  ];
}
