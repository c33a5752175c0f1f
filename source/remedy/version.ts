/**
 * Whether a Connect of this version is at least Kafka `major.minor`. Confluent's builds (`7.8.0-ccs`) count their own way:
 * 5.x to 7.x carry Kafka 2.x and 3.x with the same minor, 8.x carries Kafka 4.x. What can not be read is not.
 */
export function atLeast(version: string, major: number, minor: number): boolean {
  const [, first, second, build] = /^(\d+)\.(\d+)(?:\.\d+)*(.*)$/.exec(version) ?? [];
  if (first === undefined || second === undefined) return false;
  const confluent = /-c[ce]/.test(build ?? '');
  const have = confluent ? Number(first) - 4 : Number(first);
  return have > major || (have === major && Number(second) >= minor);
}
