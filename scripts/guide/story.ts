import { checkText } from '../../source/commands/check.js';
import { verdictOf } from '../../source/commands/verdict.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { comparedWith } from '../../source/session/mark.js';
import type { View } from '../../source/session/view.js';
import { targetQuota } from '../../source/simulator/scenarios/target-quota.js';
import type { SimulatedSite } from '../../source/simulator/site/site.js';
import type { Reader } from './reader.js';

/** One capture of the guide: what is done since the one before, and the lines that are then seen. */
export type Capture = {
  readonly name: string;
  readonly take: (reader: Reader, site: SimulatedSite) => Promise<readonly string[]>;
};

const fires = (view: View): boolean =>
  view.findings.some(one => one.phase === 'firing' && one.severity === 'critical');

/** A night on call on the simulated site: a deployment, a quota that throttles, its remedy, its undo. In the order of the guide. */
export const story: readonly Capture[] = [
  {
    name: 'first-look',
    take: async reader => {
      await reader.wait(180_000);
      return reader.screen();
    },
  },
  {
    name: 'mark',
    take: async reader => {
      await reader.press('M');
      await reader.type('v42');
      const screen = reader.screen();
      await reader.press('enter');
      return screen;
    },
  },
  {
    name: 'finding',
    take: async (reader, site) => {
      await reader.wait(60_000);
      await targetQuota.events[0]?.make(site);
      await reader.until('a critical finding', fires);
      await reader.wait(90_000);
      return reader.screen();
    },
  },
  {
    name: 'flow',
    take: async reader => {
      await reader.press('enter');
      return reader.screen();
    },
  },
  {
    name: 'evidence',
    take: async reader => {
      await reader.press('e');
      return reader.screen();
    },
  },
  {
    name: 'group',
    take: async reader => {
      await reader.press('3', 'enter');
      return reader.screen();
    },
  },
  {
    name: 'topics',
    take: async reader => {
      await reader.press('4');
      return reader.screen();
    },
  },
  {
    name: 'machines',
    take: async reader => {
      await reader.press('5');
      return reader.screen();
    },
  },
  {
    name: 'gate',
    take: reader => {
      const mark = comparedWith(reader.view);
      if (mark === undefined) throw new Error('the mark of the story is not compared with');
      const comparison = { mark, from: 'mark' as const, limits: defaultLimits };
      const text = checkText(verdictOf(reader.view, '', comparison));
      return Promise.resolve([
        '$ kmon check --since-mark=v42; echo $?',
        ...text.split('\n').slice(0, 3),
        '2',
      ]);
    },
  },
  {
    name: 'remedies',
    take: async reader => {
      await reader.press('1', 'home', 'x');
      await reader.until('remedies', ({ remedy }) => remedy.phase === 'offers');
      return reader.screen();
    },
  },
  {
    name: 'plan',
    take: async reader => {
      await reader.press('enter');
      await reader.until('a plan', ({ remedy }) => remedy.phase === 'plan');
      const screen = reader.screen();
      await reader.press('escape');
      return screen;
    },
  },
  {
    name: 'better-plan',
    take: async reader => {
      await reader.press('x');
      const { remedy } = reader.view;
      const offers = remedy.phase === 'offers' ? remedy.offers : [];
      const at = offers.findIndex(({ title }) => title.startsWith('Set the produce quota'));
      await reader.press(...new Array<string>(at).fill('down'), 'enter');
      await reader.type('800000');
      await reader.press('enter');
      await reader.until('a plan', view => view.remedy.phase === 'plan');
      await reader.type('mm2-user');
      return reader.screen();
    },
  },
  {
    name: 'effect',
    take: async reader => {
      await reader.press('enter');
      await reader.until('the effect', ({ remedy }) => remedy.phase === 'ended');
      return reader.screen();
    },
  },
  {
    name: 'drains',
    take: async reader => {
      await reader.press('escape');
      await reader.wait(100_000);
      return reader.screen();
    },
  },
  {
    name: 'changes',
    take: async reader => {
      await reader.press('7');
      return reader.screen();
    },
  },
  {
    name: 'undo',
    take: async reader => {
      await reader.press('u');
      await reader.until('the plan of the undo', ({ remedy }) => remedy.phase === 'plan');
      const screen = reader.screen();
      await reader.press('escape');
      return screen;
    },
  },
  {
    name: 'share',
    take: async reader => {
      await reader.press('2', 'y');
      return reader.copied.split('\n');
    },
  },
];
