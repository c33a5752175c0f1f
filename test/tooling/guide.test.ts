import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { blocksOf, withCaptures } from '../../scripts/guide/blocks.js';
import { story } from '../../scripts/guide/story.js';
import { misuseOf } from '../../source/commands/main.js';
import { keymap } from '../../source/screen/keymap.js';

const guide = await readFile('docs/guide.md', 'utf8');
/** What is written by hand. */
const prose = withCaptures(guide, new Map(blocksOf(guide).map(({ name }) => [name, []])));

/** Captures differ from run to run; what the guide says about them does not. */
describe('docs/guide.md', () => {
  test('has a place for each capture of its story, in the same order', () => {
    expect(blocksOf(guide).map(({ name }) => name)).toEqual(story.map(({ name }) => name));
  });

  test('has them taken: npm run captures', () => {
    for (const { name, content } of blocksOf(guide)) expect(content, name).toMatch(/^```text\n[^]+\n```$/);
  });

  test('names commands that there are', () => {
    const lines = [...prose.matchAll(/(?:```\n|`|&& |^)kmon( (?!begins)[^`\n|&;>]*)?/gm)].map(
      ([, rest = '']) => rest.trim(),
    );
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines)
      expect(misuseOf(line.split(' ').filter(Boolean))?.misuse, `kmon ${line}`).toBeUndefined();
  });

  test('names keys that there are', () => {
    const keys = new Set(keymap.flatMap(binding => [...binding.keys, binding.shown]));
    const named = [
      ...prose.matchAll(
        /`(\S|Esc|Enter)` (?:marks|does|compares|opens|shows|lists|filters|sorts|pins|plans|closes|holds|copies|saves)/g,
      ),
    ];
    expect(named.length).toBeGreaterThan(10);
    for (const [, key = ''] of named) expect(keys, key).toContain(key);
  });
});

test('a capture takes the place of the one before, and nothing else', () => {
  const text = 'a\n<!-- capture: x -->\nold\n<!-- end -->\nb\n<!-- capture: y -->\n<!-- end -->\n';
  const first = withCaptures(text, new Map([['x', ['1', '2']]]));
  expect(first).toBe(
    'a\n<!-- capture: x -->\n\n```text\n1\n2\n```\n\n<!-- end -->\nb\n<!-- capture: y -->\n<!-- end -->\n',
  );
  expect(withCaptures(first, new Map([['x', ['3']]]))).toBe(first.replace('1\n2', '3'));
});
