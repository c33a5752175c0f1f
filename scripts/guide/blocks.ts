/** Where a capture stands in the guide: `<!-- capture: NAME -->`, its lines as a block, `<!-- end -->`. */
const block = /<!-- capture: ([a-z-]+) -->\n([\s\S]*?)<!-- end -->/g;

/** Names of the captures that the text has places for, in its order, and what stands there. */
export function blocksOf(text: string): readonly { readonly name: string; readonly content: string }[] {
  return [...text.matchAll(block)].map(([, name = '', content = '']) => ({ name, content: content.trim() }));
}

/** The text with these captures in their places; a place of which there is none stays as it is. */
export function withCaptures(text: string, captures: ReadonlyMap<string, readonly string[]>): string {
  return text.replace(block, (whole: string, name: string) => {
    const lines = captures.get(name);
    if (lines === undefined) return whole;
    return `<!-- capture: ${name} -->\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n\n<!-- end -->`;
  });
}
