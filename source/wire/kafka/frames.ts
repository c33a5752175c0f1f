import { failure, type Failure } from '../../core/failure.js';

/** Larger than any answer that kmon asks for: 100,000 committed offsets are under 5 MB. */
export const frameLimit = 128 * 1024 * 1024;

/** No broker writes so much; from here on it is something else's text: `HTTP` as a length is 1.2 GB. */
const absurdLength = 512 * 1024 * 1024;

/**
 * Watches the length prefix of every answer. kafkajs trusts them: a negative one throws out of its socket handler,
 * a huge one (`HTTP` read as a length is 1.2 GB) waits for ever.
 * Returns the reason to drop the connection, as soon as a chunk shows one.
 */
export function frameGuard(subject: string): (chunk: Buffer) => Failure | undefined {
  const head = Buffer.alloc(4);
  let headBytes = 0;
  let bodyLeft = 0;
  return chunk => {
    let at = 0;
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const step = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= step;
        at += step;
        continue;
      }
      const step = chunk.copy(head, headBytes, at, at + 4 - headBytes);
      headBytes += step;
      at += step;
      if (headBytes < 4) return undefined;
      headBytes = 0;
      bodyLeft = head.readInt32BE();
      if (bodyLeft < 4 || bodyLeft > frameLimit) return unlikeKafka(head, subject);
    }
    return undefined;
  };
}

function unlikeKafka(head: Buffer, subject: string): Failure {
  const isTlsRecord = (head[0] === 0x15 || head[0] === 0x16) && head[1] === 0x03;
  if (isTlsRecord)
    return failure('tls', subject, 'this port speaks TLS, and kmon was told plain text', speaksTls);
  const text = head.toString('latin1');
  const length = head.readInt32BE();
  if (length > frameLimit && length < absurdLength) {
    const [megabytes, limit] = [Math.round(length / 2 ** 20), frameLimit / 2 ** 20];
    return failure('too-large', subject, `an answer of ${megabytes} MB, kmon reads up to ${limit}`);
  }
  const shown = /^[\x20-\x7e]{4}$/.test(text) ? `“${text}”` : `0x${head.toString('hex')}`;
  return failure('malformed', subject, `an answer that begins with ${shown} is not Kafka’s`);
}

const speaksTls =
  'set security.protocol=SSL or SASL_SSL in client.properties, or use the plain listener’s port';
