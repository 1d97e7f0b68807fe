/**
 * The bytes of a page, unpacked. The decoders at hand believe the size that they are told: what is missing they leave
 * at 0, what is too much they drop, and the numbers in such a page would look right.
 */
import { Gunzip } from 'fflate';
import type { CompressionCodec } from 'hyparquet/src/index.js';
import { compressors } from 'hyparquet-compressors';
import { unpackZstd } from '../zstd/index.ts';
import { unpackLz4, unpackLz4Raw } from './lz4.ts';

/**
 * @param length  bytes that must come of it
 * @returns nothing where the bytes do not make exactly that many, or the codec is unknown
 * @throws Error of any kind for bytes that are no such stream
 */
export function unpack(codec: CompressionCodec, packed: Uint8Array, length: number): Uint8Array | undefined {
  switch (codec) {
    case 'UNCOMPRESSED':
      return packed.length === length ? packed : undefined;
    case 'SNAPPY':
      return lengthOfSnappy(packed) === length ? compressors.SNAPPY!(packed, length) : undefined;
    case 'GZIP':
      return unpackGzip(packed, length);
    case 'BROTLI':
      return unpackBrotli(packed, length);
    case 'ZSTD':
      return unpackZstd(packed, length);
    case 'LZ4':
      return unpackLz4(packed, length);
    case 'LZ4_RAW':
      return unpackLz4Raw(packed, length);
    default:
      return undefined;
  }
}

/** Bytes of a gzip stream that are unpacked at a time: of each there come at most 1032. */
const piece = 2 ** 14;

function unpackGzip(packed: Uint8Array, length: number): Uint8Array | undefined {
  const out = new Uint8Array(length);
  let written = 0;
  const stream = new Gunzip((chunk) => {
    if (written + chunk.length <= length) out.set(chunk, written);
    written += chunk.length;
  });
  for (let at = 0; at < packed.length && written <= length; at += piece) {
    stream.push(packed.subarray(at, at + piece), at + piece >= packed.length);
  }
  return written === length ? out : undefined;
}

/** How many bytes the elements of a Snappy stream make; -1 where it says something else itself, or breaks off. */
function lengthOfSnappy(packed: Uint8Array): number {
  let [at, said] = [0, 0];
  for (let shift = 0; ; shift += 7) {
    const byte = packed[at++];
    if (byte === undefined || shift > 28) return -1;
    said += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  let made = 0;
  while (at < packed.length) {
    const tag = packed[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let count = tag >> 2;
      if (count >= 60) {
        const bytes = count - 59;
        count = 0;
        for (let i = 0; i < bytes; i++) count += (packed[at + i] ?? 0) * 2 ** (8 * i);
        at += bytes;
      }
      made += count + 1;
      at += count + 1;
    } else {
      made += kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      at += kind === 1 ? 1 : kind === 2 ? 2 : 4;
    }
  }
  return at === packed.length && made === said ? said : -1;
}

/**
 * The decoder takes a buffer as well as a size, and does not say how far it wrote: to the last byte, if that is not what
 * stood there before. Where it may be, something else stands there the second time.
 */
function unpackBrotli(packed: Uint8Array, length: number): Uint8Array | undefined {
  const over = (filling: number): Uint8Array => {
    const { buffer } = new Uint8Array(length).fill(filling);
    return compressors.BROTLI!(packed, buffer as unknown as number);
  };
  for (const filling of [0xa5, 0x5a]) {
    const out = over(filling);
    if (length === 0 || out[length - 1] !== filling) return out;
  }
  return undefined;
}
