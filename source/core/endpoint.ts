import type { Millis } from './clock.js';
import type { Failure } from './failure.js';

/** One outside system as kmon reaches it; the address holds no user and no password. */
export type Endpoint = {
  /** `kafka us`, `connect us`, `prometheus`. */
  readonly name: string;
  readonly kind: 'kafka' | 'connect' | 'prometheus';
  readonly address: string;
  readonly status: EndpointStatus;
};

/** How it is doing. */
export type EndpointStatus =
  | { readonly is: 'asking'; readonly what: string; readonly since: Millis }
  | { readonly is: 'live'; readonly lastAnswer: Millis }
  | {
      readonly is: 'failing';
      readonly failure: Failure;
      readonly since: Millis;
      readonly nextTry: Millis;
      readonly lastAnswer?: Millis;
    };
