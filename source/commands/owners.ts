import type { Observation } from '../core/observation.js';

/** A member as `kafka-consumer-groups` prints it. */
export type Owner = { readonly consumerId: string; readonly host: string; readonly clientId: string };

export type OwnedPartition = { readonly topic: string; readonly partition: number; readonly owner: Owner };

export type GroupOwners = {
  readonly partitions: readonly OwnedPartition[];
  /** Members that own nothing. */
  readonly idle: readonly Owner[];
  ownerOf(topic: string, partition: number): Owner | undefined;
};

/** Who owns what in every group, from the newest description of each. */
export class Owners {
  private readonly groups = new Map<string, GroupOwners>();

  fold(o: Observation): void {
    if (o.kind !== 'described') return;
    for (const { group, answer } of o.groups)
      if ('ok' in answer) this.groups.set(`${o.cluster}/${group}`, ownersOf(answer.ok.members));
  }

  of(cluster: string, group: string): GroupOwners | undefined {
    return this.groups.get(`${cluster}/${group}`);
  }
}

type Members = Extract<
  Extract<Observation, { kind: 'described' }>['groups'][number]['answer'],
  { readonly ok: unknown }
>['ok']['members'];

function ownersOf(members: Members): GroupOwners {
  const byPartition = new Map<string, OwnedPartition>();
  const idle: Owner[] = [];
  for (const { member, host, clientId, assignment } of members) {
    const owner = { consumerId: member, host, clientId };
    let owns = false;
    for (const { topic, partitions } of assignment ?? [])
      for (const partition of partitions) {
        byPartition.set(`${topic}/${partition}`, { topic, partition, owner });
        owns = true;
      }
    if (!owns) idle.push(owner);
  }
  return {
    partitions: [...byPartition.values()],
    idle,
    ownerOf: (topic, partition) => byPartition.get(`${topic}/${partition}`)?.owner,
  };
}
