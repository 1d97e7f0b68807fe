/** A page of a Parquet file makes as many bytes as it says, whatever packed it, or is refused. */
import assert from 'node:assert/strict';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { unpack } from '../../../../engine/formats/files/parquet/unpack.ts';

/** Ends in zeros: what a decoder leaves out looks the same. */
const bytes = Uint8Array.from({ length: 4000 }, (_, i) => (i < 3000 ? (i * i) % 199 : 0));

const written = (length: number, more: number): number[] => {
  const rest: number[] = [];
  for (let left = length - more; left >= 0; left -= 255) rest.push(Math.min(left, 255));
  return rest;
};
/** The bytes as they are, then zeros as a copy of the first of them, then one zero more: no block ends in a copy. */
const lz4 = new Uint8Array([
  ...[0xff, ...written(3001, 15), ...bytes.subarray(0, 3001), 1, 0, ...written(998, 19)],
  ...[0x10, 0],
]);
const headed = new Uint8Array([0, 0, 4000 >> 8, 4000 & 255, 0, 0, lz4.length >> 8, lz4.length & 255, ...lz4]);
const snappy = new Uint8Array([(4000 & 127) | 128, 4000 >> 7, 61 << 2, 3999 & 255, 3999 >> 8, ...bytes]);
const packed = {
  UNCOMPRESSED: bytes,
  SNAPPY: snappy,
  GZIP: new Uint8Array(gzipSync(bytes)),
  BROTLI: new Uint8Array(brotliCompressSync(bytes)),
  LZ4: headed,
  LZ4_RAW: lz4,
} as const;

function unpacked(codec: keyof typeof packed, from: Uint8Array, length: number): Uint8Array | undefined {
  try {
    return unpack(codec, from, length);
  } catch {
    return undefined;
  }
}

describe('a page of a Parquet file', () => {
  for (const codec of Object.keys(packed) as (keyof typeof packed)[]) {
    it(`of ${codec} is unpacked to the size that it says, and to no other`, () => {
      assert.deepEqual(unpack(codec, packed[codec], 4000), bytes);
      for (const length of [1, 2999, 3999, 4001, 5000]) {
        assert.equal(unpacked(codec, packed[codec], length), undefined, `${length}`);
      }
    });

    it(`of ${codec} that breaks off is refused, wherever it does, or is whole but for a checksum`, () => {
      for (let end = 1; end < packed[codec].length; end += end < 100 ? 1 : 97) {
        const cut = unpacked(codec, packed[codec].subarray(0, end), 4000);
        if (cut) assert.deepEqual(cut, bytes, `after ${end}`);
      }
    });
  }

  it('of gzip members one after the other is all of them', () => {
    const both = Buffer.concat([gzipSync(bytes), gzipSync(bytes)]);
    assert.equal(unpack('GZIP', both, 8000)?.length, 8000);
  });

  it('of Snappy that says one size and makes another is refused', () => {
    const lying = snappy.slice(0, -10);
    assert.equal(unpack('SNAPPY', lying, 4000), undefined);
  });

  it('that is a bomb is unpacked no further than it says', () => {
    const bomb = gzipSync(new Uint8Array(200e6));
    const before = process.memoryUsage.rss();
    assert.equal(unpack('GZIP', bomb, 4000), undefined);
    assert.ok(process.memoryUsage.rss() - before < 150e6);
  });
});
