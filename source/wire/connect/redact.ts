import { mask, redactText } from '../http/redact-text.js';

/** Keys of a connector's configuration whose values are secret. `key.converter` and `key.serializer` are not. */
const secretKey =
  /password|passwd|passphrase|secret|token|jaas|credential|user\.info|(^|[._-])key$|(api|access|private)key$|auth\.(value|header)/i;

/** A reference that a worker resolves by itself (KIP-297): it says where the secret is, not what it is. */
const placeholder = /^\$\{[^{}:]+:[^{}]*\}$/;

export function isSecret(key: string, value: string | null | undefined): boolean {
  if (value === null || value === undefined || value === '') return false;
  return secretKey.test(key) && !placeholder.test(value);
}

/** The value as it may be shown, logged and recorded. */
export function redactValue(key: string, value: string): string {
  return isSecret(key, value) ? mask : redactText(value);
}

/** The configuration as it may be shown, logged and recorded. Keys without a value (JSON null) are left out. */
export function redactConfig(config: Readonly<Record<string, string | null>>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) if (value !== null) out[key] = redactValue(key, value);
  return out;
}
