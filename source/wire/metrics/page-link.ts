import type { Clock } from '../../core/clock.js';
import { failure, type Failure } from '../../core/failure.js';
import type { Answer } from '../../core/observation.js';
import { httpClient, type HttpReply } from '../http/ask.js';
import type { ScrapeEndpoint } from './endpoint.js';
import { Exposition, type ExposedSeries } from './exposition.js';

/** A page of an exporter. */
export type PageLink = {
  readonly name: string;
  /** `host:port`, as Prometheus would label what it scrapes there. */
  readonly instance: string;
  readonly clock: Clock;
  /** The series with a wanted name, or why there are none. Never rejects. */
  readonly read: (
    wanted: (name: string) => boolean,
    signal?: AbortSignal,
  ) => Promise<Answer<readonly ExposedSeries[]>>;
  readonly close: () => void;
};

/** A worker with 10,000 partitions prints some 20 MB. */
const maxBytes = 128 * 1024 * 1024;

/** The plain format first: it is what every exporter speaks best. */
const accept = 'text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1';

export function openPage(
  endpoint: ScrapeEndpoint,
  { clock, maxPage = maxBytes }: { readonly clock: Clock; readonly maxPage?: number },
): PageLink {
  const http = httpClient({ clock, maxBytes: maxPage, access: endpoint, accept });
  const subject = `metrics page of ${endpoint.name}`;

  async function once(
    wanted: (name: string) => boolean,
    fresh: boolean,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly began: boolean; readonly answer: Answer<readonly ExposedSeries[]> }> {
    let page = new Exposition(wanted, subject, false);
    let began = false;
    const got = await http.stream(
      { method: 'GET', url: endpoint.url, subject, deadline: endpoint.requestTimeout, signal, fresh },
      head => {
        began = true;
        page = new Exposition(wanted, subject, /openmetrics/i.test(head.contentType));
        return refused(head, subject);
      },
      chunk => page.take(chunk),
    );
    return { began, answer: 'failed' in got ? got : page.end() };
  }

  return {
    name: endpoint.name,
    instance: instanceOf(endpoint.url),
    clock,
    async read(wanted, signal) {
      const { began, answer } = await once(wanted, false, signal);
      // A kept connection that the exporter closed while it was idle is found out only by asking on it.
      if (began || 'ok' in answer || answer.failed.kind !== 'malformed') return answer;
      return (await once(wanted, true, signal)).answer;
    },
    close: () => {
      http.close();
    },
  };
}

/** Why an answer is no page, as far as its head tells. An exporter that names no type is believed. */
function refused({ status, contentType }: HttpReply, subject: string): Failure | undefined {
  if (status === 401) return failure('unauthenticated', subject, 'HTTP 401');
  if (status === 403) return failure('unauthorised', subject, 'HTTP 403');
  if (status === 404) return failure('absent', subject, 'HTTP 404: the page is /metrics on most exporters');
  if (status === 408 || status === 504) return failure('timeout', subject, `HTTP ${status}`);
  if (status === 429 || status === 503) return failure('busy', subject, `HTTP ${status}`);
  if (status < 200 || status >= 300) return failure('malformed', subject, `HTTP ${status}`);
  if (/html/i.test(contentType)) return failure('malformed', subject, 'an HTML page');
  if (contentType !== '' && !/^(text\/plain|application\/openmetrics-text)\b/i.test(contentType.trim()))
    return failure('malformed', subject, `its type is ${contentType.slice(0, 60)}`);
  return undefined;
}

function instanceOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
