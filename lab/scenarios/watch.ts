/** kmon itself, without a screen, watching a lab: what it said, and when. */
import { join } from 'node:path';
import { assemble, type Running } from '../../source/commands/assemble.js';
import { loadContext } from '../../source/commands/context.js';
import { keepTicks, openTape } from '../../source/commands/tape.js';
import type { Context } from '../../source/config/context.js';
import { systemClock } from '../../source/core/clock.js';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import type { SessionPort } from '../../source/session/view.js';
import { writeAdminContext } from '../context.js';
import type { LabSite } from '../site.js';
import { placed, toldOf } from './told.js';
import { matches, type Told, type Wanted } from './wanted.js';

/** As whom kmon watches: one who may only look, or one who may change all. */
export type Watcher = 'monitor' | 'admin';

/** One finding that fired while kmon watched. Times are milliseconds since the epoch. */
export interface Said extends Told {
  readonly key: string;
  readonly severity: LiveFinding['severity'];
  readonly certainty: number;
  readonly firedAt: number;
  /** What it rested on when it fired. */
  readonly evidence: LiveFinding['evidence'];
  /** Keys of findings that it was listed under at any time. */
  readonly under: Set<string>;
  /** Whether it stood beside the others at any time. */
  alone: boolean;
}

const mostBytes = 64 << 20;

export class Watch {
  readonly startedAt = Date.now();
  readonly #running: Running;
  readonly #leave: () => void;
  readonly #closeTape: () => Promise<unknown>;
  /** By key, verdict and what it says without its numbers: a finding that changes its cause is another one. */
  #said = new Map<string, Said>();

  private constructor(
    running: Running,
    tape: { close: () => Promise<unknown>; leave: () => void } | undefined,
  ) {
    this.#running = running;
    const leave = running.session.subscribe(() => this.#look());
    this.#leave = () => {
      leave();
      tape?.leave();
    };
    this.#closeTape = () => tape?.close() ?? Promise.resolve();
  }

  /** Starts kmon on the lab as `kmon check` does; with `file` it also records what it sees. */
  static async open(site: LabSite, file?: string, watcher: Watcher = 'monitor'): Promise<Watch> {
    const context = contextOf(site, watcher);
    if (file === undefined) return new Watch(assemble(context, systemClock), undefined);
    const tape = await openTape(file, context, systemClock, mostBytes);
    const running = assemble(context, systemClock, o => tape.observation(o));
    const leave = keepTicks(running.session, tape);
    return new Watch(running, { leave, close: () => tape.close() });
  }

  /** Where remedies are asked for. */
  get session(): SessionPort {
    return this.#running.session;
  }

  /** Findings that stand for themselves now, and no note: firing, or gone a moment ago. */
  loud(): readonly LiveFinding[] {
    return this.session.live().findings.filter(f => f.phase !== 'pending' && f.severity !== 'info');
  }

  /** Whether such a finding is told now, for itself or as a consequence. */
  tells(wanted: Wanted): boolean {
    return placed(this.session.live().findings).some(
      ({ finding }) => finding.phase !== 'pending' && matches(wanted, toldOf(finding)),
    );
  }

  /** What fired since {@link forget}. */
  said(): readonly Said[] {
    return [...this.#said.values()];
  }

  forget(): void {
    this.#said = new Map();
  }

  async close(): Promise<void> {
    this.#leave();
    await this.#closeTape();
    await this.#running.close();
  }

  #look(): void {
    for (const { finding, parent } of placed(this.session.live().findings)) {
      if (finding.phase !== 'firing') continue;
      const now = saidOf(finding);
      const id = `${now.key} ${now.verdict} ${now.sentence.replace(/[\d.]+/g, '')}`;
      const said = this.#said.get(id) ?? now;
      if (parent === undefined) said.alone = true;
      else said.under.add(parent.key);
      this.#said.set(id, said);
    }
  }
}

function contextOf(site: LabSite, watcher: Watcher): Context {
  if (watcher === 'monitor') return loadContext({ config: site.paths.config }, process.env);
  const config = join(site.folder, 'admin.yaml');
  writeAdminContext(site, config);
  const audit = join(site.folder, 'audit.jsonl');
  return loadContext({ config, context: 'lab', readWrite: true, audit }, process.env);
}

function saidOf(finding: LiveFinding): Said {
  const { key, severity, certainty, evidence } = finding;
  return {
    ...toldOf(finding),
    key,
    severity,
    certainty,
    firedAt: Date.now(),
    evidence,
    under: new Set(),
    alone: false,
  };
}
