import { failure, type Failure } from '../../core/failure.js';

/** What to do where a broker asks for the client's certificate. */
export const ownCertificate =
  'give kmon its certificate: ssl.keystore.type, ssl.keystore.location and ssl.keystore.password in client.properties';

/** By OpenSSL's or node's code, or by its words where the code says too little; the first that fits counts. */
const causes: readonly { readonly fits: RegExp; readonly says: string; readonly nextStep: string }[] = [
  {
    fits: /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|CERT_UNTRUSTED|INVALID_CA/,
    says: 'the CA of the broker’s certificate is not in the trust store',
    nextStep:
      'put the CA that signed it into ssl.truststore.location; what the broker shows: openssl s_client -showcerts -connect HOST:PORT',
  },
  {
    fits: /CERT_HAS_EXPIRED/,
    says: 'the broker’s certificate has expired',
    nextStep:
      'renew the certificate of this listener; its dates: openssl s_client -connect HOST:PORT | openssl x509 -dates',
  },
  {
    fits: /CERT_NOT_YET_VALID/,
    says: 'the broker’s certificate is not valid yet',
    nextStep: 'compare the clock of this host with the broker’s',
  },
  {
    fits: /ERR_TLS_CERT_ALTNAME_INVALID/,
    says: 'the broker’s certificate is for another host name',
    nextStep:
      'use a name that the certificate has, or add this one to its subject alternative names; behind a tunnel keep the advertised name and use --broker-map',
  },
  {
    fits: /ALERT_CERTIFICATE_EXPIRED|ALERT_CERTIFICATE_REVOKED/,
    says: 'the broker did not accept kmon’s certificate: it has expired or was revoked',
    nextStep: 'renew the certificate in ssl.keystore.location',
  },
  {
    fits: /ALERT_UNKNOWN_CA|ALERT_BAD_CERTIFICATE|ALERT_CERTIFICATE_UNKNOWN|ALERT_UNSUPPORTED_CERTIFICATE/,
    says: 'the broker did not accept kmon’s certificate',
    nextStep:
      'the certificate in ssl.keystore.location must be signed by a CA of the broker’s ssl.truststore',
  },
  {
    fits: /CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE/,
    says: 'the broker asks for a client certificate, or shares no cipher with kmon',
    nextStep: ownCertificate,
  },
  {
    fits: /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    says: 'the broker and kmon share no version of TLS',
    nextStep: 'enable TLSv1.2 or TLSv1.3 in ssl.enabled.protocols of the broker',
  },
  {
    fits: /before secure TLS connection|WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/,
    says: 'this listener does not seem to speak TLS',
    nextStep: 'set security.protocol=PLAINTEXT (or SASL_PLAINTEXT), or use the port of the SSL listener',
  },
];

/** The failure of a TLS handshake, or undefined when the error is none. */
export function tlsFailure(subject: string, code: unknown, text: string): Failure | undefined {
  const name = typeof code === 'string' ? code : '';
  const isTls =
    /^(ERR_(TLS|SSL|OSSL)_|EPROTO$|.*CERT|UNABLE_TO_|INVALID_CA)/.test(name) ||
    text.includes('before secure TLS connection');
  if (!isTls) return undefined;
  const words = text.replace(/^[0-9A-F]+:error:[0-9A-F]+:/i, '');
  const cause = causes.find(({ fits }) => fits.test(name) || fits.test(text));
  return failure('tls', subject, cause ? `${cause.says}: ${words}` : words, cause?.nextStep);
}
