/** Labels under which exporters print the JMX property `client-id`. */
export const clientIdLabels = ['client_id', 'clientid', 'clientId'] as const;

export type Labels = Readonly<Record<string, string>>;

export type Owner = { readonly connector: string; readonly task: number };

/** A label's value without the quotes that JMX puts around what it would otherwise escape: `"src->dst|…"`. */
export function unquoted(value: string): string {
  return /^"(.*)"$/s.exec(value)?.[1] ?? value;
}

/** What a sample says of its subject: a task, a flow's clusters, or neither. */
export type Subject = {
  readonly connector?: string;
  readonly task?: number;
  readonly source?: string;
  readonly target?: string;
};

/** What a series speaks of, as far as its labels tell. */
export function subjectOf(labels: Labels): Subject {
  const owner = ownerOf(labels);
  if (owner !== undefined) return owner;
  const source = labels['source'];
  const target = labels['target'] ?? labels['destination'];
  return {
    ...(source && { source: unquoted(source) }),
    ...(target && { target: unquoted(target) }),
  };
}

/** The connector and task that a series speaks of, from its own labels or from its client id. */
export function ownerOf(labels: Labels): Owner | undefined {
  const connector = labels['connector'];
  const task = labels['task'];
  if (connector !== undefined && task !== undefined && /^\d+$/.test(unquoted(task))) {
    return { connector: unquoted(connector), task: Number(unquoted(task)) };
  }
  for (const label of clientIdLabels) {
    const clientId = labels[label];
    if (clientId !== undefined) return ownerOfClient(unquoted(clientId));
  }
  return undefined;
}

/**
 * `connector-producer-<connector>-<task>` of a source connector's producer (Worker.java), and
 * `<source>-><target>|<connector>-<task>|replication-consumer` of MirrorMaker 2's consumer (since 3.5).
 * A connector's name may hold dashes: the task is what follows the last one.
 */
export function ownerOfClient(clientId: string): Owner | undefined {
  const named =
    /^connector-(?:producer|consumer)-(.+)-(\d+)$/s.exec(clientId) ??
    /^.*->.*?\|(.+)-(\d+)\|replication-consumer$/s.exec(clientId);
  const [, connector, task] = named ?? [];
  return connector === undefined || task === undefined ? undefined : { connector, task: Number(task) };
}
