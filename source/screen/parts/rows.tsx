import { Box, Text } from 'ink';
import { memo } from 'react';

/**
 * The only place that makes `<Text>`. One a row, with a string that is already coloured, clipped and padded: a
 * `<Text>` a cell costs three times the CPU, and `overflow="hidden"` doubles the cost of a frame (`docs/decisions`).
 */
export function Rows({ lines, columns }: { readonly lines: readonly string[]; readonly columns: number }) {
  return (
    <Box flexDirection="column" width={columns} height={lines.length}>
      {lines.map((line, i) => (
        // Ink has a blank screen to draw on, and takes a blank at the end of a row apart like any other character.
        <Line key={i} text={line.trimEnd()} />
      ))}
    </Box>
  );
}

const Line = memo(function Line({ text }: { readonly text: string }) {
  return (
    <Box height={1} flexShrink={0}>
      <Text wrap="truncate">{text}</Text>
    </Box>
  );
});
