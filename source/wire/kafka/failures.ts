import { failure, type Failure, type FailureKind } from '../../core/failure.js';
import { failureOfCode } from './protocol-errors.js';
import type { KafkaSecurity } from './endpoint.js';
import { MalformedAnswer } from './reader.js';
import { tlsFailure, ownCertificate } from './tls-failures.js';
import { systemErrors } from '../system-errors.js';

/** In which stage of the conversation it happened: the same closed socket means another thing in each. */
export type Stage = 'connecting' | 'greeting' | 'login' | 'first request' | 'request';

/** Translates whatever kafkajs, node:net or node:tls throws. The only place that looks at an error's text. */
export function translate(
  error: unknown,
  subject: string,
  stage: Stage,
  secrets: readonly string[],
  security: KafkaSecurity = {},
): Failure {
  const text = redact(messageOf(error), secrets);
  if (error instanceof MalformedAnswer) return failure('malformed', subject, text);
  const handshake = tlsFailure(subject, codeOf(error), text);
  if (handshake) return handshake;
  const kind = kindOfSystemError(codeOf(error));
  if (kind) return failure(kind, subject, text);
  if (stage === 'login' || isSaslError(error)) return failure('unauthenticated', subject, text);
  if (isClosed(error)) return closed(subject, stage, security);
  const code = codeOf(error);
  if (typeof code === 'number') return failureOfCode(code, subject) ?? failure('malformed', subject, text);
  return failure(stage === 'connecting' ? 'unreachable' : 'malformed', subject, text);
}

/** Text of the outside without the secrets that kmon knows. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => (secret ? clean.replaceAll(secret, '•••') : clean), text);
}

function kindOfSystemError(code: unknown): FailureKind | undefined {
  return typeof code === 'string' ? systemErrors[code] : undefined;
}

/** Also long after the login: brokers may ask for another when the session ends (KIP-368). */
function isSaslError(error: unknown): boolean {
  return error instanceof Error && error.name === 'KafkaJSSASLAuthenticationError';
}

function isClosed(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    (error instanceof Error && /^KafkaJSConnection(Closed)?Error$/.test(error.name))
  );
}

function closed(subject: string, stage: Stage, { tls }: KafkaSecurity): Failure {
  if (stage === 'greeting' && tls !== undefined && tls.cert === undefined && tls.pfx === undefined) {
    const detail =
      'the connection was closed right after the TLS handshake: it may ask for a client certificate';
    return failure('tls', subject, detail, ownCertificate);
  }
  if (stage === 'greeting') {
    const detail =
      'the connection was closed at the first question: is this a Kafka port, does it speak TLS?';
    const nextStep = 'check the port; for an SSL listener set security.protocol=SSL or SASL_SSL';
    return failure('refused', subject, detail, nextStep);
  }
  if (stage === 'first request') {
    const detail = 'the connection was closed at the first request: this listener may ask for SASL';
    return failure('unauthenticated', subject, detail, 'set security.protocol=SASL_… and sasl.jaas.config');
  }
  return failure('refused', subject, 'the broker closed the connection');
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^(Connection error|Failed to connect): /, '');
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
