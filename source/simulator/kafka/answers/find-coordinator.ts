import { maySee, type Api, type Question } from '../api.js';
import type { Writer } from '../bytes.js';
import { groupAuthorizationFailed } from './group-errors.js';

const coordinatorNotAvailable = 15;

/** FindCoordinator (10). kmon does not ask it; stock clients do. */
export const findCoordinator: Api = {
  key: 10,
  name: 'FindCoordinator',
  min: 0,
  max: 4,
  flexibleFrom: 3,
  answer(request, answer, question) {
    const { state, version } = question;
    if (version >= 4) {
      request.int8();
      const keys = request.list(() => request.name()) ?? [];
      request.tags();
      answer.int32(state.throttleMs).list(keys, key => {
        const { error, id, host, port } = coordinatorOf(key, question);
        answer.text(key).int32(id).text(host).int32(port).int16(error).text(null).tags();
      });
      answer.tags();
      return;
    }
    const key = request.name();
    if (version >= 1) request.int8();
    request.tags();
    single(answer, key, question);
  },
};

function single(answer: Writer, key: string, question: Question): void {
  const { error, id, host, port } = coordinatorOf(key, question);
  if (question.version >= 1) answer.int32(question.state.throttleMs);
  answer.int16(error);
  if (question.version >= 1) answer.text(null);
  answer.int32(id).text(host).int32(port).tags();
}

function coordinatorOf(
  key: string,
  question: Question,
): { error: number; id: number; host: string; port: number } {
  const { state } = question;
  if (!maySee(question)) return { error: groupAuthorizationFailed, id: -1, host: '', port: -1 };
  const id = state.groups[key]?.coordinator ?? state.brokers[0]?.id;
  const broker = state.brokers.find(b => b.id === id);
  if (broker === undefined) return { error: coordinatorNotAvailable, id: -1, host: '', port: -1 };
  return { error: 0, id: broker.id, host: broker.host, port: broker.port };
}
