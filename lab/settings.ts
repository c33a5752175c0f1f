/**
 * Settings that a running process of the lab follows without a restart: one JSON file per process in the lab's
 * `control` folder, written whole by a rename and looked at again by the process twice a second.
 */
import { readFileSync, renameSync, watchFile, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import type { LabSite } from './site.js';

export interface SettingsFile<T> {
  read(site: LabSite): T;
  write(site: LabSite, settings: T): void;
  /** Calls `follow` with the settings of now, and again after every change. */
  follow(site: LabSite, follow: (settings: T) => void): void;
}

/** `schema` must give every field a default, so that a missing file is a healthy one. */
export function settingsFile<T>(name: string, schema: z.ZodType<T>): SettingsFile<T> {
  const path = (site: LabSite): string => join(site.paths.control, `${name}.json`);
  const read = (site: LabSite): T => {
    let text = '{}';
    try {
      text = readFileSync(path(site), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return schema.parse(JSON.parse(text));
  };
  return {
    read,
    write(site, settings) {
      const draft = `${path(site)}.${process.pid}`;
      writeFileSync(draft, `${JSON.stringify(settings)}\n`);
      renameSync(draft, path(site));
    },
    follow(site, follow) {
      follow(read(site));
      watchFile(path(site), { interval: 500 }, () => follow(read(site)));
    },
  };
}
