/**
 * Why something could not be seen or done. The list is closed: `wire` translates every error of the outside
 * into one of these once, and nothing further in looks at an error's text.
 */
export const failureKinds = [
  'refused',
  'unreachable',
  'timeout',
  'tls',
  'unauthenticated',
  'unauthorised',
  'unsupported',
  'rejected',
  'absent',
  'early',
  'busy',
  'partial',
  'malformed',
  'too-large',
  'cancelled',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** Plain data: it travels in observations and recordings. It never holds a secret. */
export type Failure = {
  readonly kind: FailureKind;
  /** What was asked, of whom: `ListGroups of broker 2 (10.0.3.2:9092)`. */
  readonly subject: string;
  /** The cause in the other side's own words, redacted, one line; may be empty. */
  readonly detail: string;
  /** What to do about it, where more is known than the kind tells. */
  readonly nextStep?: string;
};

export function failure(kind: FailureKind, subject: string, detail = '', nextStep?: string): Failure {
  return { kind, subject, detail: oneLine(detail), ...(nextStep !== undefined && { nextStep }) };
}

/** What a kind of failure means, and what the person on call can do about it. */
export type Explanation = { readonly meaning: string; readonly nextStep: string };

const explanations: { readonly [K in FailureKind]: Explanation } = {
  refused: {
    meaning: 'nothing listens there',
    nextStep: 'is the process up? does the port belong to this service?',
  },
  unreachable: {
    meaning: 'no route or no such host',
    nextStep: 'check the name, the VPN and the security group from this host',
  },
  timeout: {
    meaning: 'no answer in time',
    nextStep: 'the process may hang or the network drop packets: try it by hand from this host',
  },
  tls: {
    meaning: 'the TLS handshake failed',
    nextStep: 'check the CA, the host name in the certificate, and that this port speaks TLS',
  },
  unauthenticated: {
    meaning: 'the credentials were not accepted',
    nextStep: 'check user, password and mechanism in the client.properties of this context',
  },
  unauthorised: {
    meaning: 'this user may not see or do it',
    nextStep: 'grant the missing ACL: Describe on Cluster, Topic and Group is enough to watch',
  },
  unsupported: {
    meaning: 'it is not offered here',
    nextStep: 'kmon works without it; a newer version of the service gives more',
  },
  rejected: {
    meaning: 'it does not accept this',
    nextStep: 'see its reason: the value, the state of the thing or a policy of the cluster is against it',
  },
  absent: {
    meaning: 'it is not there',
    nextStep: 'check the name, or whether it was deleted',
  },
  early: {
    meaning: 'it is too early to know',
    nextStep: 'wait: kmon is still reading',
  },
  busy: {
    meaning: 'it is rebalancing or starting, and cannot answer now',
    nextStep: 'wait: kmon asks again by itself',
  },
  partial: {
    meaning: 'only a part of it answered',
    nextStep: 'see which part is missing',
  },
  malformed: {
    meaning: 'the answer was not what this service should say',
    nextStep: 'does the address belong to this service? a proxy or a login page may answer instead',
  },
  'too-large': {
    meaning: 'the answer exceeds what kmon reads',
    nextStep: 'narrow what is asked, or raise the limit',
  },
  cancelled: {
    meaning: 'kmon stopped asking',
    nextStep: 'nothing is needed',
  },
};

/** Of a kind, or of one failure, whose own next step comes before that of its kind. */
export function explain(what: FailureKind | Failure): Explanation {
  if (typeof what === 'string') return explanations[what];
  const { meaning, nextStep } = explanations[what.kind];
  return { meaning, nextStep: what.nextStep ?? nextStep };
}

/** One line for a panel or a log: subject, meaning, cause. */
export function sentence(f: Failure): string {
  const cause = f.detail ? ` (${f.detail})` : '';
  return `${f.subject}: ${explanations[f.kind].meaning}${cause}`;
}

/** Carries a Failure through code that must throw (a promise chain of a client library). */
export class FailureError extends Error {
  constructor(readonly failure: Failure) {
    super(sentence(failure));
    this.name = 'FailureError';
  }
}

/** A blank alone is left where it is: most details are one line, and then no other text is made. */
function oneLine(text: string): string {
  const flat = text.replace(/\s{2,}|[^\S ]/g, ' ').trim();
  return flat.length > 240 ? `${flat.slice(0, 239)}…` : flat;
}
