import { failure, type Failure } from '../../../core/failure.js';
import { redactText } from '../../http/redact-text.js';
import type { WriteResult } from '../link.js';
import { RawConfig } from '../raw-config.js';

/** The result of a write with its configuration sealed, and without the secrets of `known` in a Failure's words. */
export function sealed(
  result: WriteResult<{ readonly config: Readonly<Record<string, string | null>> }>,
  known: RawConfig,
): WriteResult<RawConfig> {
  if ('done' in result) return { done: new RawConfig(result.done.config), url: result.url };
  const clean = (f: Failure): Failure =>
    failure(f.kind, f.subject, redactText(f.detail, RawConfig.secretsOf(known)));
  return 'undone' in result ? { undone: clean(result.undone) } : { uncertain: clean(result.uncertain) };
}
