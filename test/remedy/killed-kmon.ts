import { systemClock } from '../../source/core/clock.js';
import { openAudit } from '../../source/remedy/audit.js';
import { createGate } from '../../source/remedy/gate.js';
import { isRefusal, type Target } from '../../source/remedy/plan.js';
import { openConnect } from '../../source/wire/connect/link.js';
import { openKafka } from '../../source/wire/kafka/link.js';
import { healthyFlow, view } from '../support/views.js';

/**
 * A kmon of its own process, for tests that kill it: plans and applies one action, and kills itself with SIGKILL once a step is told;
 * without one it waits to be killed. It gets one argument, JSON.
 */
export type Killed = {
  readonly auditFile: string;
  readonly action: string;
  readonly target: Target;
  readonly argument: string;
  readonly dieAt?: string;
  readonly connectUrls?: readonly string[];
  readonly kafka?: {
    readonly bootstrap: readonly string[];
    readonly username: string;
    readonly password: string;
  };
};

const never = new AbortController().signal;

async function main(given: Killed): Promise<void> {
  const clock = systemClock;
  const { kafka, connectUrls } = given;
  const timeouts = { requestTimeout: 10_000, connectTimeout: 10_000 };
  const flow = healthyFlow({ id: 'us/mm2-source', connect: 'us' });
  const gate = createGate({
    mode: 'read-write',
    connects: new Map(
      connectUrls
        ? [
            [
              'us',
              {
                link: openConnect(
                  { connect: 'us', urls: [...connectUrls], requestTimeout: 10_000 },
                  { clock },
                ),
                managedBy: 'rest',
              },
            ],
          ]
        : [],
    ),
    clusters: new Map(
      kafka
        ? [
            [
              'us',
              {
                link: openKafka(
                  {
                    cluster: 'us',
                    bootstrap: [...kafka.bootstrap],
                    security: {
                      sasl: {
                        mechanism: 'scram-sha-256',
                        username: kafka.username,
                        password: kafka.password,
                      },
                    },
                    clientId: 'kmon',
                    ...timeouts,
                  },
                  { clock },
                ),
              },
            ],
          ]
        : [],
    ),
    snapshot: () => view({}, { flows: [flow] }).snapshot,
    clock,
    audit: openAudit({ file: given.auditFile, context: 'eu-us', clock, user: 'ada', host: 'bastion' }),
  });
  const plan = await gate.plan(given.action, given.target, given.argument, never);
  if (isRefusal(plan)) throw new Error(plan.reason);
  for await (const step of gate.run(plan, plan.confirm, never))
    if (step.state === given.dieAt) process.kill(process.pid, 'SIGKILL');
}

await main(JSON.parse(process.argv[2] ?? '') as Killed);
