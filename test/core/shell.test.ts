import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inQuotes, quoted } from '../../source/core/shell.js';
import { byHandConfig, byHandState } from '../../source/diagnose/rules/by-hand.js';
import { describeGroup } from '../../source/diagnose/rules/kafka-command.js';
import { curlGet, curlMerge, curlSend } from '../../source/remedy/by-hand.js';
import { lifecycleElsewhere } from '../../source/remedy/elsewhere.js';
import { group, healthyFlow, view } from '../support/views.js';

/** The words of a command as a real shell takes them apart; every program in it is replaced by one that prints its words. */
function words(command: string): readonly string[] {
  const programs = ['curl', 'jq', 'kubectl', 'kafka-consumer-groups.sh'];
  const spies = programs.map(
    name => `mkdir -p bin; printf '#!/bin/sh\\nprintf "%%s\\\\0" "$@" >&2\\n' >bin/${name}`,
  );
  const script = `cd "$(mktemp -d)" && ${spies.join('; ')}; chmod +x bin/*; PATH=$PWD/bin:$PATH; { ${command}\n} 2>&1 >/dev/null`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('a word in quotes', () => {
  it('is one word of the shell, whatever is in it', () => {
    const any = fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !text.includes('\0'));
    const all = fc.sample(fc.oneof(any, fc.stringMatching(/^[ '"$`\\;=~*-]{1,8}$/)), {
      numRuns: 300,
      seed: 5,
    });
    expect(words(`curl ${all.map(quoted).join(' ')}`)).toEqual(all);
    expect(words(`curl ${all.map(inQuotes).join(' ')}`)).toEqual(all);
  });

  it('stays as it is where it is safe', () => {
    expect(quoted('mm2-source_1.B/a:b=c')).toBe('mm2-source_1.B/a:b=c');
    expect(quoted('=mm2')).toBe("'=mm2'");
  });
});

describe('a command to do by hand', () => {
  const name = "it's $(id) & more";
  const url = 'http://worker-1:8083';
  const path = `${url}/connectors/it's%20%24(id)%20%26%20more`;

  it('names a connector with quotes in its name as it is', () => {
    expect(words(curlGet(url, name, '/status'))).toEqual(['-sS', `${path}/status`]);
    expect(words(curlSend('PUT', url, name, '/pause'))).toEqual(['-sS', '-X', 'PUT', `${path}/pause`]);
    expect(words(curlMerge(url, name, '4.3.1', { 'a.b': "o'k" }))).toContain('{"a.b":"o\'k"}');
    const flow = healthyFlow({ connector: name });
    expect(words(lifecycleElsewhere('strimzi', flow, { state: 'paused' })[0] ?? '')).toContain(name);
    for (const command of byHandState(flow)) expect(words(command).at(-1)).toContain("it's%20%24(id)");
    expect(words(byHandConfig(flow, 'a.b', `"o'k"`)[0] ?? '')).toContain('."a.b" = "\\"o\'k\\""');
  });

  it('names a group with quotes in its name as it is', () => {
    const { snapshot } = view();
    expect(words(describeGroup(group(name, 1), snapshot))).toContain(name);
  });
});
