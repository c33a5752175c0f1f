import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { unknown } from '../../source/core/known.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

let terminal: TrueTerminal | undefined;
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

async function show(view: Parameters<typeof openTerminal>[0], columns = 120, rows = 40): Promise<string> {
  terminal = await openTerminal(view, { columns, rows });
  return `\n${terminal.screen().join('\n')}\n`;
}

describe('what the person on call sees', () => {
  it('of a healthy site', async () => {
    expect(await show(views.healthy())).toMatchSnapshot();
  });

  it('of a target that limits a flow', async () => {
    expect(await show(views.incident())).toMatchSnapshot();
  });

  it('of a finding that only forms: it is there at once, dimmed, and nothing is said to be well', async () => {
    const forming = views.firing(views.targetLimited, 0, { phase: 'pending' });
    const screen = await show(views.incident({ findings: [forming] }));
    expect(screen).toMatch(/FORMING +mm2-source +target limits writes/);
    expect(screen).not.toContain('nothing found wrong');
    expect(screen).not.toContain('CRITICAL');
  });

  it('of a flow that cannot be judged yet: that it is not, and what is missing', async () => {
    const early = failure('early', 'growth of lag of mm2-source', 'needs 4 samples over 15 s');
    const flows = [views.healthyFlow({ lagSlope: unknown(early, views.startedAt) })];
    const screen = await show(views.view({}, { flows }));
    expect(screen).toMatch(/not judged yet +growth of lag of mm2-source: needs 4 samples over 15 s/);
    expect(screen).not.toContain('nothing found wrong');
  });

  it('in the first second', async () => {
    expect(await show(views.starting(), 120, 24)).toMatchSnapshot();
  });

  it('when Connect does not answer', async () => {
    expect(await show(views.connectDown(), 120, 30)).toMatchSnapshot();
  });

  it('of a remedy that will not cure', async () => {
    const view = views.incident({ remedy: { phase: 'plan', plan: views.notCuring } });
    expect(await show(view, 80, 24)).toMatchSnapshot();
  });

  it('of a flow in detail', async () => {
    const screen = await show(views.walked());
    expect(screen).toContain('mm2-source');
    await terminal?.press('\r');
    expect(`\n${terminal?.screen().join('\n') ?? ''}\n`).toMatchSnapshot();
  });

  /** After keys, as many rows as there is something to see in. */
  async function after(
    view: Parameters<typeof openTerminal>[0],
    keys: readonly string[],
    rows = 24,
  ): Promise<string> {
    await show(view, 120, rows);
    await terminal?.press(...keys);
    return `\n${terminal?.screen().join('\n') ?? ''}\n`;
  }

  it('of a group whose lag lies in one partition', async () => {
    expect(await after(views.incident(), ['3', '\r'], 40)).toMatchSnapshot();
  });

  it('of topics, while a broker is down', async () => {
    expect(await after(views.brokerStopped(), ['4'], 14)).toMatchSnapshot();
  });

  it('of a topic without a leader for one partition', async () => {
    expect(await after(views.brokerStopped(), ['4', '\r'], 28)).toMatchSnapshot();
  });

  it('of machines, while a broker is down', async () => {
    expect(await after(views.brokerStopped(), ['5'], 16)).toMatchSnapshot();
  });

  it('of a worker with its load', async () => {
    expect(await after(views.healthy(), ['5', '\r'])).toMatchSnapshot();
  });

  it('of topics and machines that one may not see, or that are not known yet: why, and never none at all', async () => {
    expect(await after(views.blind(), ['4'], 12)).toMatch(
      /none that this user may see[^]*grant the missing ACL/,
    );
    await terminal?.close();
    expect(await after(views.unauthorisedGroup(), ['4'], 12)).toMatch(
      /salaries +us +\? unauthorised +– +– +– +–/,
    );
    await terminal?.close();
    expect(await after(views.starting(), ['5'], 12)).toContain('asking 4 endpoints, 0 answered');
    await terminal?.close();
    expect(await after(views.prometheusDown(), ['5'], 16)).toMatch(
      /prometheus refused since 95s[^]*not known: none was given/,
    );
    await terminal?.close();
    expect(await after(views.connectDown(), ['5', '\r'], 24)).toMatch(
      /10\.0\.3\.11:8083 +worker of connect us/,
    );
  });
});
