import { valueOf } from '../../core/known.js';
import { count, latency } from '../../core/units.js';
import { consumerKey } from '../keys.js';
import { limitAtTarget } from './limits.js';
import { tuneKeys } from './tune-keys.js';

/** More records and bytes a fetch: for a long way to the source, where every round trip counts. */
const sizes = {
  'max.poll.records': '2000',
  'max.partition.fetch.bytes': '4194304',
  'fetch.max.bytes': '104857600',
};

export const tuneConsumer = tuneKeys({
  id: 'consumer-fetch',
  title: 'Larger fetches: max.poll.records, max.partition.fetch.bytes and fetch.max.bytes in one restart',
  about: {
    changes:
      '`max.poll.records` 2000, `max.partition.fetch.bytes` 4 MiB, `fetch.max.bytes` 100 MiB, as `source.consumer.*` of MirrorMaker 2 and `consumer.override.*` of a sink',
    risk: 'medium: all tasks stop and start again; each consumer may hold that much more of the heap',
    undo: 'each key back to what it was, or unset, with a second restart',
    byHand: '`curl -X PATCH …/connectors/NAME/config -d \'{"source.consumer.max.poll.records":"2000"}\'`',
  },
  kinds: ['mirror-source', 'sink'],
  keys: flow =>
    Object.fromEntries(Object.entries(sizes).map(([key, value]) => [consumerKey(flow, key), value])),
  why: ({ flow }) => {
    const poll = valueOf(flow.poll.now);
    const fetch = valueOf(flow.fetchLatency);
    return `${poll === undefined ? 'poll/s is not known' : `it takes ${count(poll)}/s from the source`}${fetch === undefined ? '' : `; a fetch takes ${latency(fetch)}`}`;
  },
  cure: ({ flow }) => {
    const throttle = valueOf(flow.fetchThrottle) ?? 0;
    if (throttle > 10)
      return {
        verdict: 'will-not-cure',
        reason: `the source throttles fetches by ${latency(throttle)}: a quota counts bytes, however they are fetched`,
      };
    const target = limitAtTarget(flow);
    if (target !== undefined)
      return { verdict: 'will-not-cure', reason: `${target}; reading faster only fills its buffers sooner` };
    const fetch = valueOf(flow.fetchLatency);
    return fetch !== undefined && fetch > 100
      ? { verdict: 'cures', reason: `a fetch takes ${latency(fetch)}: fewer and larger ones bring more` }
      : {
          verdict: 'may-cure',
          reason:
            fetch === undefined
              ? 'how long a fetch takes was not measured'
              : `a fetch takes only ${latency(fetch)}`,
        };
  },
  expect: () => ['up to four times as many records a fetch and a batch, at the same number of round trips'],
});
