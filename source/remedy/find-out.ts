import type { Clock } from '../core/clock.js';
import { sentence, type Failure } from '../core/failure.js';
import type { ConnectLink } from '../wire/connect/link.js';
import type { RawConfig } from '../wire/connect/raw-config.js';
import { readConfig } from '../wire/connect/reads/config.js';
import type { Step } from './plan.js';

/** How often, and how long apart, the configuration is read after a write of which no answer came. */
const looks = 5;
const betweenLooks = 3_000;

/** What a write did of which no answer came. It is never sent again: it may still be on its way. */
export async function findOut(
  link: ConnectLink,
  connector: string,
  before: RawConfig,
  expected: RawConfig,
  why: Failure,
  clock: Clock,
  signal: AbortSignal,
): Promise<Step> {
  const step = (state: Step['state'], text: string): Step => ({ at: clock.now(), state, text });
  const cause = sentence(why);
  let last = 'it could not be read again';
  let unchanged = 0;
  for (let i = 0; i < looks && !signal.aborted; i++) {
    const now = await readConfig(link, connector, signal);
    if ('failed' in now) last = sentence(now.failed);
    else if (now.ok.differences(expected).length === 0) {
      return step('applied', `Connect did not confirm it (${cause}); read again: it is applied`);
    } else if (now.ok.differences(before).length === 0) {
      unchanged++;
      last = 'the configuration is as before';
    } else last = 'the configuration is neither what it was nor what was written';
    await clock.sleep(betweenLooks, signal);
  }
  const certain = unchanged === looks;
  const seconds = (looks * betweenLooks) / 1000;
  return certain
    ? step('failed', `not applied: ${cause}; ${last}, ${seconds} s later too; it was not sent again`)
    : step('unknown', `whether it was applied is not known: ${cause}; ${last}`);
}
