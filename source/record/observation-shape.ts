import { z } from 'zod';
import type { Answer, MetricName, Observation, ObservationKind } from '../core/observation.js';
import { failureShape as failure } from './failure-shape.js';

/** The kind that a line claims, known to this kmon or not; undefined where it is no observation at all. */
export function kindOf(value: unknown): string | undefined {
  return head.safeParse(value).data?.kind;
}

export function isKind(kind: string): kind is ObservationKind {
  return Object.hasOwn(shapes, kind);
}

/**
 * Whether the model may fold it. A kind or a required field that is added to `core/observed/` does not compile
 * until it stands here; a field that a newer kmon added is let through.
 */
export function isObservation(kind: ObservationKind, value: unknown): value is Observation {
  return shapes[kind].safeParse(value).success;
}

const timing = { asked: z.number(), answered: z.number() };
const head = z.object({ ...timing, kind: z.string() });

const int32 = z.instanceof(Int32Array);
const float64 = z.instanceof(Float64Array);
const uint8 = z.instanceof(Uint8Array);

const offsets = {
  topic: z.string(),
  partition: int32,
  offset: float64,
  failure: uint8,
  leaderEpoch: float64.exactOptional(),
  lag: float64.exactOptional(),
};

const offsetColumn = z
  .object(offsets)
  .refine(c => c.partition.length === c.offset.length && c.partition.length === c.failure.length)
  .refine(c => c.leaderEpoch === undefined || c.leaderEpoch.length === c.partition.length)
  .refine(c => c.lag === undefined || c.lag.length === c.partition.length);

const epochEndColumn = z
  .object({ ...offsets, wanted: int32 })
  .refine(c => c.partition.length === c.offset.length && c.partition.length === c.failure.length)
  .refine(c => c.partition.length === c.wanted.length)
  .refine(c => c.leaderEpoch === undefined || c.leaderEpoch.length === c.partition.length);

const topic = z
  .object({
    topic: z.string(),
    topicId: z.string().exactOptional(),
    internal: z.boolean(),
    leader: float64,
    preferred: float64.exactOptional(),
    replicas: float64,
    inSync: float64,
    inSyncIds: int32.exactOptional(),
    leaderEpoch: float64.exactOptional(),
    failed: failure.exactOptional(),
  })
  .refine(t => t.leader.length === t.replicas.length && t.leader.length === t.inSync.length)
  .refine(t => t.preferred === undefined || t.preferred.length === t.leader.length)
  .refine(t => t.leaderEpoch === undefined || t.leaderEpoch.length === t.leader.length);

const assignment = z.array(z.object({ topic: z.string(), partitions: int32 }));

const member = z.object({
  member: z.string(),
  instance: z.string().exactOptional(),
  clientId: z.string(),
  host: z.string(),
  assignment: assignment.exactOptional(),
  target: assignment.exactOptional(),
  url: z.string().exactOptional(),
  epoch: z.number().exactOptional(),
});

const groupDescription = z.object({
  group: z.string(),
  state: z.string(),
  protocolType: z.string(),
  assignor: z.string().exactOptional(),
  epoch: z.number().exactOptional(),
  assignmentEpoch: z.number().exactOptional(),
  members: z.array(member),
});

const task = z.object({
  task: z.number(),
  state: z.string(),
  worker: z.string(),
  trace: z.string().exactOptional(),
});

const connector = z.object({
  connector: z.string(),
  type: z.string(),
  state: z.string(),
  worker: z.string(),
  trace: z.string().exactOptional(),
  tasks: z.array(task),
  config: z.record(z.string(), z.string()),
  principals: z
    .object({
      source: z.string().exactOptional(),
      target: z.string().exactOptional(),
      producer: z.string().exactOptional(),
    })
    .exactOptional(),
});

const quota = z.object({
  entity: z.object({
    user: z.string().nullable().exactOptional(),
    clientId: z.string().nullable().exactOptional(),
  }),
  limits: z.object({
    producer_byte_rate: z.number().exactOptional(),
    consumer_byte_rate: z.number().exactOptional(),
    request_percentage: z.number().exactOptional(),
    controller_mutation_rate: z.number().exactOptional(),
  }),
});

