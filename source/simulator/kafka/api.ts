import type { Scanner, Writer } from './bytes.js';
import type { Login } from './login.js';
import type { KafkaState, SimulatedBroker } from './state.js';

/** Who asks whom, and about what. */
export type Question = {
  readonly state: KafkaState;
  readonly broker: SimulatedBroker;
  /** Who asks. On a plain listener there is no user, and everybody may see all. */
  readonly login: Login;
  readonly version: number;
};

/** One API of the protocol: reads the body of a request, writes the body of its answer. */
export type Api = {
  readonly key: number;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly flexibleFrom: number;
  answer(request: Scanner, answer: Writer, question: Question): void;
};

export function maySee(question: Question): boolean {
  return question.login.user?.sees !== 'none';
}

/** Whether the user may do more than look: change the cluster, read records, act for groups. */
export function mayChange({ login }: Question): boolean {
  return login.user === undefined || (login.user.sees === 'all' && login.user.changes === 'all');
}
