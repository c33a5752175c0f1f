/**
 * `bare.mjs FILE`: the least that an Ink app can do to draw the frames of the file: no model, no network, a `<Text>` a row and
 * the options that kmon gives Ink. It plays frames at the times at which kmon painted them, or one a key.
 */
import { readFileSync } from 'node:fs';
import { Box, render, Text, useInput } from 'ink';
import { useEffect, useState } from 'react';
import { mostFramesASecond } from '../../source/screen/frame-rate.js';

/** `at` in ms from the first. */
export type Script = {
  readonly by: 'time' | 'key';
  readonly frames: readonly { readonly at: number; readonly lines: readonly string[] }[];
};

const { by, frames } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Script;

function App() {
  const [index, setIndex] = useState(0);
  useEffect(() => {
    if (by === 'key') return;
    const next = (index + 1) % frames.length;
    const wait = next === 0 ? 1_000 : (frames[next]?.at ?? 0) - (frames[index]?.at ?? 0);
    const timer = setTimeout(() => setIndex(next), wait);
    return () => clearTimeout(timer);
  }, [index]);
  useInput(input => {
    if (input === 'q') process.exit();
    if (by === 'time') return;
    // Several keys may come in one read.
    const step = Array.from(input).reduce((sum, key) => sum + (key === 'k' ? -1 : 1), 0);
    setIndex(now => Math.max(0, Math.min(frames.length - 1, now + step)));
  });
  const lines = frames[index]?.lines ?? [];
  return (
    <Box flexDirection="column" height={lines.length}>
      {lines.map((line, y) => (
        <Box key={y} height={1} flexShrink={0}>
          <Text wrap="truncate">{line}</Text>
        </Box>
      ))}
    </Box>
  );
}

render(<App />, {
  alternateScreen: true,
  incrementalRendering: true,
  interactive: true,
  exitOnCtrlC: false,
  maxFps: mostFramesASecond,
});
