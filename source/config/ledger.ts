import { statSync } from 'node:fs';

/** Where a value of the configuration came from. */
export type Origin =
  | { readonly is: 'flag'; readonly flag: string }
  | { readonly is: 'environment'; readonly variable: string }
  /** `path` as in `contexts.eu-us.clusters.us.bootstrap`, or the key of a client.properties. */
  | { readonly is: 'file'; readonly file: string; readonly path: string }
  | { readonly is: 'default' }
  /** Seen at run time: in a connector's configuration, in an answer. */
  | { readonly is: 'discovered'; readonly where: string };

export const byDefault: Origin = { is: 'default' };

export function flag(name: string): Origin {
  return { is: 'flag', flag: name };
}

/** One value of the context, ready to be shown: a secret's value is never in it. */
export type Setting = {
  /** `clusters.us.bootstrap`, below the context. */
  readonly path: string;
  readonly value: string;
  readonly from: Origin;
};

/** What stands for the value of a secret. */
export const secretShown = '••••••';

/** What the loading of a context leaves behind beside it. */
export class Ledger {
  readonly settings: Setting[] = [];
  /** What works, and should be looked at; each a whole sentence. */
  readonly warnings: string[] = [];

  note(path: string, value: string | number | readonly string[], from: Origin): void {
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    this.settings.push({ path, value: text, from });
  }

  secret(path: string, from: Origin): void {
    this.settings.push({ path, value: secretShown, from });
  }

  warn(sentence: string): void {
    if (!this.warnings.includes(sentence)) this.warnings.push(sentence);
  }

  /** Warns of a file that holds a secret and that everybody on this machine may read. */
  checkPermissions(file: string): void {
    try {
      if ((statSync(file).mode & 0o004) === 0) return;
    } catch {
      // Whoever reads the file tells that it cannot be read.
      return;
    }
    this.warn(`${file} holds a secret, and everybody on this machine may read it: chmod 600 ${file}`);
  }
}
