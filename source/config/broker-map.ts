import { parseAddress, showAddress } from '../wire/kafka/address.js';
import { ConfigProblem } from './problem.js';

/** Checks `host:port`; IPv6 as `[2001:db8::1]:9092`. Gives it back as it is always written. */
export function addressOf(text: string, where: string): string {
  const address = parseAddress(text);
  if (address) return showAddress(address);
  const isBareIpv6 = /^[0-9a-f]*:[0-9a-f:]+$/i.test(text.trim());
  throw new ConfigProblem(
    `${where}: "${text}" is not host:port`,
    isBareIpv6 ? 'put brackets round an IPv6 address: [2001:db8::1]:9092' : 'for example broker-1:9092',
  );
}

/** Advertised address → where it is reached, from pairs as they were written; later ones win. */
export function brokerMapOf(
  pairs: Iterable<readonly [string, string]>,
  where: string,
): Readonly<Record<string, string>> {
  const map: Record<string, string> = {};
  for (const [advertised, reachable] of pairs)
    map[addressOf(advertised, where)] = addressOf(reachable, where);
  return map;
}

/** `--broker-map advertised=reachable`. */
export function pairOf(argument: string): readonly [string, string] {
  const [advertised, reachable, more] = argument.split('=');
  if (advertised && reachable && more === undefined) return [advertised, reachable];
  throw new ConfigProblem(
    `--broker-map: "${argument}" is not advertised=reachable`,
    'for example --broker-map b1.internal:9092=127.0.0.1:19092',
  );
}
