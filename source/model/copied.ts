/** Of 64 kB: what is kept longer than the rest of a block keeps no more than that. */
const blockLength = 8_192;

let block = new Float64Array(0);
let used = 0;

/**
 * The same numbers in memory of their own. It is cut from blocks: a tick copies some thousand columns of two kilobytes, and a buffer
 * for each is an allocation outside of the heap, an object to count it by, and one more to be freed at every collection.
 */
export function copied(numbers: Float64Array): Float64Array {
  const { length } = numbers;
  if (length > blockLength / 4) return numbers.slice();
  if (used + length > block.length) {
    block = new Float64Array(blockLength);
    used = 0;
  }
  const own = new Float64Array(block.buffer, used * Float64Array.BYTES_PER_ELEMENT, length);
  own.set(numbers);
  used += length;
  return own;
}
