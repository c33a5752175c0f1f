import process from 'node:process';
import meow from 'meow';
import { main } from './source/commands/main.js';
import { version } from './source/commands/version.js';

const cli = meow(
  `
  kmon watches Kafka replication and consumption in a terminal.

  Usage
    kmon                                     the current context of the configuration file
    kmon --context eu-us                     another context
    kmon -b broker:9092 [more addresses]     no configuration file needed
    kmon lag [--json] [--every SECONDS]      lag of groups and flows as text or JSON, for scripts

  Addresses
    -b, --bootstrap [NAME=]HOST:PORT,…       a Kafka cluster; repeat it for the other side of a flow
        --properties [NAME=]FILE             the Java client's own client.properties for it
        --connect [NAME=]URL,…               Kafka Connect; NAME is the cluster that it writes to
        --prometheus URL                     rates, buffers, throttling, CPU and memory of the workers
        --scrape URL                         the same from an exporter's own page; repeat it for every worker
        --broker-map ADVERTISED=REACHABLE    a broker behind a tunnel: b1.internal:9092=127.0.0.1:19092
        --proxy env                          HTTP through HTTP_PROXY, HTTPS_PROXY and NO_PROXY

  Options
        --read-write                         remedies may be applied; without it they are shown, not done
        --interval SECONDS                   between two passes (2)
        --config FILE                        instead of ~/.config/kmon/config.yaml ($KMON_CONFIG)
        --audit FILE                         where every change is written down
        --version, --help

  Examples
    kmon -b eu=e1:9092 -b us=u1:9092 --connect us=http://worker:8083 --prometheus http://prom:9090
    kmon lag --json | jq '.groups[] | select(.lag > 1000) | .group'
`,
  {
    importMeta: import.meta,
    description: false,
    version,
    flags: {
      bootstrap: { type: 'string', shortFlag: 'b', isMultiple: true },
      properties: { type: 'string', isMultiple: true },
      connect: { type: 'string', isMultiple: true },
      prometheus: { type: 'string' },
      scrape: { type: 'string', isMultiple: true },
      brokerMap: { type: 'string', isMultiple: true },
      proxy: { type: 'string' },
      context: { type: 'string' },
      config: { type: 'string' },
      audit: { type: 'string' },
      readWrite: { type: 'boolean' },
      interval: { type: 'number' },
      json: { type: 'boolean' },
      every: { type: 'number' },
    },
  },
);

process.exit(await main(cli.input, cli.flags, process.env));