const acl = z.object({
  on: z.enum(['topic', 'group', 'cluster']),
  name: z.string(),
  pattern: z.enum(['literal', 'prefixed']),
  principal: z.string(),
  host: z.string(),
  operation: z.enum([
    'All',
    'Read',
    'Write',
    'Create',
    'Delete',
    'Alter',
    'Describe',
    'ClusterAction',
    'DescribeConfigs',
    'AlterConfigs',
    'IdempotentWrite',
    'Other',
  ]),
  permission: z.enum(['allow', 'deny']),
});

const reassignment = z.object({
  topic: z.string(),
  partition: z.number(),
  replicas: z.array(z.number()),
  adding: z.array(z.number()),
  removing: z.array(z.number()),
});

const counts = z.number();
const offset = z.number().or(z.nan());
const recordSample = z.object({
  from: offset,
  to: offset,
  records: counts,
  bytes: counts,
  unread: z.record(z.string(), counts),
  unkeyed: counts,
  empty: counts,
  distinct: counts,
  keys: z.array(z.object({ hash: z.number(), records: counts })),
  elsewhere: counts,
  idempotent: counts,
  appendTimes: counts,
  back: counts,
  backOfAll: counts,
  furthestBack: z.number(),
});

const owner = {
  instance: z.string(),
  connector: z.string().exactOptional(),
  task: z.number().exactOptional(),
  source: z.string().exactOptional(),
  target: z.string().exactOptional(),
};

const sample = z.object({
  value: z
    .number()
    .or(z.nan())
    .or(z.literal([Infinity, -Infinity])),
  ...owner,
});

