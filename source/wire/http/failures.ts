import { failure, type Failure, type FailureKind } from '../../core/failure.js';
import { systemErrors } from '../system-errors.js';
import { redactText } from './redact-text.js';

/** Codes of Node's sockets, resolver and TLS, and of axios, by what they mean. TLS has too many: see below. */
const kinds: Readonly<Record<string, FailureKind>> = {
  ...systemErrors,
  ECONNABORTED: 'timeout',
  ERR_CANCELED: 'cancelled',
  EPROTO: 'tls',
  ERR_INVALID_URL: 'malformed',
};

const tls =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT)|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * Why no complete HTTP answer came. axios' own errors end here: they hold headers and credentials.
 * A connection that ended before the answer did (ECONNRESET, EPIPE) is `malformed`: something listens, and does not
 * speak as it should.
 */
export function networkFailure(error: unknown, subject: string): Failure {
  const { code, message } = describe(error);
  if (/maxContentLength/.test(message)) return failure('too-large', subject, message);
  const kind = kinds[code] ?? (tls.test(code) ? 'tls' : 'malformed');
  if (kind === 'cancelled') return failure(kind, subject);
  return failure(kind, subject, redactText(message || code));
}

/** True where the other side can not have seen the request: nothing accepted the connection. */
export function neverArrived(f: Failure): boolean {
  return f.kind === 'refused' || f.kind === 'unreachable' || f.kind === 'tls';
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Several addresses of one name that all failed arrive as an AggregateError with an empty message.
  if (error.message === '' && error.cause !== undefined) return describe(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) {
    const first = describe(error.errors[0]);
    return { code: code || first.code, message: error.message || first.message };
  }
  return { code, message: error.message };
}
