/** Line drawing, blocks and the marks of `glyphs.ts`: one cell wide wherever kmon's Unicode glyphs are used at all. */
const own = '\\u2500-\\u259f▲▼●○◐›‹·…–—“”‘’«»→←↑↓≤≥≈×÷−±✓✗µº§°';

/** For a class of a regular expression: what takes one cell and stands for itself, whatever is beside it. */
export const oneCell = ` -~${own}`;
