/** `kmon --help`; no line is longer than 78 characters, for meow indents by two. */
export const help = `
kmon watches Kafka replication and consumption in a terminal.

Usage
  kmon                           the current context of the configuration file
  kmon --context eu-us           another context
  kmon -b broker:9092            no configuration file needed

Commands
  kmon                           the full-screen monitor
  kmon demo                      a simulated site: nothing else is needed
  kmon check                     one verdict; exit code 0 ok, 1 warning,
                                 2 critical, 3 unknown
  kmon mark [LABEL]              keep what everything is like now, to compare
                                 with: before a deployment
  kmon lag                       lag of every group and flow, once
  kmon doctor                    what kmon reaches here, what it lacks, what
                                 is lost without it, and what repairs it
  kmon config                    the configuration, each value with its origin
  kmon record FILE               write down what is seen, without a screen
  kmon replay FILE               see it again

What to watch
  -b, --bootstrap [NAME=]HOST:PORT,…
                                 a Kafka cluster; repeat it for the other side
      --properties [NAME=]FILE   the Java client's client.properties for it
      --connect [NAME=]URL,…     Kafka Connect; NAME: the cluster it writes to
      --prometheus URL           rates, buffers, throttling, CPU of workers
      --scrape URL               the same from an exporter's own page
      --sample [CLUSTER/]TOPIC   read its newest records now and then: hot
                                 keys, broken order; only hashes are kept
      --broker-map NAME=REACHED  a broker behind a tunnel, HOST:PORT both
      --proxy env                HTTP through HTTP_PROXY, HTTPS_PROXY
      --context NAME             a context of the configuration file
      --config FILE              instead of ~/.config/kmon/config.yaml
                                 ($KMON_CONFIG)
      --interval SECONDS         between two passes (2)

The screen
      --read-write               remedies may be applied; without it they are
                                 shown, not done
      --dry-run                  plans are shown and nothing is applied,
                                 whatever the context says
      --audit FILE               where every change is written down
      --record FILE              write down what is seen, for kmon replay
      --theme light              colours for a light background; dark, or
                                 auto: by $COLORFGBG ($KMON_THEME)
      --glyphs ascii             for a terminal without Unicode; unicode, or
                                 auto: by the locale ($KMON_GLYPHS)

kmon demo
      --scenario NAME            another incident; list shows them all
      --record FILE              as above

kmon check
      --for 30s                  how long it watches
      --json                     the verdict as docs/check.schema.json has it
      --since-mark[=LABEL|TIME]  judge what changed since the newest mark, or
                                 that one; what fired then does not count
      --since TIME [--from FILE] the same since 14:05, 12m ago or a date, as
                                 a recording has it, else a mark of then

kmon mark
      --for 60s                  how long it waits until everything is known
      --json                     what was kept, for scripts

kmon lag
      --json, --csv              for scripts; else a table
      --every SECONDS            again and again

kmon doctor, kmon config
      --json                     for scripts

kmon record, and wherever --record stands
      --for 10m                  end by itself (kmon record only)
      --max-size 512M            stop there; the file stays readable

kmon replay
      --speed N                  N times as fast as it was
      --at TIME                  start there: +90s, 14:05:30, or a date

      --version, --help

Examples
  kmon -b eu=e1:9092 -b us=u1:9092 --connect us=http://worker:8083
  kmon check --for 1m || rollback
  kmon mark v42 && deploy && kmon check --since-mark=v42 || rollback
  kmon lag --json | jq '.groups[] | select(.lag > 1000) | .group'
`;
