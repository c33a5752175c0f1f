import type { Millis } from '../../core/clock.js';
import { ScramServer } from './scram.js';
import type { KafkaState, SimulatedUser } from './state.js';

export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;

/** One connection's way through SASL. */
export class Login {
  user: SimulatedUser | undefined;
  private mechanism = '';
  private scram: ScramServer | undefined;
  private sessionEnds: Millis = Infinity;
  /** A token was refused: what the client says next is answered with an error (RFC 7628 §3.2.3). */
  private isRefused = false;

  constructor(
    private readonly state: KafkaState,
    private readonly now: () => Millis,
  ) {}

  /** The broker hangs up on every request but a new login (KIP-368). */
  get isOver(): boolean {
    return this.now() >= this.sessionEnds;
  }

  /** How long the session lasts, ms; 0 for ever. */
  get lifetime(): number {
    return this.sessionEnds === Infinity ? 0 : Math.max(0, this.sessionEnds - this.now());
  }

  /** True when nothing but SASL and ApiVersions may be asked yet. */
  get isMissing(): boolean {
    return Object.keys(this.state.users).length > 0 && this.user === undefined;
  }

  get isOffered(): boolean {
    return Object.keys(this.state.users).length > 0;
  }

  choose(mechanism: string): boolean {
    this.mechanism = mechanism;
    this.isRefused = false;
    if (mechanism === 'SCRAM-SHA-256') this.scram = this.scramWith('sha256');
    if (mechanism === 'SCRAM-SHA-512') this.scram = this.scramWith('sha512');
    return mechanisms.some(m => m === mechanism);
  }

  /** What the mechanism answers; undefined when the credentials are wrong. */
  step(message: Buffer): Buffer | undefined {
    const answer = this.answer(message);
    if (answer && this.user && this.state.maxReauthMs > 0)
      this.sessionEnds = Math.min(this.sessionEnds, this.now() + this.state.maxReauthMs);
    return answer;
  }

  /** As brokers word it. */
  get refusal(): string {
    if (this.mechanism === 'OAUTHBEARER') return invalidToken;
    return `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.mechanism}`;
  }

  private answer(message: Buffer): Buffer | undefined {
    if (this.mechanism === 'PLAIN') return this.plain(message);
    if (this.mechanism === 'OAUTHBEARER') return this.bearer(message.toString());
    return this.scramStep(message);
  }

  /** Takes any token of a known user that has not expired: whose signature counts is not the protocol's concern. */
  private bearer(message: string): Buffer | undefined {
    if (this.isRefused) return undefined;
    const token = /^n,[^,]*,\x01auth=Bearer ([^\x01]+)\x01(?:[a-zA-Z]+=[^\x01]*\x01)*\x01$/.exec(
      message,
    )?.[1];
    const { sub = '', exp = 0 } = claims(token ?? '');
    const user = this.state.users[sub];
    if (user === undefined || exp * 1000 <= this.now()) {
      this.isRefused = true;
      return Buffer.from(invalidToken);
    }
    this.user = user;
    if (this.state.maxReauthMs > 0) this.sessionEnds = exp * 1000;
    return Buffer.alloc(0);
  }

  private plain(message: Buffer): Buffer | undefined {
    const [, name = '', password = ''] = message.toString().split('\0');
    const user = this.state.users[name];
    if (user === undefined || user.password !== password) return undefined;
    this.user = user;
    return Buffer.alloc(0);
  }

  private scramStep(message: Buffer): Buffer | undefined {
    const step = this.scram?.step(message.toString());
    if (step?.isDone) this.user = this.state.users[this.scram?.user ?? ''];
    return step && Buffer.from(step.answer);
  }

  private scramWith(digest: 'sha256' | 'sha512'): ScramServer {
    return new ScramServer(digest, name => this.state.users[name]?.password);
  }
}

const invalidToken = '{"status":"invalid_token"}';

function claims(token: string): { readonly sub?: string; readonly exp?: number } {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub?: string };
  } catch {
    return {};
  }
}
