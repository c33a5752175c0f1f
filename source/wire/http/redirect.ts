import { failure, FailureError } from '../../core/failure.js';

/** Where a redirect leads, and whether the endpoint's credentials may go there. */
export type Hop = { readonly url: string; readonly trusted: boolean };

/** A worker behind a balancer takes one, a change of scheme another. */
const mostHops = 3;

/**
 * The next place to ask. It must be of the same family: the same host, or one beside it under the same parent domain;
 * a login page elsewhere is no answer, and is not asked. Credentials go to the same host only, and never from TLS to
 * plain text; once they were left behind they stay there. Throws a FailureError otherwise.
 */
export function nextHop(
  { subject, url: first }: { readonly subject: string; readonly url: string },
  from: string,
  location: unknown,
  trusted: boolean,
  hops: number,
): Hop {
  const refuse = (why: string): never => {
    throw new FailureError(failure('malformed', subject, why));
  };
  if (typeof location !== 'string' || !URL.canParse(location, from)) return refuse('a redirect to nowhere');
  const origin = new URL(first);
  const to = new URL(location, from);
  to.username = '';
  to.password = '';
  const place = `${to.protocol}//${to.host}`;
  if (hops >= mostHops) return refuse(`redirected ${mostHops} times, at last to ${place}`);
  if (!/^https?:$/.test(to.protocol) || !sameFamily(origin.hostname, to.hostname))
    return refuse(`redirects to ${place}, which is another host`);
  const downgraded = origin.protocol === 'https:' && to.protocol !== 'https:';
  return { url: to.href, trusted: trusted && to.hostname === origin.hostname && !downgraded };
}

/** `worker-1.connect.us` and `worker-2.connect.us`; a parent domain of one label (`com`) makes no family. */
function sameFamily(a: string, b: string): boolean {
  if (a === b) return true;
  if (/^[\d.]+$|:/.test(a)) return false;
  const parent = (host: string): string => host.split('.').slice(1).join('.');
  return parent(a).includes('.') && parent(a) === parent(b);
}
