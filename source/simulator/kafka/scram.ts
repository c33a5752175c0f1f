import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

export type ScramDigest = 'sha256' | 'sha512';

/** The server's side of SCRAM (RFC 5802): two messages of the client, an answer to each, or a refusal. */
export class ScramServer {
  private clientFirst = '';
  private serverFirst = '';
  private readonly salt = randomBytes(16);
  private password: string | undefined;

  constructor(
    private readonly digest: ScramDigest,
    private readonly passwordOf: (user: string) => string | undefined,
  ) {}

  user = '';

  /** The answer, and whether it was the last; undefined when the proof is wrong. */
  step(message: string): { readonly answer: string; readonly isDone: boolean } | undefined {
    return this.clientFirst === '' ? this.first(message) : this.last(message);
  }

  private first(message: string): { answer: string; isDone: boolean } {
    this.clientFirst = message.replace(/^n,[^,]*,/, '');
    const { n, r } = attributes(this.clientFirst);
    this.user = (n ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
    this.password = this.passwordOf(this.user);
    const nonce = (r ?? '') + randomBytes(12).toString('hex');
    this.serverFirst = `r=${nonce},s=${this.salt.toString('base64')},i=${iterations}`;
    return { answer: this.serverFirst, isDone: false };
  }

  private last(message: string): { answer: string; isDone: boolean } | undefined {
    const { p } = attributes(message);
    const withoutProof = message.replace(/,p=.*$/, '');
    const dialogue = `${this.clientFirst},${this.serverFirst},${withoutProof}`;
    const length = this.digest === 'sha256' ? 32 : 64;
    const salted = pbkdf2Sync(this.password ?? '', this.salt, iterations, length, this.digest);
    const clientKey = this.hmac(salted, 'Client Key');
    const stored = createHash(this.digest).update(clientKey).digest();
    const signature = this.hmac(stored, dialogue);
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0)));
    if (this.password === undefined || proof.toString('base64') !== p) return undefined;
    const verifier = this.hmac(this.hmac(salted, 'Server Key'), dialogue);
    return { answer: `v=${verifier.toString('base64')}`, isDone: true };
  }

  private hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.digest, key).update(text).digest();
  }
}

const iterations = 4096;

function attributes(message: string): Record<'n' | 'r' | 'p', string | undefined> {
  const pairs = new Map(message.split(',').map(part => [part[0], part.slice(2)]));
  return { n: pairs.get('n'), r: pairs.get('r'), p: pairs.get('p') };
}
