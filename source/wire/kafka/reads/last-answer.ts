import type { KafkaRequest } from '../link.js';

/**
 * The last answer to one question, as bytes and as what was read of them. A group at rest is described in the same bytes at every
 * sweep: to compare them costs a hundredth of reading them, and who looks for a change is given the very objects of before.
 */
export class LastAnswer<T> {
  private last:
    | {
        readonly bytes: Buffer;
        readonly version: number;
        readonly who: string;
        readonly throttled: number;
        readonly value: T;
      }
    | undefined;

  /** The request, but that its answer is not read again where it is the last one; `who` is asked, and named in failures. */
  to(request: KafkaRequest<T>, who: string): KafkaRequest<T> {
    return {
      ...request,
      decode: (answer, version) => {
        const { last } = this;
        const bytes = answer.rest;
        if (last?.version === version && last.who === who && last.bytes.equals(bytes)) {
          answer.throttled = last.throttled;
          return last.value;
        }
        const value = request.decode(answer, version);
        // A copy: the answer lies in what came over the network in one piece, with others.
        this.last = { bytes: Buffer.from(bytes), version, who, throttled: answer.throttled, value };
        return value;
      },
    };
  }
}
