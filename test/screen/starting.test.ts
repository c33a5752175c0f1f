import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import type { View } from '../../source/session/view.js';
import { textOf } from '../support/screens.js';
import * as views from '../support/views.js';

/** A password that is not accepted, and nothing else to show: what somebody sees who types it wrong at 3 a.m. */
const refusal =
  'SASL SCRAM SHA256 authentication failed: Authentication failed during authentication due to invalid credentials';
const refused = (): View => ({
  ...views.starting(),
  endpoints: [
    {
      ...views.endpoints.us,
      status: {
        is: 'failing',
        failure: failure('unauthenticated', 'kafka us', refusal),
        since: views.now - 14_000,
        nextTry: views.now + 16_000,
      },
    },
  ],
});

describe('a wrong password', () => {
  it.each([
    [40, 10],
    [80, 24],
    [100, 15],
    [120, 40],
  ])('says what it is, since when, and what to look at, in %ix%i', (columns, rows) => {
    const screen = textOf(refused(), { columns, rows });
    const text = screen.join(' ').replace(/\s+/g, ' ');
    expect(screen[1]).toBe(' 0 of 1 endpoint answered');
    expect(text).toMatch(/✗ kafka us .*unauthenticated (since )?14s/);
    expect(text).toContain('the credentials were not accepted');
    expect(text).toContain('check user, password and mechanism in the client.properties of this context');
  });

  it('has the words of the broker where there is room for them', () => {
    expect(textOf(refused(), { columns: 120, rows: 40 }).join('\n')).toContain('SCRAM SHA256');
    expect(textOf(refused(), { columns: 40, rows: 10 }).join('\n')).not.toContain('SCRAM SHA256');
  });
});
