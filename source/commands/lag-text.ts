import type { LagBounds } from '../model/snapshot.js';
import type { LagReport } from './lag-report.js';
import type { Owner } from './owners.js';

/** As the Java tool has it for what is not known. */
const none = '-';

const groupColumns = [
  'GROUP',
  'TOPIC',
  'PARTITION',
  'CURRENT-OFFSET',
  'LOG-END-OFFSET',
  'LAG',
  'CONSUMER-ID',
  'HOST',
  'CLIENT-ID',
] as const;

/**
 * The table that `kafka-consumer-groups --describe --all-groups` prints, a block a group; then the flows, which that tool
 * does not know; then the reasons for what is missing.
 */
export function lagTable(report: LagReport): string {
  const clusters = [...new Set(report.groups.map(g => g.cluster))];
  const groups = clusters.flatMap(cluster => [
    ...(clusters.length > 1 ? [[`CLUSTER ${cluster}`]] : []),
    ...report.groups
      .filter(g => g.cluster === cluster)
      .map(groupRows)
      .filter(rows => rows.length > 0)
      .map(rows => aligned([groupColumns, ...rows])),
  ]);
  const flowRows = report.flows.flatMap(f =>
    f.partitions.map(p => [f.connector, p.topic, String(p.partition), bounds(p.lag)]),
  );
  const flows = flowRows.length === 0 ? [] : [aligned([['FLOW', 'TOPIC', 'PARTITION', 'LAG'], ...flowRows])];
  const reasons = [
    ...report.failing.map(f => `${f.endpoint}: ${f.reason}; ${f.next}`),
    ...report.groups.flatMap(g => (g.reason === undefined ? [] : [`${g.group}: ${g.reason}`])),
    ...report.flows.flatMap(f => (f.reason === undefined ? [] : [`${f.connector}: ${f.reason}`])),
  ];
  return [...groups, ...flows, ...(reasons.length > 0 ? [reasons] : [])]
    .map(block => block.join('\n'))
    .join('\n\n');
}

const csvColumns = ['KIND', 'CLUSTER', ...groupColumns.slice(0, 6), 'LAG-LOW', ...groupColumns.slice(6)];

/**
 * One line a partition, after RFC 4180. KIND is `group` or `flow`; of a flow, CLUSTER is the Connect cluster, GROUP the
 * connector, and its lag lies between LAG-LOW and LAG. What is not known is empty.
 */
export function lagCsv(report: LagReport): string {
  const rows = [
    ...report.groups.flatMap(g =>
      groupRows(g).map(row => {
        const cells = row.map(cell => (cell === none ? '' : cell));
        return ['group', g.cluster, ...cells.slice(0, 6), cells[5] ?? '', ...cells.slice(6)];
      }),
    ),
    ...report.flows.flatMap(f =>
      f.partitions.map(({ topic, partition, lag }) => [
        'flow',
        f.connect,
        f.connector,
        topic,
        String(partition),
        '',
        '',
        lag === null ? '' : String(lag.high),
        lag === null ? '' : String(lag.low),
        '',
        '',
        '',
      ]),
    ),
  ];
  return [csvColumns, ...rows].map(row => row.map(quoted).join(',')).join('\r\n');
}

function groupRows(g: LagReport['groups'][number]): string[][] {
  const numbers = (...values: readonly (number | null)[]): string[] =>
    values.map(n => (n === null ? none : String(n)));
  return [
    ...[...g.partitions]
      .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
      .map(p => [
        g.group,
        p.topic,
        String(p.partition),
        ...numbers(p.committed, p.end, p.lag),
        ...ownerCells(p.owner),
      ]),
    ...(g.idle ?? []).map(member => [g.group, none, none, none, none, none, ...ownerCells(member)]),
  ];
}

function ownerCells(owner: Owner | undefined): string[] {
  return owner === undefined ? [none, none, none] : [owner.consumerId, owner.host, owner.clientId];
}

/** Left-aligned, as the Java tool aligns. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)));
  return rows.map(row =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(' ')
      .trimEnd(),
  );
}

function bounds(lag: LagBounds | null): string {
  if (lag === null) return none;
  return lag.low === lag.high ? String(lag.low) : `${lag.low}..${lag.high}`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
