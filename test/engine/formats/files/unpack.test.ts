/** A page of a Parquet file makes as many bytes as it says, whatever packed it, or is refused. */
import assert from 'node:assert/strict';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { decoders } from '../../../../engine/formats/files/node.ts';
import { type Unpack, unpackerOf } from '../../../../engine/formats/files/parquet/unpack.ts';

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
  ZSTD: new Uint8Array(zstdCompressSync(bytes)),
  LZ4: headed,
  LZ4_RAW: lz4,
} as const;

const quick = { [constants.BROTLI_PARAM_QUALITY]: 1 };

/** One zero more than a multiple of 64, as copies of the first one where packed by hand. */
const zeros = (size: number) => {
  const nulls = new Uint8Array(size);
  const copies = Math.floor((size - 1) / 64);
  const snappyCopies = Buffer.alloc(3 * copies, Uint8Array.of(0xfe, 1, 0));
  const length = [0, 7, 14, 21].map((shift) => ((size >> shift) & 127) | (shift < 21 ? 128 : 0));
  const block = Buffer.concat([Uint8Array.of(0x1f, 0, 1, 0), Uint8Array.from(written(size - 13, 19))]);
  const end = Uint8Array.of(0xc0, ...new Uint8Array(12));
  const whole = Buffer.concat([block, end]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size);
  head.writeUInt32BE(whole.length, 4);
  return {
    SNAPPY: Buffer.concat([Uint8Array.from(length), Uint8Array.of(0, 0), snappyCopies]),
    GZIP: gzipSync(nulls),
    BROTLI: brotliCompressSync(nulls, { params: quick }),
    ZSTD: zstdCompressSync(nulls),
    LZ4: Buffer.concat([head, whole]),
    LZ4_RAW: whole,
  } as const;
};

function unpacked(unpack: Unpack, from: Uint8Array, length: number): Uint8Array | undefined {
  try {
    return unpack(from, length);
  } catch {
    return undefined;
  }
}

describe('a page of a Parquet file', () => {
  for (const codec of Object.keys(packed) as (keyof typeof packed)[]) {
    it(`of ${codec} is unpacked to the size that it says, and to no other`, async () => {
      const unpack = await unpackerOf(codec, decoders);
      assert.deepEqual(unpack(packed[codec], 4000), bytes);
      for (const length of [0, 1, 2999, 3999, 4001, 5000]) {
        assert.equal(unpacked(unpack, packed[codec], length), undefined, `${length}`);
      }
    });

    it(`of ${codec} that breaks off is refused, wherever it does, or is whole but for a checksum`, async () => {
      const unpack = await unpackerOf(codec, decoders);
      for (let end = 0; end < packed[codec].length; end += end < 100 ? 1 : 97) {
        const cut = unpacked(unpack, packed[codec].subarray(0, end), 4000);
        if (cut) assert.deepEqual(cut, bytes, `after ${end}`);
      }
    });
  }

  const [million, bombs] = [zeros(1_000_001), zeros(200_000_001)];
  for (const codec of Object.keys(bombs) as (keyof typeof bombs)[]) {
    it(`of ${codec} that is a bomb is unpacked no further than it says`, async () => {
      const unpack = await unpackerOf(codec, decoders);
      const whole = unpack(million[codec], 1_000_001);
      assert.ok(whole?.length === 1_000_001 && whole.every((byte) => byte === 0));
      for (const length of [0, 4000, 1e6]) {
        const before = process.memoryUsage.rss();
        const start = process.cpuUsage();
        assert.equal(unpacked(unpack, bombs[codec], length)?.length, undefined);
        const { user, system } = process.cpuUsage(start);
        assert.ok((user + system) / 1000 < 1000, `${(user + system) / 1000} ms for ${length} bytes`);
        assert.ok(process.memoryUsage.rss() - before < 150e6, 'memory');
      }
    });
  }

  it('of gzip members one after the other is all of them', async () => {
    const both = Buffer.concat([gzipSync(bytes), gzipSync(bytes)]);
    assert.equal((await unpackerOf('GZIP', decoders))(both, 8000)?.length, 8000);
  });

  it('of Snappy that says one size and makes another is refused', async () => {
    const lying = snappy.slice(0, -10);
    assert.equal((await unpackerOf('SNAPPY', decoders))(lying, 4000), undefined);
  });

  it('of Brotli is as long as it says over many pieces, and leaves nothing behind it', async () => {
    const unpack = await unpackerOf('BROTLI', decoders);
    const noise = Uint8Array.from({ length: 500_000 }, (_, i) => Math.imul(i, i * 2654435761) >>> 24);
    const long = brotliCompressSync(noise, { params: quick });
    assert.ok(long.length > 2 ** 17);
    assert.ok(unpack(long, noise.length)?.every((byte, i) => byte === noise[i]));
    assert.equal(unpack(brotliCompressSync(new Uint8Array()), 0)?.length, 0);
    assert.equal(unpacked(unpack, Buffer.concat([long, Buffer.from([0])]), noise.length)?.length, undefined);
  });

  it('of Brotli with a window beyond the format is refused before room is made for it', async () => {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_LARGE_WINDOW]: 1,
      [constants.BROTLI_PARAM_LGWIN]: 30,
    };
    const vast = brotliCompressSync(new Uint8Array(1e6), { params });
    assert.equal(vast[0], 0x11);
    assert.equal((await unpackerOf('BROTLI', decoders))(vast, 1e6)?.length, undefined);
  });

  it('of a codec that is not known is refused', async () => {
    assert.equal((await unpackerOf('LZO', decoders))(bytes, 4000), undefined);
  });
});
