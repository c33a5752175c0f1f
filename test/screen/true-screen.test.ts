import { afterEach, beforeAll, describe, expect, it } from 'vitest';
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
    const screen = await show(views.incident());
    expect(screen).toContain('mm2-source');
    await terminal?.press('\r');
    expect(`\n${terminal?.screen().join('\n') ?? ''}\n`).toMatchSnapshot();
  });
});
