import fc from 'fast-check';
import { type Failure, failureKinds } from '../../source/core/failure.js';
import type {
  Answer,
  MemberSeen,
  Observation,
  ObservationKind,
  OffsetColumn,
  TopicSeen,
} from '../../source/core/observation.js';

/** Observations of every kind for property tests: any text, any number that its column may hold, any part missing. */
export const arbitraryObservation: { readonly [K in ObservationKind]: fc.Arbitrary<Kind<K>> } = {
  cluster: record(
    {
      ...timing(),
      kind: fc.constant('cluster'),
      cluster: text(),
      answer: answer(
        record({
          clusterId: text(),
          controller: id(),
          brokers: few(
            record(
              { id: id(), host: text(), port: fc.nat(65_535), rack: text() },
              { requiredKeys: ['id', 'host', 'port'] },
            ),
          ),
          topics: few(topic()),
        }),
      ),
      cost: record(
        { requests: fc.nat(), bytes: fc.nat(), seconds: fc.nat(), every: fc.nat() },
        { requiredKeys: ['requests', 'bytes'] },
      ),
    },
    { requiredKeys: ['asked', 'answered', 'kind', 'cluster', 'answer'] },
  ),
  offsets: record({
    ...timing(),
    kind: fc.constant('offsets'),
    cluster: text(),
    broker: id(),
    which: fc.constantFrom('log-end', 'log-start'),
    topics: few(offsetColumn()),
    failures: few(arbitraryFailure()),
  }),
  groups: record({
    ...timing(),
    kind: fc.constant('groups'),
    cluster: text(),
    broker: id(),
    answer: answer(
      few(
        record({
          group: text(),
          type: fc.constantFrom('classic', 'consumer', 'share', 'streams', 'unknown'),
          protocolType: text(),
          state: text(),
        }),
      ),
    ),
  }),
  described: record({
    ...timing(),
    kind: fc.constant('described'),
    cluster: text(),
    broker: id(),
    groups: few(
      record({
        group: text(),
        answer: answer(
          record(
            {
              group: text(),
              state: text(),
              protocolType: text(),
              assignor: text(),
              epoch: fc.integer(),
              assignmentEpoch: fc.integer(),
              members: few(member()),
            },
            { requiredKeys: ['group', 'state', 'protocolType', 'members'] },
          ),
        ),
      }),
    ),
  }),
  committed: record({
    ...timing(),
    kind: fc.constant('committed'),
    cluster: text(),
    broker: id(),
    groups: few(record({ group: text(), answer: answer(few(offsetColumn())) })),
    failures: few(arbitraryFailure()),
  }),
  'share-offsets': record({
    ...timing(),
    kind: fc.constant('share-offsets'),
    cluster: text(),
    broker: id(),
    groups: few(record({ group: text(), answer: answer(few(offsetColumn())) })),
    failures: few(arbitraryFailure()),
  }),
  'epoch-ends': record({
    ...timing(),
    kind: fc.constant('epoch-ends'),
    cluster: text(),
    broker: id(),
    answer: answer(
      record({
        topics: few(
          fc.nat(4).chain(n =>
            record({
              topic: text(),
              partition: int32(n),
              offset: float64(n),
              failure: fc.uint8Array({ minLength: n, maxLength: n }),
              wanted: int32(n),
            }),
          ),
        ),
        failures: few(arbitraryFailure()),
      }),
    ),
  }),
  'topic-configs': record({
    ...timing(),
    kind: fc.constant('topic-configs'),
    cluster: text(),
    broker: id(),
    topics: few(
      record({ topic: text(), answer: answer(record({ values: named(text()), own: few(text()) })) }),
    ),
  }),
  'log-dirs': record(
    {
      ...timing(),
      kind: fc.constant('log-dirs'),
      cluster: text(),
      broker: id(),
      answer: answer(
        few(fc.nat(4).chain(n => record({ topic: text(), partition: int32(n), size: float64(n) }))),
      ),
      failures: few(arbitraryFailure()),
    },
    { requiredKeys: ['kind', 'asked', 'answered', 'cluster', 'broker', 'answer'] },
  ),
  'broker-configs': record({
    ...timing(),
    kind: fc.constant('broker-configs'),
    cluster: text(),
    broker: id(),
    answer: answer(named(text())),
  }),
  'broker-apis': record({
    ...timing(),
    kind: fc.constant('broker-apis'),
    cluster: text(),
    broker: id(),
    answer: answer(fc.nat(4).chain(n => record({ key: int32(n), oldest: int32(n), newest: int32(n) }))),
  }),
  quotas: record({
    ...timing(),
    kind: fc.constant('quotas'),
    cluster: text(),
    answer: answer(
      few(
        record({
          entity: record({ user: fc.option(text()), clientId: fc.option(text()) }, { requiredKeys: [] }),
          limits: record(
            {
              producer_byte_rate: limit(),
              consumer_byte_rate: limit(),
              request_percentage: limit(),
              controller_mutation_rate: limit(),
            },
            { requiredKeys: [] },
          ),
        }),
      ),
    ),
  }),
  acls: record({
    ...timing(),
    kind: fc.constant('acls'),
    cluster: text(),
    answer: answer(
      record({
        acls: few(
          record({
            on: fc.constantFrom('topic', 'group', 'cluster'),
            name: text(),
            pattern: fc.constantFrom('literal', 'prefixed'),
            principal: text(),
            host: text(),
            operation: fc.constantFrom('All', 'Write', 'Describe', 'Other'),
            permission: fc.constantFrom('allow', 'deny'),
          }),
        ),
        left: fc.nat(),
      }),
    ),
  }),
  reassignments: record({
    ...timing(),
    kind: fc.constant('reassignments'),
    cluster: text(),
    answer: answer(
      few(
        record({
          topic: text(),
          partition: fc.nat(),
          replicas: few(id()),
          adding: few(id()),
          removing: few(id()),
        }),
      ),
    ),
  }),
  records: record({
    ...timing(),
    kind: fc.constant('records'),
    cluster: text(),
    topic: text(),
    partition: fc.nat(100),
    answer: answer(
      record({
        from: fc.nat(),
        to: fc.nat(),
        records: fc.nat(5_000),
        bytes: fc.nat(),
        unread: named(fc.nat()),
        unkeyed: fc.nat(5_000),
        empty: fc.nat(5_000),
        distinct: fc.nat(5_000),
        keys: few(record({ hash: fc.nat(20), records: fc.nat(5_000) })),
        elsewhere: fc.nat(5_000),
        idempotent: fc.nat(5_000),
        appendTimes: fc.nat(5_000),
        back: fc.nat(5_000),
        backOfAll: fc.nat(5_000),
        furthestBack: fc.nat(),
      }),
    ),
  }),
  connect: record({
    ...timing(),
    kind: fc.constant('connect'),
    connect: text(),
    answer: answer(record({ version: text(), clusterId: text(), url: text() })),
  }),
  connectors: record({
    ...timing(),
    kind: fc.constant('connectors'),
    connect: text(),
    answer: answer(
      few(
        record(
          {
            connector: text(),
            type: fc.constantFrom('source', 'sink'),
            state: text(),
            worker: text(),
            trace: text(),
            tasks: few(
              record(
                { task: fc.nat(), state: text(), worker: text(), trace: text() },
                { requiredKeys: ['task', 'state', 'worker'] },
              ),
            ),
            config: named(text()),
            principals: record({ source: text(), target: text(), producer: text() }, { requiredKeys: [] }),
          },
          { requiredKeys: ['connector', 'type', 'state', 'worker', 'tasks', 'config'] },
        ),
      ),
    ),
  }),
  positions: record({
    ...timing(),
    kind: fc.constant('positions'),
    connect: text(),
    connector: text(),
    answer: answer(few(record({ sourceAlias: text(), topics: few(offsetColumn()) }))),
  }),
  plugins: record({
    ...timing(),
    kind: fc.constant('plugins'),
    connect: text(),
    answer: answer(
      few(record({ class: text(), type: text(), version: text() }, { requiredKeys: ['class', 'type'] })),
    ),
  }),
  metrics: record({
    ...timing(),
    kind: fc.constant('metrics'),
    source: text(),
    answer: answer(
      record({
        samples: metrics(
          few(
            record(
              {
                value: fc.double(),
                instance: text(),
                connector: text(),
                task: fc.nat(),
                source: text(),
                target: text(),
              },
              { requiredKeys: ['value', 'instance'] },
            ),
          ),
        ),
        missing: metrics(arbitraryFailure()),
        found: metrics(text()),
        rateWindow: fc.nat(),
      }),
    ),
  }),
  'metrics-past': record({
    ...timing(),
    kind: fc.constant('metrics-past'),
    source: text(),
    answer: answer(
      record(
        {
          rateWindow: fc.nat(),
          missing: metrics(arbitraryFailure()),
          series: few(
            fc.nat(4).chain(n =>
              record(
                {
                  metric: fc.constantFrom('source-record-poll-rate', 'node-cpu'),
                  instance: text(),
                  connector: text(),
                  task: fc.nat(),
                  times: float64(n),
                  values: float64(n),
                },
                { requiredKeys: ['metric', 'instance', 'times', 'values'] },
              ),
            ),
          ),
        },
        { requiredKeys: ['rateWindow', 'series'] },
      ),
    ),
  }),
};

