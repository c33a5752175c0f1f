import { duration } from '../../core/units.js';
import type { View } from '../../session/view.js';
import { failed, ok, type Check } from './examination.js';

/** Whether an endpoint answers, by its name in the session: `kafka us`. */
export function reachedCheck({ endpoints, at }: View, name: string): Check {
  const status = endpoints.find(e => e.name === name)?.status;
  if (status?.is === 'live') return ok('reached', 'answers');
  if (status?.is === 'failing') return failed('reached', status.failure, `all that ${name} tells`);
  const waited = status === undefined ? '' : ` for ${duration(at - status.since)}: ${status.what}`;
  return {
    is: 'failing',
    check: 'reached',
    says: `has not answered yet${waited}`,
    lost: `all that ${name} tells`,
    repair: 'run kmon doctor again; if it stays so, the process may hang: try it by hand from this host',
  };
}
