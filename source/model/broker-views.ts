import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { mapKnown, seen, unknown, type Known } from '../core/known.js';
import type { BrokerSeen } from '../core/observation.js';
import type { BrokerRoles } from './broker-roles.js';
import type { Disks } from './disks.js';
import type { MachineLoad } from './machine-loads.js';
import { hostOf, type Machine } from './machines.js';
import { once } from './once.js';
import type { BrokerView, PreferredRole } from './snapshot.js';

/** What metrics tell of the broker `name` on a host. */
export type MachineOf = (name: string, host: string) => Machine;

/** What a view of a broker is made of beside what the broker told itself. */
export type AroundBroker = {
  /** When the metadata was read. */
  readonly at: Millis;
  readonly roles: () => BrokerRoles;
  readonly disks: Disks;
  readonly machine: MachineOf;
  readonly load: (broker: number) => MachineLoad;
};

export function brokerViewOf(
  { id, host, port, rack }: BrokerSeen,
  controller: boolean,
  told: Pick<BrokerView, 'answers' | 'config' | 'apis'>,
  { at, roles, disks, machine, load }: AroundBroker,
): BrokerView {
  const role = once(() => roles().of(id));
  const disk = once(() => disks.ofBroker(id));
  return {
    id,
    address: `${host}:${port}`,
    ...(rack !== undefined && { rack }),
    controller,
    ...told,
    get leaders() {
      return role().leaders;
    },
    get preferred() {
      return preferredOf(roles(), id, at);
    },
    get arrival() {
      return { perSecond: role().arrival, partitions: role().measured };
    },
    get replicas() {
      return mapKnown(disk(), d => d.replicas);
    },
    get bytes() {
      return mapKnown(disk(), d => d.bytes);
    },
    machine: machine(`broker ${id}`, hostOf(host)),
    load: load(id),
  };
}

export function preferredOf(roles: BrokerRoles, broker: number, at: Millis): Known<PreferredRole> {
  if (roles.ordered) return seen(roles.of(broker).preferred, at);
  return unknown(failure('absent', 'preferred leaders', 'the order of replicas was not recorded'), at);
}
