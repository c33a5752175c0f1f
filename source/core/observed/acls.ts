import type { Answer, Timing } from './answer.js';

/** What an ACL speaks of, in the words of Kafka's tools. */
export type AclOperation =
  | 'All'
  | 'Read'
  | 'Write'
  | 'Create'
  | 'Delete'
  | 'Alter'
  | 'Describe'
  | 'ClusterAction'
  | 'DescribeConfigs'
  | 'AlterConfigs'
  | 'IdempotentWrite'
  /** One that a newer Kafka has. */
  | 'Other';

export type AclSeen = {
  readonly on: 'topic' | 'group' | 'cluster';
  /** `*` for all. */
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  /** `User:mm2-user`; `User:*` is everybody. */
  readonly principal: string;
  readonly host: string;
  readonly operation: AclOperation;
  readonly permission: 'allow' | 'deny';
};

/** The ACLs of topics, groups and the cluster itself (DescribeAcls 29). */
export type AclsSeen = Timing & {
  readonly kind: 'acls';
  readonly cluster: string;
  readonly answer: Answer<{
    readonly acls: readonly AclSeen[];
    /** How many more there are than kmon keeps: then a missing ACL proves nothing. */
    readonly left: number;
  }>;
};
