import type { Ground } from './theme.js';

export type ThemeChoice = 'auto' | Ground;

/**
 * `auto` goes by COLORFGBG (`15;0`, `0;default;15`: the last is the background, 7 and 9…15 are light), which rxvt, Konsole, iTerm2
 * and others set; without it most terminals of those who are on call are dark. The terminal itself could be asked (OSC 11), but one
 * that answers late, over a slow line, would be taken to have pressed keys.
 */
export function groundOf(choice: ThemeChoice, env: Readonly<Record<string, string | undefined>>): Ground {
  if (choice !== 'auto') return choice;
  const background = /;(\d+)$/.exec(env['COLORFGBG'] ?? '')?.[1];
  if (background === undefined) return 'dark';
  const colour = Number(background);
  return colour === 7 || (colour > 8 && colour < 16) ? 'light' : 'dark';
}
