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