/** One of any kind. */
export function anyObservation(): fc.Arbitrary<Observation> {
  return fc.oneof(...Object.values(arbitraryObservation));
}

export function arbitraryFailure(): fc.Arbitrary<Failure> {
  return record(
    { kind: fc.constantFrom(...failureKinds), subject: text(), detail: text(), nextStep: text() },
    { requiredKeys: ['kind', 'subject', 'detail'] },
  );
}

type Kind<K extends ObservationKind> = Extract<Observation, { kind: K }>;

function timing(): { asked: fc.Arbitrary<number>; answered: fc.Arbitrary<number> } {
  const millis = fc.integer({ min: 0, max: 4_102_444_800_000 });
  return { asked: millis, answered: millis };
}

function answer<T>(ok: fc.Arbitrary<T>): fc.Arbitrary<Answer<T>> {
  return fc.oneof(record({ ok }), record({ failed: arbitraryFailure() }));
}

function topic(): fc.Arbitrary<TopicSeen> {
  return fc.nat(4).chain(partitions => {
    const column = float64(partitions);
    return record(
      {
        topic: text(),
        topicId: text(),
        internal: fc.boolean(),
        leader: column,
        preferred: column,
        replicas: column,
        inSync: column,
        inSyncIds: int32(2 * partitions),
        leaderEpoch: column,
        failed: arbitraryFailure(),
      },
      { requiredKeys: ['topic', 'internal', 'leader', 'replicas', 'inSync'] },
    );
  });
}

