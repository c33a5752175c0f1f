import { expect, test } from 'vitest';
import { parseAddress, showAddress } from '../../../source/wire/kafka/address.js';

test.each(['broker-1.eu:9092', '10.0.0.1:9092', '[2001:db8::1]:9092', '[fe80::1%eth0]:19092'])(
  '%s is an address',
  text => {
    const address = parseAddress(text);
    expect(address && showAddress(address)).toBe(text);
  },
);

test.each([
  'broker-1',
  ':9092',
  'broker-1:',
  'broker-1:0',
  'broker-1:65536',
  '2001:db8::1:9092',
  'a b:1',
  '',
])('“%s” is none', text => {
  expect(parseAddress(text)).toBeUndefined();
});
