import { failure, type Failure, type FailureKind } from '../../core/failure.js';
import { keepShape } from '../../core/keep-shape.js';

/**
 * Kafka's error codes that an answer to kmon can carry, with their standard names
 * (org.apache.kafka.common.protocol.Errors), and what each means to kmon.
 */
export const protocolErrors: ReadonlyMap<number, { readonly name: string; readonly kind: FailureKind }> =
  new Map(
    (
      [
        [-1, 'UNKNOWN_SERVER_ERROR', 'malformed'],
        [1, 'OFFSET_OUT_OF_RANGE', 'absent'],
        [2, 'CORRUPT_MESSAGE', 'malformed'],
        [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'absent'],
        [5, 'LEADER_NOT_AVAILABLE', 'busy'],
        [6, 'NOT_LEADER_OR_FOLLOWER', 'busy'],
        [7, 'REQUEST_TIMED_OUT', 'timeout'],
        [8, 'BROKER_NOT_AVAILABLE', 'unreachable'],
        [9, 'REPLICA_NOT_AVAILABLE', 'busy'],
        [12, 'OFFSET_METADATA_TOO_LARGE', 'rejected'],
        [13, 'NETWORK_EXCEPTION', 'unreachable'],
        [14, 'COORDINATOR_LOAD_IN_PROGRESS', 'busy'],
        [15, 'COORDINATOR_NOT_AVAILABLE', 'busy'],
        [16, 'NOT_COORDINATOR', 'busy'],
        [17, 'INVALID_TOPIC_EXCEPTION', 'absent'],
        [22, 'ILLEGAL_GENERATION', 'rejected'],
        [24, 'INVALID_GROUP_ID', 'absent'],
        [25, 'UNKNOWN_MEMBER_ID', 'absent'],
        [27, 'REBALANCE_IN_PROGRESS', 'busy'],
        [28, 'INVALID_COMMIT_OFFSET_SIZE', 'rejected'],
        [29, 'TOPIC_AUTHORIZATION_FAILED', 'unauthorised'],
        [30, 'GROUP_AUTHORIZATION_FAILED', 'unauthorised'],
        [31, 'CLUSTER_AUTHORIZATION_FAILED', 'unauthorised'],
        [33, 'UNSUPPORTED_SASL_MECHANISM', 'unauthenticated'],
        [34, 'ILLEGAL_SASL_STATE', 'unauthenticated'],
        [35, 'UNSUPPORTED_VERSION', 'unsupported'],
        [37, 'INVALID_PARTITIONS', 'rejected'],
        [38, 'INVALID_REPLICATION_FACTOR', 'rejected'],
        [39, 'INVALID_REPLICA_ASSIGNMENT', 'rejected'],
        [40, 'INVALID_CONFIG', 'rejected'],
        [41, 'NOT_CONTROLLER', 'busy'],
        [42, 'INVALID_REQUEST', 'malformed'],
        [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'unsupported'],
        [44, 'POLICY_VIOLATION', 'rejected'],
        [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'unauthorised'],
        [54, 'SECURITY_DISABLED', 'unsupported'],
        [56, 'KAFKA_STORAGE_ERROR', 'busy'],
        [58, 'SASL_AUTHENTICATION_FAILED', 'unauthenticated'],
        [60, 'REASSIGNMENT_IN_PROGRESS', 'busy'],
        [68, 'NON_EMPTY_GROUP', 'rejected'],
        [69, 'GROUP_ID_NOT_FOUND', 'absent'],
        [72, 'LISTENER_NOT_FOUND', 'busy'],
        [74, 'FENCED_LEADER_EPOCH', 'busy'],
        [75, 'UNKNOWN_LEADER_EPOCH', 'busy'],
        [76, 'UNSUPPORTED_COMPRESSION_TYPE', 'unsupported'],
        [77, 'STALE_BROKER_EPOCH', 'busy'],
        [78, 'OFFSET_NOT_AVAILABLE', 'busy'],
        [80, 'PREFERRED_LEADER_NOT_AVAILABLE', 'rejected'],
        [82, 'FENCED_INSTANCE_ID', 'rejected'],
        [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', 'rejected'],
        [84, 'ELECTION_NOT_NEEDED', 'rejected'],
        [85, 'NO_REASSIGNMENT_IN_PROGRESS', 'rejected'],
        [86, 'GROUP_SUBSCRIBED_TO_TOPIC', 'rejected'],
        [88, 'UNSTABLE_OFFSET_COMMIT', 'busy'],
        [89, 'THROTTLING_QUOTA_EXCEEDED', 'busy'],
        [100, 'UNKNOWN_TOPIC_ID', 'absent'],
        [103, 'INCONSISTENT_TOPIC_ID', 'absent'],
        [110, 'FENCED_MEMBER_EPOCH', 'busy'],
        [113, 'STALE_MEMBER_EPOCH', 'busy'],
      ] satisfies [number, string, FailureKind][]
    ).map(([code, name, kind]) => [code, { name, kind }]),
  );

/** The failure that a code in an answer stands for; undefined for 0. A code that kmon does not know is malformed. */
export function failureOfCode(code: number, subject: string, message?: string): Failure | undefined {
  if (code === 0) return undefined;
  const known = protocolErrors.get(code);
  const name = known?.name ?? `error code ${code}`;
  return failure(known?.kind ?? 'malformed', subject, message ? `${name}: ${message}` : name);
}

/** The failures of the items of one answer, each once: an item holds 1 + its index, or 0 where it has none. */
export class FailureIndex {
  readonly failures: Failure[] = [];
  private readonly byCode = new Map<number, number>();

  constructor(private readonly subject: string) {}

  of(code: number): number {
    if (code === 0) return 0;
    const seen = this.byCode.get(code);
    if (seen !== undefined) return seen;
    const why = failureOfCode(code, this.subject);
    if (why === undefined || this.failures.length === 255) return 255;
    this.failures.push(why);
    this.byCode.set(code, this.failures.length);
    return this.failures.length;
  }
}

keepShape(new FailureIndex(''));
