import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../source/core/clock.js';
import {
  SimulatedServer,
  type SimulatedRequest,
  type SimulatedResponse,
} from '../../../source/simulator/http/server.js';
import { httpClient, type HttpClient } from '../../../source/wire/http/ask.js';
import type { HttpAccess } from '../../../source/wire/http/endpoint.js';
import { nextHop } from '../../../source/wire/http/redirect.js';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function serve(answer: (r: SimulatedRequest) => SimulatedResponse) {
  const requests: SimulatedRequest[] = [];
  const server = await SimulatedServer.start(request => {
    requests.push(request);
    return answer(request);
  });
  ends.push(() => server.stop());
  return { requests, url: server.url };
}

function client(access: HttpAccess = {}): HttpClient {
  const made = httpClient({ clock: systemClock, maxBytes: 1_000_000, access });
  ends.push(() => made.close());
  return made;
}

const get = (url: string) => ({ method: 'GET', url, subject: 'it', deadline: 5_000, follow: true }) as const;
const basicAuth = { username: 'kmon', password: 'hunter2' };

describe('a proxy of the environment', () => {
  const before = process.env['http_proxy'];
  afterEach(() => {
    if (before === undefined) delete process.env['http_proxy'];
    else process.env['http_proxy'] = before;
  });

  it('is passed by, unless the endpoint asks for it', async () => {
    const direct = await serve(() => ({ status: 200, body: 'direct' }));
    const proxy = await serve(() => ({ status: 200, body: 'proxied' }));
    process.env['http_proxy'] = proxy.url;
    expect(await client().ask(get(`${direct.url}/x`))).toMatchObject({ reply: { text: '"direct"' } });
    expect(proxy.requests).toHaveLength(0);
    expect(await client({ proxy: 'env' }).ask(get(`${direct.url}/x`))).toMatchObject({
      reply: { text: '"proxied"' },
    });
  });
});

describe('a redirect', () => {
  it('to another port of the same host is followed, with the credentials', async () => {
    const there = await serve(() => ({ status: 200, body: 'there' }));
    const here = await serve(() => ({ status: 307, headers: { Location: `${there.url}/connectors` } }));
    expect(await client({ basicAuth }).ask(get(here.url))).toMatchObject({ reply: { text: '"there"' } });
    expect(there.requests[0]).toMatchObject({ path: '/connectors' });
    expect(there.requests[0]?.authorization).toMatch(/^Basic /);
  });

  it('to another host is not followed, and named', async () => {
    const here = await serve(() => ({
      status: 302,
      headers: { Location: 'https://login.example/?token=hunter2' },
    }));
    const got = await client({ basicAuth }).ask(get(here.url));
    expect(got).toMatchObject({
      failed: { kind: 'malformed', detail: 'redirects to https://login.example, which is another host' },
    });
  });

  it('of a write, or in a circle, is not followed', async () => {
    const here = await serve(() => ({ status: 302, headers: { Location: '/' } }));
    expect(await client().ask({ ...get(here.url), follow: false })).toMatchObject({ reply: { status: 302 } });
    expect(await client().ask(get(here.url))).toMatchObject({
      failed: { detail: expect.stringMatching(/^redirected 3 times/) },
    });
  });

  const hop = (from: string, to: unknown, trusted = true) =>
    nextHop({ subject: 'it', url: from }, from, to, trusted, 0);

  it.each([
    ['https://w1.connect.us/', 'https://w1.connect.us:8443/x', true],
    ['http://w1.connect.us/', 'https://w1.connect.us/x', true],
    ['https://w1.connect.us/', 'http://w1.connect.us/x', false],
    ['https://w1.connect.us/', 'https://w2.connect.us/x', false],
  ])('from %s to %s takes the credentials along: %s', (from, to, trusted) => {
    expect(hop(from, to)).toEqual({ url: to, trusted });
  });

  it('leaves credentials behind for good', () => {
    expect(hop('https://w1.connect.us/', 'https://w1.connect.us/x', false).trusted).toBe(false);
  });

  it.each([
    ['http://a.com/', 'http://b.com/'],
    ['http://10.0.0.1/', 'http://10.0.0.2/'],
    ['http://w1.connect.us/', 'ftp://w1.connect.us/'],
    ['http://w1.connect.us/', undefined],
    ['http://w1.connect.us/', 'http://'],
  ])('from %s to %s is none', (from, to) => {
    expect(() => hop(from, to)).toThrow();
  });
});
