import { ScramServer } from './scram.js';
import type { KafkaState, SimulatedUser } from './state.js';

export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** One connection's way through SASL. */
export class Login {
  user: SimulatedUser | undefined;
  private mechanism = '';
  private scram: ScramServer | undefined;

  constructor(private readonly state: KafkaState) {}

  /** True when nothing but SASL and ApiVersions may be asked yet. */
  get isMissing(): boolean {
    return Object.keys(this.state.users).length > 0 && this.user === undefined;
  }

  get isOffered(): boolean {
    return Object.keys(this.state.users).length > 0;
  }

  choose(mechanism: string): boolean {
    this.mechanism = mechanism;
    if (mechanism === 'SCRAM-SHA-256') this.scram = this.scramWith('sha256');
    if (mechanism === 'SCRAM-SHA-512') this.scram = this.scramWith('sha512');
    return mechanisms.some(m => m === mechanism);
  }

  /** What the mechanism answers; undefined when the credentials are wrong. */
  step(message: Buffer): Buffer | undefined {
    return this.mechanism === 'PLAIN' ? this.plain(message) : this.scramStep(message);
  }

  /** As brokers word it. */
  get refusal(): string {
    return `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.mechanism}`;
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
