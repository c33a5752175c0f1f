import { endianness } from 'node:os';

/** The column types of observations, by the tag that a recording gives them. */
const columnTypes = { f64: Float64Array, i32: Int32Array, u8: Uint8Array };

export type Column = Float64Array | Int32Array | Uint8Array;
export type ColumnTag = keyof typeof columnTypes;

export function isColumnTag(tag: string): tag is ColumnTag {
  return Object.hasOwn(columnTypes, tag);
}

export function isColumn(value: unknown): value is Column {
  return value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array;
}

export function tagOf(column: Column): ColumnTag {
  if (column instanceof Float64Array) return 'f64';
  return column instanceof Int32Array ? 'i32' : 'u8';
}

/** The elements as little-endian bytes, in base64; every NaN keeps its bits. */
export function toBase64(column: Column): string {
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  return littleEndian(bytes, column.BYTES_PER_ELEMENT).toString('base64');
}

/** The column, or undefined where the text is not base64 of whole elements. */
export function fromBase64(tag: ColumnTag, text: string): Column | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const type = columnTypes[tag];
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0) return undefined;
  // A copy of its own: a pooled Buffer is rarely aligned to 8 bytes.
  return new type(Uint8Array.from(littleEndian(bytes, type.BYTES_PER_ELEMENT)).buffer);
}

function littleEndian(bytes: Buffer, width: number): Buffer {
  if (width === 1 || endianness() === 'LE') return bytes;
  const copy = Buffer.from(bytes);
  return width === 8 ? copy.swap64() : copy.swap32();
}
