import { describe, expect, it } from 'vitest';
import { frame } from '../../source/screen/frame.js';
import { pictureName, pictureOf } from '../../source/screen/picture.js';
import { row, segment } from '../../source/screen/row.js';
import { initialUi } from '../../source/screen/ui.js';
import * as views from '../support/views.js';

const size = { columns: 100, rows: 30 };
const rows = frame({ view: views.incident(), ui: initialUi, size });

describe('a picture of the screen', () => {
  it('as text is what is drawn, without codes and without spaces at the end', () => {
    const { txt } = pictureOf(rows, size.columns, { ascii: false, ground: 'dark' });
    expect(txt.split('\n')).toHaveLength(size.rows + 1);
    expect(txt).toContain('▲ CRITICAL  mm2-source');
    expect(txt).not.toMatch(/\u001b|[ ]\n/);
  });

  it('as ANSI is the same with colours, also where the terminal has none', () => {
    const { txt, ansi } = pictureOf(rows, size.columns, { ascii: false, ground: 'dark' });
    const bare = ansi.replace(/\u001b\[[\d;]*m/g, '');
    expect(bare.split('\n').map(line => line.trimEnd())).toEqual(txt.split('\n'));
    expect(ansi).toContain('\u001b[38;5;209m');
  });

  it('is in ASCII where the screen is', () => {
    expect(pictureOf(rows, size.columns, { ascii: true, ground: 'dark' }).txt).toMatch(/^[\n -~]*$/);
  });

  it('as SVG holds every run at its cell, and nothing that XML would take for its own', () => {
    const { svg } = pictureOf(
      [row(segment('ab', 'critical'), segment(' <&>\u0000 ', 'text'), segment('cd', 'alert'))],
      20,
      { ascii: false, ground: 'dark' },
    );
    expect(svg).toContain('>ab</text>');
    expect(svg).toContain('&lt;&amp;&gt;?');
    expect(svg).toMatch(/<text x="8" y="21" textLength="16\.8" [^>]*fill="#ff875f" font-weight="bold">ab</);
    expect(svg).toMatch(
      /<rect x="75\.2" [^>]*width="16\.8" [^>]*fill="#d4d7dd"\/>\n<text x="75\.2" [^>]*fill="#16181d"/,
    );
    expect(svg).toMatch(/^<svg [^>]* viewBox="0 0 184 33">/);
  });

  it('has a name of the context and the time, which is safe in every folder', () => {
    const at = new Date(2026, 10, 22, 14, 32, 8).getTime();
    expect(pictureName('eu-us', at)).toBe('kmon-eu-us-20261122-143208');
    expect(pictureName('../../etc/passwd: x', at)).toBe('kmon-etc-passwd-x-20261122-143208');
    expect(pictureName('…', at)).toBe('kmon-20261122-143208');
  });
});