function offsetColumn(): fc.Arbitrary<OffsetColumn> {
  return fc.nat(6).chain(partitions =>
    record(
      {
        topic: text(),
        partition: int32(partitions),
        offset: float64(partitions),
        failure: fc.uint8Array({ minLength: partitions, maxLength: partitions }),
        leaderEpoch: float64(partitions),
        lag: float64(partitions),
      },
      { requiredKeys: ['topic', 'partition', 'offset', 'failure'] },
    ),
  );
}

function member(): fc.Arbitrary<MemberSeen> {
  return record(
    {
      member: text(),
      instance: text(),
      clientId: text(),
      host: text(),
      assignment: assignment(),
      target: assignment(),
      url: text(),
      epoch: fc.integer(),
    },
    { requiredKeys: ['member', 'clientId', 'host'] },
  );
}

function assignment(): fc.Arbitrary<NonNullable<MemberSeen['assignment']>> {
  return few(record({ topic: text(), partitions: fc.nat(4).chain(int32) }));
}

function metrics<T>(value: fc.Arbitrary<T>): fc.Arbitrary<{
  'source-record-poll-rate'?: T;
  'node-cpu'?: T;
}> {
  return record({ 'source-record-poll-rate': value, 'node-cpu': value }, { requiredKeys: [] });
}

/** Connector configurations have keys of anybody's making; `$` and `__proto__` are the traps of a codec. */
function named<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  const key = fc.oneof(text(), fc.constantFrom('$f64', '$num', '$$', '$', '__proto__', 'constructor'));
  return fc.dictionary(key, value, { noNullPrototype: true, maxKeys: 5 });
}

function float64(length: number): fc.Arbitrary<Float64Array> {
  return fc.float64Array({ minLength: length, maxLength: length });
}

function int32(length: number): fc.Arbitrary<Int32Array> {
  return fc.int32Array({ minLength: length, maxLength: length });
}

/** A quota is a double. */
function limit(): fc.Arbitrary<number> {
  return fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
}

function few<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { maxLength: 4 });
}

function id(): fc.Arbitrary<number> {
  return fc.integer({ min: -1, max: 100_000 });
}

/** Any code units: half surrogates, control characters and U+2028 too. */
function text(): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary', maxLength: 12 });
}

/** With the prototype of every other object, so that equality means equality. */
function record<T, K extends keyof T = keyof T>(
  model: { [P in keyof T]: fc.Arbitrary<T[P]> },
  { requiredKeys }: { requiredKeys?: K[] } = {},
): fc.Arbitrary<fc.RecordValue<T, K>> {
  const plain = { noNullPrototype: true };
  return fc.record(model, requiredKeys === undefined ? plain : { ...plain, requiredKeys });
}
