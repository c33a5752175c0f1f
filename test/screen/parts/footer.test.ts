import { describe, expect, it } from 'vitest';
import { views as places } from '../../../source/screen/binding.js';
import { bindingsAt, keymap } from '../../../source/screen/keymap.js';
import { footer } from '../../../source/screen/parts/footer.js';
import { rebind, type KeySettings } from '../../../source/screen/rebind.js';
import { plainText } from '../../../source/screen/row.js';
import { initialUi, type Ui, type ViewName } from '../../../source/screen/ui.js';
import type { View } from '../../../source/session/view.js';
import * as views from '../../support/views.js';

const sites = {
  incident: views.incident(),
  healthy: views.healthy(),
  'stopped broker': views.brokerStopped(),
};
const widths = [40, 80, 120, 200];

function hints(view: View, at: ViewName, columns: number, ui: Partial<Ui> = {}): string {
  return plainText(footer({ view, ui: { ...initialUi, at, ...ui }, size: { columns, rows: 40 } }));
}

function bound(settings: KeySettings): Partial<Ui> {
  const table = rebind(keymap, settings);
  if ('problem' in table) throw new Error(table.problem);
  return { keymap: table };
}

describe.each(Object.entries(sites))('the footer of %s', (_, view) => {
  it.each(places)('keeps fix, help, quit and filter at 120 columns, and the ways out, in %s', at => {
    const context = { view, ui: { ...initialUi, at }, size: { columns: 120, rows: 40 } };
    const wanted = bindingsAt(at, context).filter(
      ({ id, disabled }) =>
        /^(act\.remedy|help|quit|leave\.back|act\.evidence)$|\.(filter|open|sort)$/.test(id) &&
        disabled?.(context) === undefined,
    );
    expect(wanted.length).toBeGreaterThan(2);
    for (const { shown, label } of wanted)
      expect(hints(view, at, 120)).toContain(`  ${shown} ${label}`.trim());
  });

  it.each(widths)('loses at %i columns only what comes after all that it shows', columns => {
    for (const at of places) {
      const all = hints(view, at, 1_000).trim().split(/ {2,}/);
      const shown = hints(view, at, columns).trim().split(/ {2,}/);
      const one = /^[\d-]+ views$/;
      const whole = shown.flatMap(hint => (one.test(hint) ? all.filter(a => /^[1-7] /.test(a)) : [hint]));
      expect(all.slice(0, whole.length)).toEqual(whole);
    }
  });
});

describe('the footer', () => {
  it('names the other views where there is room, and is brief about them before anything that works is lost', () => {
    expect(hints(views.incident(), 'overview', 200)).toMatch(/1 overview {2}2 flows .* 7 changes/);
    expect(hints(views.incident(), 'overview', 120)).toMatch(/1-7 views {2}f freeze {2}m mark {2}y copy/);
    expect(hints(views.incident(), 'overview', 80)).toContain('1-7 views');
  });

  it('is brief about those views alone that there are, and by the keys that the user set', () => {
    const flows = views.view({}, { flows: [] });
    expect(hints(flows, 'overview', 80)).toContain('1 3-7 views');
    expect(hints(views.incident(), 'overview', 80, bound({ 'go.groups': ['F'] }))).toContain(
      '1-2 F 4-7 views',
    );
    expect(hints(views.incident(), 'overview', 80, bound({ 'go.groups': [] }))).toContain('1-2 4-7 views');
  });

  it('leads through time first while the past is held, and names no key that means something else then', () => {
    const held = { ...views.incident(), held: { at: views.now - 60_000, earlier: views.now - 90_000 } };
    const past = hints(held, 'topics', 80);
    expect(past).toMatch(/f go on {2}\[ earlier/);
    expect(past).not.toContain('Esc back');
    expect(hints(held, 'findings', 200)).not.toContain('→ list all');
  });
});