const shapes: { readonly [K in ObservationKind]: z.ZodType<Extract<Observation, { kind: K }>> } = {
  cluster: z.object({
    ...timing,
    kind: z.literal('cluster'),
    cluster: z.string(),
    answer: answer(
      z.object({
        clusterId: z.string(),
        controller: z.number(),
        brokers: z.array(
          z.object({ id: z.number(), host: z.string(), port: z.number(), rack: z.string().exactOptional() }),
        ),
        topics: z.array(topic),
      }),
    ),
    cost: z
      .object({
        requests: z.number(),
        bytes: z.number(),
        seconds: z.number().exactOptional(),
        every: z.number().exactOptional(),
      })
      .exactOptional(),
  }),
  offsets: z.object({
    ...timing,
    kind: z.literal('offsets'),
    cluster: z.string(),
    broker: z.number(),
    which: z.enum(['log-end', 'log-start']),
    topics: z.array(offsetColumn),
    failures: z.array(failure),
  }),
  groups: z.object({
    ...timing,
    kind: z.literal('groups'),
    cluster: z.string(),
    broker: z.number(),
    answer: answer(
      z.array(
        z.object({
          group: z.string(),
          type: z.enum(['classic', 'consumer', 'share', 'streams', 'unknown']),
          protocolType: z.string(),
          state: z.string(),
        }),
      ),
    ),
  }),
  described: z.object({
    ...timing,
    kind: z.literal('described'),
    cluster: z.string(),
    broker: z.number(),
    groups: z.array(z.object({ group: z.string(), answer: answer(groupDescription) })),
  }),
  committed: z.object({
    ...timing,
    kind: z.literal('committed'),
    cluster: z.string(),
    broker: z.number(),
    groups: z.array(z.object({ group: z.string(), answer: answer(z.array(offsetColumn)) })),
    failures: z.array(failure),
  }),
  'share-offsets': z.object({
    ...timing,
    kind: z.literal('share-offsets'),
    cluster: z.string(),
    broker: z.number(),
    groups: z.array(z.object({ group: z.string(), answer: answer(z.array(offsetColumn)) })),
    failures: z.array(failure),
  }),
  'epoch-ends': z.object({
    ...timing,
    kind: z.literal('epoch-ends'),
    cluster: z.string(),
    broker: z.number(),
    answer: answer(z.object({ topics: z.array(epochEndColumn), failures: z.array(failure) })),
  }),
  'topic-configs': z.object({
    ...timing,
    kind: z.literal('topic-configs'),
    cluster: z.string(),
    broker: z.number(),
    topics: z.array(
      z.object({
        topic: z.string(),
        answer: answer(z.object({ values: z.record(z.string(), z.string()), own: z.array(z.string()) })),
      }),
    ),
  }),
  'log-dirs': z.object({
    ...timing,
    kind: z.literal('log-dirs'),
    cluster: z.string(),
    broker: z.number(),
    answer: answer(
      z.array(
        z
          .object({ topic: z.string(), partition: int32, size: float64 })
          .refine(t => t.partition.length === t.size.length),
      ),
    ),
    failures: z.array(failure).exactOptional(),
  }),
  'broker-configs': z.object({
    ...timing,
    kind: z.literal('broker-configs'),
    cluster: z.string(),
    broker: z.number(),
    answer: answer(z.record(z.string(), z.string())),
  }),
  'broker-apis': z.object({
    ...timing,
    kind: z.literal('broker-apis'),
    cluster: z.string(),
    broker: z.number(),
    answer: answer(
      z
        .object({ key: int32, oldest: int32, newest: int32 })
        .refine(a => a.key.length === a.oldest.length && a.key.length === a.newest.length),
    ),
  }),
  quotas: z.object({
    ...timing,
    kind: z.literal('quotas'),
    cluster: z.string(),
    answer: answer(z.array(quota)),
  }),
  acls: z.object({
    ...timing,
    kind: z.literal('acls'),
    cluster: z.string(),
    answer: answer(z.object({ acls: z.array(acl), left: z.number() })),
  }),
  reassignments: z.object({
    ...timing,
    kind: z.literal('reassignments'),
    cluster: z.string(),
    answer: answer(z.array(reassignment)),
  }),
  records: z.object({
    ...timing,
    kind: z.literal('records'),
    cluster: z.string(),
    topic: z.string(),
    partition: z.number(),
    answer: answer(recordSample),
  }),
  connect: z.object({
    ...timing,
    kind: z.literal('connect'),
    connect: z.string(),
    answer: answer(z.object({ version: z.string(), clusterId: z.string(), url: z.string() })),
  }),
  connectors: z.object({
    ...timing,
    kind: z.literal('connectors'),
    connect: z.string(),
    answer: answer(z.array(connector)),
  }),
  positions: z.object({
    ...timing,
    kind: z.literal('positions'),
    connect: z.string(),
    connector: z.string(),
    answer: answer(z.array(z.object({ sourceAlias: z.string(), topics: z.array(offsetColumn) }))),
  }),
  plugins: z.object({
    ...timing,
    kind: z.literal('plugins'),
    connect: z.string(),
    answer: answer(
      z.array(z.object({ class: z.string(), type: z.string(), version: z.string().exactOptional() })),
    ),
  }),
  metrics: z.object({
    ...timing,
    kind: z.literal('metrics'),
    source: z.string(),
    answer: answer(
      z.object({
        samples: z.record(z.string(), z.array(sample)),
        missing: z.record(z.string(), failure),
        found: z.record(z.string(), z.string()),
        rateWindow: z.number(),
      }),
    ),
  }),
  'metrics-past': z.object({
    ...timing,
    kind: z.literal('metrics-past'),
    source: z.string(),
    answer: answer(
      z.object({
        rateWindow: z.number(),
        series: z.array(
          z
            .object({ metric: z.custom<MetricName>(isText), ...owner, times: float64, values: float64 })
            .refine(s => s.times.length === s.values.length),
        ),
        missing: z.record(z.string(), failure).exactOptional(),
      }),
    ),
  }),
};

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function answer<T>(ok: z.ZodType<T>): z.ZodType<Answer<T>> {
  return z.union([z.object({ ok }), z.object({ failed: failure })]);
}
