import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { needsEnough } from '../../source/model/trend.js';
import { unknown } from '../../source/core/known.js';
import { whatIsKnown } from '../../source/remedy/earlier.js';
import type { View } from '../../source/session/view.js';
import { textOf } from '../support/screens.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

let terminal: TrueTerminal | undefined;
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

async function show(view: Parameters<typeof openTerminal>[0], columns = 120, rows = 40): Promise<string> {
  terminal = await openTerminal(view, { columns, rows });
  return `\n${terminal.screen().join('\n')}\n`;
}

describe('what the person on call sees', () => {
  it('of a healthy site', async () => {
    expect(await show(views.healthy())).toMatchSnapshot();
  });

  it('of a target that limits a flow', async () => {
    expect(await show(views.incident())).toMatchSnapshot();
  });

  it('of a finding that only forms: it is there at once, dimmed, and nothing is said to be well', async () => {
    const forming = views.firing(views.targetLimited, 0, { phase: 'pending' });
    const screen = await show(views.incident({ findings: [forming] }));
    expect(screen).toMatch(/FORMING +mm2-source +target limits writes/);
    expect(screen).toContain('? nothing found wrong yet, 1 forming');
    expect(screen).not.toContain('✓ nothing');
    expect(screen).not.toContain('CRITICAL');
  });

  it('of a flow that cannot be judged yet: that it is not, and what is missing', async () => {
    const early = failure('early', 'growth of lag of mm2-source', needsEnough);
    const flow = views.healthyFlow({ lagSlope: unknown(early, views.startedAt) });
    const subject = { kind: 'flow', id: flow.id, name: flow.connector } as const;
    const unjudged = [{ rule: 'flow-limits', subject, why: early }];
    const screen = await show(views.view({ unjudged }, { flows: [flow] }));
    expect(screen).toContain(`? not judged yet: flow mm2-source (${needsEnough})`);
    expect(screen).not.toContain('✓ nothing found wrong');
  });

  it('in the first second', async () => {
    expect(await show(views.starting(), 120, 24)).toMatchSnapshot();
  });

  it('of the first line, whatever was typed ahead or stood on the screen before', async () => {
    terminal = await openTerminal(views.starting(), { columns: 80, rows: 24 });
    const calm = terminal.screen();
    await terminal.close();
    terminal = await openTerminal(
      views.starting(),
      { columns: 80, rows: 24 },
      { before: 'host$ kmon\n1[A6' },
    );
    expect(terminal.screen()).toEqual(calm);
  });

  it('when Connect does not answer', async () => {
    expect(await show(views.connectDown(), 120, 30)).toMatchSnapshot();
  });

  it('of a remedy that will not cure', async () => {
    const view = views.incident({ remedy: { phase: 'plan', plan: views.notCuring } });
    expect(await show(view, 80, 24)).toMatchSnapshot();
  });

  it('of a flow in detail', async () => {
    const screen = await show(views.walked());
    expect(screen).toContain('mm2-source');
    await terminal?.press('\r');
    expect(`\n${terminal?.screen().join('\n') ?? ''}\n`).toMatchSnapshot();
  });

  /** After keys, as many rows as there is something to see in. */
  async function after(
    view: Parameters<typeof openTerminal>[0],
    keys: readonly string[],
    rows = 24,
  ): Promise<string> {
    await show(view, 120, rows);
    await terminal?.press(...keys);
    return `\n${terminal?.screen().join('\n') ?? ''}\n`;
  }

  it('of a group whose lag lies in one partition', async () => {
    expect(await after(views.incident(), ['3', '\r'], 40)).toMatchSnapshot();
  });

  it('of a cluster that fell silent: how old what was seen of it is, in whole words', async () => {
    const screen = await show(views.kafkaDown());
    expect(screen).toMatch(/ us +3 seen 95s ago +120 +0 +0 /);
    expect(screen).toMatch(/ billing +Stable 95s ago /);
    expect(screen).toMatch(/ search-indexer +Rebalancing +4 /);
    expect(screen).toMatch(/✗ kafka us timeout since 90s, .*values 95s old/);
  });

  const changed = (over: Partial<View> = {}): View =>
    views.incident({ changes: [{ plan: views.plan, steps: views.steps, undoable: true }], ...over });
  const { target } = views.plan;
  const cutOff = (): View =>
    views.view({
      site: { context: 'eu-us', mode: 'read-only' },
      earlier: [
        whatIsKnown(
          {
            id: 'tasks-max-1',
            action: 'tasks-max',
            target,
            where: views.plan.where,
            changes: views.plan.changes,
            state: 'applying',
            at: views.now - 600_000,
            pid: 4711,
            who: 'ada@bastion',
            alive: false,
          },
          { failed: failure('unreachable', 'connector mm2-source') },
          views.now - 2_000,
        ),
      ],
    });
  const [flow, group, findings, changes] = [['2', '\r'], ['3', '\r'], ['6'], ['7']];

  /** The views in which an incident is read, in the states that the first ones do not show. */
  it.each<[what: string, view: () => View, keys: readonly string[], rows?: number]>([
    ['the overview, while a broker is down', views.brokerStopped, []],
    ['the overview of a cluster that fell silent', views.kafkaDown, []],
    ['the overview, while Prometheus does not answer', views.prometheusDown, []],
    ['the overview of a user who may see nothing of a cluster', views.blind, [], 30],
    ['the overview, with a group that this user may not see', views.unauthorisedGroup, [], 30],
    ['the overview of an empty cluster', views.emptySite, [], 14],
    ['a healthy flow', views.healthy, flow],
    ['a flow, while Connect does not answer', views.connectDown, flow],
    ['a flow, while Prometheus does not answer', views.prometheusDown, flow],
    ['flows of a site without Connect', views.emptySite, ['2'], 10],
    ['a healthy group', views.healthy, group],
    ['a group, while a broker is down', views.brokerStopped, group],
    ['a group of a cluster that fell silent', views.kafkaDown, ['3', 'j', '\r']],
    [
      'a group that this user may not see',
      views.unauthorisedGroup,
      ['3', '/', 'p', 'a', 'y', 'r', 'o', 'l', 'l', '\r', '\r'],
      16,
    ],
    ['groups of an empty cluster', views.emptySite, ['3'], 10],
    ['findings of a healthy site', views.healthy, findings, 12],
    ['findings of a target that limits a flow', views.incident, findings],
    ['findings of a broker that is down, with what follows from it', views.cascade, findings],
    ['findings, while a broker is down and no rule has found it yet', views.brokerStopped, findings, 12],
    ['findings of a cluster that fell silent', views.kafkaDown, findings, 12],
    ['findings of a user who may see nothing of a cluster', views.blind, findings, 12],
    ['findings of an empty cluster', views.emptySite, findings, 12],
    ['changes, none of which were made', views.healthy, changes, 12],
    ['changes, one of which was made', changed, changes],
    ['changes, one of which was cut off by the end of kmon', cutOff, changes, 12],
  ])('of %s', async (_what, view, keys, rows = 40) => {
    expect(await after(view(), keys, rows)).toMatchSnapshot();
  });

  /** What there is to see in a place, in each state that it can be in: one screen a state. */
  const topics = ['4'];
  const topic = ['4', 'j', 'j', '\r'];
  const machines = ['5'];
  const worker = ['5', '\r'];
  const downBroker = ['5', '\r'];
  it.each<[what: string, view: () => View, keys: readonly string[], rows: number]>([
    ['topics of a healthy site', views.healthy, topics, 12],
    ['topics, while a broker is down', views.brokerStopped, topics, 14],
    ['topics of a cluster that fell silent', views.kafkaDown, topics, 12],
    ['topics, one of which this user may not see', views.unauthorisedGroup, topics, 14],
    ['topics, none of which this user may see', views.blind, topics, 10],
    ['topics of a cluster without any', views.emptySite, topics, 10],
    ['a topic with a hot partition', views.incident, topic, 28],
    ['a topic without a leader for one partition', views.brokerStopped, ['4', '\r'], 28],
    ['a topic of a cluster that fell silent', views.kafkaDown, ['4', 'j', '\r'], 26],
    ['a topic that this user may not see', views.unauthorisedGroup, ['4', '\r'], 16],
    ['machines of a healthy site', views.healthy, machines, 14],
    ['machines, while a broker is down', views.brokerStopped, machines, 16],
    ['machines, while Connect does not answer', views.connectDown, machines, 16],
    ['machines, while Prometheus does not answer', views.prometheusDown, machines, 16],
    ['machines of a site without Connect and metrics', views.emptySite, machines, 12],
    ['a worker with its load', views.healthy, worker, 24],
    ['a worker of a flow that its target limits', views.incident, worker, 20],
    ['a worker, while Connect does not answer', views.connectDown, worker, 20],
    ['a worker, while Prometheus does not answer', views.prometheusDown, worker, 20],
    ['a broker that is down', views.brokerStopped, downBroker, 20],
  ])('of %s', async (_what, view, keys, rows) => {
    expect(await after(view(), keys, rows)).toMatchSnapshot();
  });

  it('of any view before anything has answered: what is asked, and never none at all', async () => {
    for (const keys of [['4'], ['5'], ['6']]) {
      const screen = await after(views.starting(), keys, 12);
      expect(screen).toContain('asking 4 endpoints, 0 answered');
      expect(screen).toMatch(/prometheus +http:\/\/prom:9090 +refused +since 1s, next try in 2s/);
      expect(screen).not.toMatch(/TOPICS|MACHINES|there are none/);
      await terminal?.close();
    }
  });

  it('of a topic and a group that are not there, because this user may see none: why', () => {
    for (const at of ['topic', 'group'] as const)
      expect(textOf(views.blind(), { columns: 120, rows: 12 }, { at }).join('\n')).toMatch(
        /no (topic|group) is known\n \? kafka us user kmon sees no topic [^]*grant the missing ACL/,
      );
  });

  it('of a list that is empty because its cluster does not answer: that nothing is known, not that there is none', () => {
    const view = { ...views.kafkaDown(), snapshot: { ...views.kafkaDown().snapshot, topics: [] } };
    expect(textOf(view, { columns: 120, rows: 12 }, { at: 'topics' }).join('\n')).toContain('none is known');
  });
});
