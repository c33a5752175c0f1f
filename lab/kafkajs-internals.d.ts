/**
 * The parts of kafkajs behind its public API that a lab needs to read a partition, and a bench to commit offsets, without
 * joining a group: a group of the lab's own would show up in every list that kmon is tested against. kafkajs 2.2.4 is pinned.
 */
declare module 'kafkajs/src/cluster/index.js' {
  import type { ISocketFactory, Logger } from 'kafkajs';

  interface TopicOffsets {
    topic: string;
    partitions: { partition: number; offset: string }[];
  }

  interface FetchedPartition {
    partition: number;
    errorCode: number;
    highWatermark: string;
    messages: { offset: string; key: Buffer | null; value: Buffer | null; timestamp: string }[];
  }

  interface Broker {
    fetch(request: {
      maxWaitTime: number;
      minBytes: number;
      maxBytes: number;
      isolationLevel: 0 | 1;
      topics: {
        topic: string;
        partitions: { partition: number; fetchOffset: string; maxBytes: number }[];
      }[];
    }): Promise<{ responses: { topicName: string; partitions: FetchedPartition[] }[] }>;
    offsetCommit(request: {
      groupId: string;
      groupGenerationId: number;
      memberId: string;
      topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
    }): Promise<unknown>;
  }

  export default class Cluster {
    constructor(options: {
      logger: Logger;
      brokers: readonly string[];
      clientId: string;
      socketFactory: ISocketFactory;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      metadataMaxAge: number;
      allowAutoTopicCreation: boolean;
      retry: { retries: number; initialRetryTime: number };
    });
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addMultipleTargetTopics(topics: string[]): Promise<void>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
    findBroker(options: { nodeId: string }): Promise<Broker>;
    findGroupCoordinator(options: { groupId: string }): Promise<Broker>;
    fetchTopicsOffset(
      topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
    ): Promise<TopicOffsets[]>;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';
  export default function socketFactory(): ISocketFactory;
}
