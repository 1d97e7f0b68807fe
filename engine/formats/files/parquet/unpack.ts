/**
 * The bytes of a page, unpacked, and no more of them than it says. Decoders made for Parquet believe the size that they
 * are told: what is missing they leave at 0, what is too much they drop, and the numbers would look right.
 */
import { Gunzip } from 'fflate';
import type { CompressionCodec } from 'hyparquet/src/index.js';
import { snappyUncompressor } from 'hysnappy';
import type { Decoders } from '../decoders.ts';
import { unpackZstd } from '../zstd/index.ts';
import { unpackLz4, unpackLz4Raw } from './lz4.ts';

/**
 * @param length  bytes that must come of it: no more are made
 * @returns nothing where the bytes do not make exactly that many
 * @throws Error of any kind for bytes that are no such stream
 */
export type Unpack = (packed: Uint8Array, length: number) => Uint8Array | undefined;

const snappy = snappyUncompressor();

const unpackers: Readonly<
  Partial<Record<CompressionCodec, (decoders: Decoders) => Unpack | Promise<Unpack>>>
> = {
  UNCOMPRESSED: () => (packed, length) => (packed.length === length ? packed : undefined),
  SNAPPY: () => (packed, length) => (lengthOfSnappy(packed) === length ? snappy(packed, length) : undefined),
  GZIP: () => unpackGzip,
  BROTLI: async (decoders) => (await import('./brotli.ts')).brotli(decoders),
  ZSTD: () => unpackZstd,
  LZ4: () => unpackLz4,
  LZ4_RAW: () => unpackLz4Raw,
};

/** Of an unknown codec nothing is unpacked. */
export async function unpackerOf(codec: CompressionCodec, decoders: Decoders): Promise<Unpack> {
  return (await unpackers[codec]?.(decoders)) ?? (() => undefined);
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
