import { inspect } from 'node:util';
import { isSecret, redactConfig, redactValue } from './redact.js';

/**
 * A connector's configuration as Connect stores it, secrets included: what a write must start from. It cannot be
 * shown by accident: printed, logged, put into JSON or compared on a screen it is its redacted self, and only
 * `wire/connect` can open it.
 */
export class RawConfig {
  readonly #values: ReadonlyMap<string, string | null>;

  constructor(values: Readonly<Record<string, string | null>>) {
    this.#values = new Map(Object.entries(values));
  }

  /** The value as it may be shown; undefined where the key is not set. */
  shown(key: string): string | undefined {
    const value = this.#values.get(key);
    return value === undefined || value === null ? undefined : redactValue(key, value);
  }

  /** All keys as they may be shown. */
  redacted(): Record<string, string> {
    return redactConfig(Object.fromEntries(this.#values));
  }

  /** Keys whose raw values differ, a missing key being a difference. */
  differences(other: RawConfig): readonly string[] {
    const keys = new Set([...this.#values.keys(), ...other.#values.keys()]);
    return [...keys].filter(key => this.#values.get(key) !== other.#values.get(key)).sort();
  }

  /** The configuration after `changes`; null takes a key away. */
  with(changes: Readonly<Record<string, string | null>>): RawConfig {
    const values = new Map(this.#values);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) values.delete(key);
      else values.set(key, value);
    }
    return new RawConfig(Object.fromEntries(values));
  }

  /**
   * Keys of secrets that do not look like secrets but like a mask that some proxy put there: written back, they would
   * destroy the connector's credentials.
   */
  masked(): readonly string[] {
    return [...this.#values].flatMap(([key, value]) =>
      isSecret(key, value) && /^([*\u2022]+|x{4,}|\[?(hidden|redacted|masked)\]?)$/i.test(value ?? '')
        ? [key]
        : [],
    );
  }

  /** The secret values, for taking them out of messages. */
  static secretsOf(config: RawConfig): readonly string[] {
    return [...config.#values].flatMap(([key, value]) =>
      isSecret(key, value) && value !== null ? [value] : [],
    );
  }

  /** The body of a request. For `wire/connect` only. */
  static bodyOf(config: RawConfig): Readonly<Record<string, string | null>> {
    return Object.fromEntries(config.#values);
  }

  toJSON(): Record<string, string> {
    return this.redacted();
  }

  toString(): string {
    return `configuration of ${this.#values.size} keys`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
