import { actions } from '../source/remedy/actions.js';
import { guides } from '../source/remedy/guides.js';
import { growingLag, watchFor } from '../source/remedy/playbook.js';

/** `docs/remedies.md`: every action as it describes itself. */
export function remediesDocument(): string {
  return [
    '# Remedies',
    'Made by `npm run docs` from the actions in `source/remedy/actions/`: change them, not this file.',
    introduction,
    `## Actions\n\n${actions.map(({ id, title }) => `* [${id}](#${id}): ${title}`).join('\n')}`,
    ...actions.map(({ id, title, about, asks }) =>
      [
        `### ${id}`,
        `${title}.`,
        [
          `* Changes: ${about.changes}`,
          ...(asks === undefined ? [] : [`* Asks for: ${asks.prompt}, for example \`${asks.example}\``]),
          `* Risk: ${about.risk}`,
          `* Undo: ${about.undo}`,
          `* By hand: ${about.byHand}`,
        ].join('\n'),
      ].join('\n\n'),
    ),
    guided,
    ...guides.map(({ id, title, about }) =>
      [`### ${id}`, `${title}.`, [`* Tells: ${about.tells}`, `* Watches: ${about.watches}`].join('\n')].join(
        '\n\n',
      ),
    ),
    playbook,
    growingLag
      .map(
        step => `* ${step.stage}: ${step.title}${step.action === undefined ? '' : ` (\`${step.action}\`)`}`,
      )
      .join('\n'),
  ].join('\n\n');
}

const guided = `## What kmon can not do itself

It is in the same menu, after what can be planned: exact lines for a file or a shell, and a list of checks that goes on watching when it is left
(\`x\` shows it again). What a finding advises for the configuration of a client is there too; its checks are what can be seen of it from outside (the
assignor, static members, ten minutes without a rebalance, a key of a connector), and that the finding is gone.`;

const playbook = `## The playbook for a growing lag

On a flow whose lag grows, \`x\` offers the runbook's steps as one path. Each step is planned, and passed over with the reason where it cannot be
done, where the diagnosis or the plan itself says that it would not cure. The first that may cure waits for \`Enter\`, and goes through the gate
like any other plan, with its typed word. Then its effect is watched for ${watchFor / 60_000} minutes, during which nothing else is offered: where lag grows no more it
ends, else the next step comes. It can be left and gone on with; the audit file has with each change which step it was and what was skipped.`;

const introduction = `\`x\` on a finding or on anything selected offers what fits it: first what the finding says cures it, then what else can be done, and at the
end what can not be done now, with the reason.

## The gate

Every change goes the same way.

1. **Plan.** What is there now is read; the diff, the expected effect with its arithmetic, the risk, what is repeated, the undo and the commands to
   do it by hand are shown. A plan that cannot cure what was found, or that nothing can take back, says so first.
2. **Confirm.** Of the lowest risk by typing \`yes\`, of any other by typing the name of what is changed. No single key changes anything.
3. **Compare.** Everything is read again, and once more right before the write. If it is not what the plan was made from, whoever changed it,
   nothing is applied and the new diff is shown: so two kmons do not fight.
4. **Apply, once.** Connect and Kafka are asked before whether they would accept it, where they can be asked. Where no answer comes the write is never sent again: what it
   did is found out by reading.
5. **Verify**, by reading back until it holds, and **watch** what was expected to move, before and after: for a
   minute, and until rates hold the time after the change alone. While it is only watched the undo, or the next change, need not wait.
6. **Undo**, as a plan through the same gate, until someone has changed the same thing again.

Refused, with what to do instead: everything in read-only mode, which is the default, and with \`--dry-run\`; another Kafka cluster than the context
names; what Strimzi or a file owns (the patch is printed); a MirrorMaker 2 that runs by itself (found as such; its lines are printed); settings of workers; secrets; a configuration whose secrets are masked; offsets
of a group that has members; what this user may not change, item by item.

Each step is a line in the audit file before it is told (JSON, mode 0600, no secrets). Where kmon was killed in the middle, the next start reads what
is there and says what is known.`;
