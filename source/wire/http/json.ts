import type * as z from 'zod';
import type { Answer } from '../../core/observation.js';
import { failure, type Failure } from '../../core/failure.js';
import type { HttpReply } from './ask.js';

/** The body as JSON, or why it is none: a login page of a proxy, an empty body, a truncated one. */
export function parseJson(reply: HttpReply, subject: string): Answer<unknown> {
  const text = reply.text.trimStart();
  if (text === '')
    return { failed: failure('malformed', subject, `HTTP ${reply.status} with an empty body`) };
  if (text.startsWith('<'))
    return { failed: failure('malformed', subject, `HTTP ${reply.status} with ${title(text)}`) };
  try {
    return { ok: JSON.parse(text) as unknown };
  } catch {
    return { failed: failure('malformed', subject, `HTTP ${reply.status} with a body that is not JSON`) };
  }
}

/** A decoded body as the shape that it must have; extra fields are ignored. Names the first place that differs. */
export function shaped<T>(schema: z.ZodType<T>, body: unknown, subject: string): Answer<T> {
  const result = schema.safeParse(body);
  if (result.success) return { ok: result.data };
  const issue = result.error.issues[0];
  const where = issue ? issue.path.map(String).join('.') : '';
  return { failed: unexpected(subject, where) };
}

function unexpected(subject: string, where: string): Failure {
  return failure('malformed', subject, where ? `unexpected shape at ${where}` : 'unexpected shape');
}

function title(html: string): string {
  const found = /<title[^>]*>([^<]{1,80})/i.exec(html)?.[1]?.trim();
  return found ? `an HTML page, "${found}"` : 'an HTML page';
}
