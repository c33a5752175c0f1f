import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setConnector } from '../../lab/connectors.js';

/** Connect's REST API as far as the lab configures connectors by it; what was put, in order. */
let server: Server;
let site: Parameters<typeof setConnector>[0];
const configs = new Map<string, Record<string, string>>();
const put: string[] = [];

beforeEach(async () => {
  configs.clear();
  put.length = 0;
  server = createServer((request, response) => {
    const [, , connector = ''] = (request.url ?? '').split('/');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'PUT') {
        put.push(connector);
        const config = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
        configs.set(connector, { ...config, name: connector });
      }
      response.end(JSON.stringify(connector === '' ? [...configs.keys()] : configs.get(connector)));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  site = {
    workerUrls: [`http://127.0.0.1:${port}`],
    passwords: { 'mm2-user': 'a', kmon: 'b', nobody: 'c' },
    bootstrap: { eu: [], us: [], euSasl: ['127.0.0.1:1'], usSasl: ['127.0.0.1:2'], usTls: [] },
  };
});

afterEach(() => server.close());

it('a connector gets a configuration that is another, and none that it has already: that may cost it its tasks', async () => {
  await setConnector(site, 'mm2-heartbeat', {});
  expect(put).toEqual(['mm2-heartbeat']);
  await setConnector(site, 'mm2-heartbeat', {});
  expect(put).toEqual(['mm2-heartbeat']);
  await setConnector(site, 'mm2-heartbeat', { 'emit.heartbeats.interval.seconds': 2 });
  expect(put).toEqual(['mm2-heartbeat', 'mm2-heartbeat']);
});
