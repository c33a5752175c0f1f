import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { runScreen } from '../../source/screen/run.js';
import type { View } from '../../source/session/view.js';
import { whyNoTerminal, withTerminal, type Terminal } from '../../source/terminal/terminal.js';
import { FakeSession, openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

const size = { columns: 80, rows: 24 };

let terminal: TrueTerminal | undefined;
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

/** The terminal as it was found: primary screen, cursor, autowrap, no bracketed paste, no raw mode. */
function expectGivenBack({ term, output, input }: TrueTerminal): void {
  const written = output.written.join('');
  const last = (on: string, off: string): string =>
    written.lastIndexOf(on) > written.lastIndexOf(off) ? on : off;
  expect(term.buffer.active.type).toBe('normal');
  expect(last('\u001b[?7h', '\u001b[?7l')).toBe('\u001b[?7h');
  expect(last('\u001b[?25h', '\u001b[?25l')).toBe('\u001b[?25h');
  expect(last('\u001b[?2004h', '\u001b[?2004l')).toBe('\u001b[?2004l');
  expect(input.raw).toBe(false);
}

describe('while kmon runs', () => {
  it('has the alternate screen, no autowrap, no cursor', async () => {
    terminal = await openTerminal(views.healthy(), size);
    const written = terminal.output.written.join('');
    expect(terminal.term.buffer.active.type).toBe('alternate');
    expect(written).toContain('\u001b[?7l');
    expect(written).toContain('\u001b[?25l');
    expect(terminal.input.raw).toBe(true);
  });
});

describe('the terminal is given back', { timeout: 60_000 }, () => {
  it.each([
    ['q', (t: TrueTerminal) => t.press('q'), 0],
    ['Ctrl-C', (t: TrueTerminal) => t.press('\u0003'), 130],
    ['SIGINT', (t: TrueTerminal) => t.events.emit('SIGINT'), 130],
    ['SIGTERM', (t: TrueTerminal) => t.events.emit('SIGTERM'), 143],
    ['SIGHUP', (t: TrueTerminal) => t.events.emit('SIGHUP'), 129],
  ] as const)('after %s, with its exit code', async (_, end, code) => {
    terminal = await openTerminal(views.healthy(), size);
    await end(terminal);
    expect(await terminal.ended).toBe(code);
    await terminal.settle();
    expectGivenBack(terminal);
    expect(terminal.errors).toEqual([]);
  });

  it.each([
    ['an uncaught exception', 'uncaughtException'],
    ['an unhandled rejection', 'unhandledRejection'],
  ])('after %s, with one plain message and the path of the log', async (_, event) => {
    terminal = await openTerminal(views.healthy(), size, { log: '/var/log/kmon.log' });
    terminal.events.emit(event, new Error('the sky fell'));
    expect(await terminal.ended).toBe(1);
    await terminal.settle();
    expectGivenBack(terminal);
    expect(terminal.errors.join('')).toBe(
      'kmon stopped because of an error of its own: the sky fell\nmore is in /var/log/kmon.log\n',
    );
  });

  it('after an error while drawing', async () => {
    terminal = await openTerminal(views.healthy(), size);
    const broken = { ...views.healthy(), snapshot: undefined } as unknown as View;
    await terminal.publish(broken);
    expect(await terminal.ended).toBe(1);
    await terminal.settle();
    expectGivenBack(terminal);
    expect(terminal.errors.join('')).toMatch(/^kmon stopped because of an error of its own: .+\n$/);
  });

  it('after an error before the first frame', async () => {
    const broken = { ...views.healthy(), snapshot: undefined } as unknown as View;
    terminal = await openTerminal(broken, size);
    expect(await terminal.ended).toBe(1);
    await terminal.settle();
    expectGivenBack(terminal);
  });

  it('at the exit of the process, where nothing else did', async () => {
    terminal = await openTerminal(views.healthy(), size);
    terminal.events.emit('exit');
    await terminal.settle();
    expectGivenBack(terminal);
    await terminal.press('q');
  });

  it('and no listener stays on the process', async () => {
    terminal = await openTerminal(views.healthy(), size);
    expect(terminal.events.eventNames()).not.toEqual([]);
    await terminal.press('q');
    await terminal.ended;
    expect(terminal.events.eventNames()).toEqual([]);
  });
});

describe('without a terminal', () => {
  it('says so on standard error, with what to do, and exits with 2', async () => {
    const errors: string[] = [];
    const nowhere = {
      input: Object.assign(new PassThrough(), { isTTY: true }),
      output: new PassThrough(),
      errors: { write: (text: string) => errors.push(text) },
      env: {},
      events: new EventEmitter(),
    } as unknown as Terminal;
    expect(await runScreen(new FakeSession(views.healthy()), nowhere)).toBe(2);
    expect(errors).toEqual([`kmon: ${whyNoTerminal(nowhere) ?? ''}\n${withTerminal}\n`]);
    expect(errors[0]).toContain('a terminal is needed, and standard output is none');
  });
});
