/**
 * Frames that Ink draws in a second, at most. A tick draws one in two seconds, so this counts for keys alone: one that comes right behind a
 * frame waits for the next, at 15 up to 67 ms.
 */
export const mostFramesASecond = 30;
