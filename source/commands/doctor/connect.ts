import type { ConnectContext } from '../../config/context.js';
import { isKnown } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';
import { atLeast } from '../../remedy/version.js';
import { workerClocks } from './clock-readings.js';
import { failed, ok, type Check, type Examined, type Section } from './examination.js';
import { reachedCheck } from './reached.js';

/** One Connect cluster: whether it answers, what its version lacks, and which of its flows kmon sees from both ends. */
export async function connectSection(
  { name, endpoint }: ConnectContext,
  { view, heard, links, clock }: Examined,
): Promise<Section> {
  const { basicAuth, bearerToken, urls } = endpoint;
  const as = basicAuth
    ? `, as ${basicAuth.username}`
    : bearerToken === undefined
      ? ''
      : ', with a bearer token';
  const reached = reachedCheck(view, `connect ${name}`);
  const link = links.connect.get(name);
  const connect = view.snapshot.connects.find(c => c.name === name);
  const flows = view.snapshot.flows.filter(f => f.connect === name);
  const version = connect && isKnown(connect.version) ? connect.version.value : undefined;
  const old = version === undefined ? [] : versionChecks(version);
  const hasPositions = version === undefined || atLeast(version, 3, 5);
  return {
    name: `connect ${name}`,
    about: `${urls.join(', ')}${as}`,
    checks: [
      reached,
      ...old,
      ...(reached.is === 'ok' ? flowChecks(flows) : []),
      ...(reached.is === 'ok' && link ? await workerClocks(link, clock) : []),
      ...flows.flatMap(flow => {
        const why = hasPositions ? heard.positions(flow.id) : undefined;
        return why === undefined ? [] : [failed('positions', why, `the lag of ${flow.connector}`)];
      }),
    ],
  };
}

function versionChecks(version: string): readonly Check[] {
  const checks: Check[] = [];
  const repair = (since: string): string => `workers of Kafka ${since} or newer`;
  if (!atLeast(version, 3, 5))
    checks.push({
      is: 'missing',
      check: 'version',
      says: `version ${version} has no GET /connectors/{name}/offsets (3.5)`,
      lost: 'true lag of flows, and repeats after a restart: flushed positions cannot be read',
      repair: repair('3.5'),
    });
  if (!atLeast(version, 3, 8))
    checks.push({
      is: 'missing',
      check: 'version',
      says: `version ${version} has no PATCH of a connector's configuration (3.8)`,
      lost: 'remedies that change one setting alone; the whole configuration would have to be written',
      repair: repair('3.8'),
    });
  return checks.length > 0 ? checks : [ok('version', `version ${version}: offsets and PATCH are there`)];
}

/** A lag needs the end offsets of the source: without the source cluster in the context there is none. */
function flowChecks(flows: readonly FlowView[]): readonly Check[] {
  const mirrors = flows.filter(f => f.kind === 'mirror-source');
  const lone = mirrors.filter(f => f.source !== undefined && f.source.cluster === undefined);
  const paired = mirrors.length - lone.length;
  return [
    ...(paired > 0 ? [ok('flow', `both clusters in the context: ${paired} of ${mirrors.length} flows`)] : []),
    ...lone.map(flow => loneFlow(flow)),
  ];
}

function loneFlow({ connector, source, config }: FlowView): Check {
  const alias = source?.alias ?? 'its source';
  const given = isKnown(config) ? config.value['source.cluster.bootstrap.servers'] : undefined;
  const bootstrap = given ?? 'HOST:PORT';
  return {
    is: 'missing',
    check: 'flow',
    says: `${connector} reads from ${alias}, and no cluster of the context is that one`,
    lost: `true lag of ${connector} and what arrives at its source`,
    repair: `name it: -b ${alias}=${bootstrap}, or clusters: ${alias}: {bootstrap: [${bootstrap}], properties: FILE} in the context`,
  };
}
