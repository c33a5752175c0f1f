/** What stands for a secret wherever a configuration or a message is shown or stored. */
export const mask = '••••••';

const assignment =
  /((?:password|passwd|secret|token|credentials?|api[._-]?key|basic\.auth\.user\.info)["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&"']+)/gi;
const userinfo = /\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi;
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9+/_.=-]{6,}/g;
const jaas = /(\b[\w.]*LoginModule\b\s+\w+)[^;]*;?/g;

/**
 * A message of the other side without what looks like a secret in it, and without each of `secrets`.
 * Used on every text before it becomes a Failure's detail, a trace or a step.
 */
export function redactText(text: string, secrets: Iterable<string> = []): string {
  let out = text;
  for (const secret of secrets) if (secret.length > 2) out = out.replaceAll(secret, mask);
  return out
    .replace(jaas, `$1 ${mask};`)
    .replace(assignment, `$1${mask}`)
    .replace(userinfo, `$1${mask}@`)
    .replace(bearer, `$1 ${mask}`);
}
