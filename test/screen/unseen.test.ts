import { describe, expect, it } from 'vitest';
import { explain, failure } from '../../source/core/failure.js';
import { unknown } from '../../source/core/known.js';
import { changed } from '../support/changed.js';
import { textOf } from '../support/screens.js';
import * as views from '../support/views.js';

/** What may not be seen is nobody's absence. */

const [, , orders] = views.topics();
const unread = orders && changed(orders, { readers: { groups: [], flows: [] } });
const topics = unread ? [unread] : [];
const topicsOf = ({ snapshot }: ReturnType<typeof views.healthy>): string =>
  textOf(views.view({}, { ...snapshot, topics }), { columns: 120, rows: 30 }, { at: 'topics' }).join('\n');

describe('a topic that no group is seen to read', () => {
  it('is read by nobody where the offsets of all groups are known', () => {
    expect(topicsOf(views.healthy())).toMatch(/orders .* nobody$/m);
  });

  it('has unknown readers where a group of its cluster hides what it reads', () => {
    expect(topicsOf(views.unauthorisedGroup())).toMatch(/orders .* –$/m);
    expect(topicsOf(views.unauthorisedGroup())).not.toContain('nobody');
  });
});

describe('a group whose offsets may not be read', () => {
  it.each([80, 120])("says so in %i columns with Kafka's own word first", columns => {
    const screen = textOf(views.unauthorisedGroup(), { columns, rows: 30 }, { at: 'groups' }).join('\n');
    expect(screen).toMatch(
      columns === 80 ? /unauthorised: GROUP_A/ : /: GROUP_AUTHORIZATION_FAILED: this user/,
    );
  });

  it('says so of a share group too, which has a lag of its own kind', () => {
    const view = views.incident();
    const why = failure('unauthorised', 'lag of audit', 'TOPIC_AUTHORIZATION_FAILED');
    const lag = unknown<number>(why, view.at);
    const groups = view.snapshot.groups.map(g => (g.type === 'share' ? changed(g, { lag }) : g));
    const screen = (at: 'groups' | 'group'): string =>
      textOf({ ...view, snapshot: { ...view.snapshot, groups } }, undefined, {
        at,
        group: groups.find(g => g.type === 'share')?.id ?? '',
      }).join('\n');
    expect(screen('groups')).toMatch(/audit \(share\) .* unauthorised: TOPIC_AUTHORIZATION_FAILED/);
    expect(screen('group')).toContain(explain(why).nextStep.slice(0, 60));
  });
});
