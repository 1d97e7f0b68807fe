/** The reader of Zstandard against libzstd, which Node has: of what that writes, and of what is damaged or lies. */
import assert from 'node:assert/strict';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { LossLensError } from '../../../../engine/errors.ts';
import { unpackZstd } from '../../../../engine/formats/files/zstd/index.ts';

/** The same for the same seed, from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Noise, skewed bytes, floats, small numbers as doubles, repeats near and far, one byte over and over. */
function content(kind: number, length: number, next: () => number): Uint8Array {
  if (kind === 0) return Uint8Array.from({ length }, () => next() * 256);
  if (kind === 1) return Uint8Array.from({ length }, () => next() ** 3 * 40);
  if (kind === 2)
    return bytesOf(Float32Array.from({ length: length / 4 }, (_, i) => Math.sin(i / 50) + next()));
  if (kind === 3) return bytesOf(Float64Array.from({ length: length / 8 }, () => Math.floor(next() * 100)));
  if (kind === 5) return new Uint8Array(length).fill(7);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const back = 1 + Math.floor(next() * Math.min(at, next() < 0.2 ? 1e6 : 300));
    const end = at > 100 && next() < 0.5 ? Math.min(length, at + 3 + Math.floor(next() * 300)) : at;
    while (at < end) bytes[at] = bytes[at++ - back]!;
    if (at < length) bytes[at++] = 97 + next() * 20;
  }
  return bytes;
}

function bytesOf({ buffer }: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer);
}

interface Options {
  readonly level?: number;
  readonly sum?: boolean;
  readonly size?: boolean;
}

function packed(bytes: Uint8Array, { level = 3, sum = false, size = true }: Options = {}): Uint8Array {
  return new Uint8Array(
    zstdCompressSync(bytes, {
      params: {
        [constants.ZSTD_c_compressionLevel]: level,
        [constants.ZSTD_c_checksumFlag]: Number(sum),
        [constants.ZSTD_c_contentSizeFlag]: Number(size),
      },
      ...(size && { pledgedSrcSize: bytes.length }),
    }),
  );
}

function foundIn(bytes: Uint8Array, length: number): string {
  try {
    unpackZstd(bytes, length);
  } catch (error) {
    assert.ok(error instanceof LossLensError, String(error));
    assert.equal(error.code, 'damaged-file');
    return error.message;
  }
  return assert.fail('was read');
}

const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const magic = [0x28, 0xb5, 0x2f, 0xfd];
/** The last block: of `size` times one byte. */
const run = (size: number): number[] => [3 | ((size << 3) & 255), (size >> 5) & 255, size >> 13, 7];

describe('Zstandard', () => {
  it('unpacks what libzstd packs, at any level, with and without size and checksum', () => {
    const next = numbers(1);
    for (const length of [0, 8, 40, 1000, 40_000, 131_072, 300_000]) {
      for (let kind = 0; kind < 6; kind++) {
        const bytes = content(kind, length, next);
        const options = {
          level: [-5, 1, 3, 12, 19][Math.floor(next() * 5)]!,
          sum: next() < 0.3,
          size: next() < 0.7,
        };
        assert.deepEqual(Buffer.from(unpackZstd(packed(bytes, options), bytes.length)), Buffer.from(bytes));
      }
    }
  });

  it('unpacks frames one after the other, and passes those that are to be skipped', () => {
    const [one, two] = [content(4, 500, numbers(2)), content(1, 900, numbers(3))];
    const skipped = [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    const both = joined(packed(one), skipped, packed(two, { sum: true }), skipped);
    assert.deepEqual(unpackZstd(both, 1400), joined(one, two));
    assert.deepEqual(unpackZstd(new Uint8Array(0), 0), new Uint8Array(0));
  });

  it('gives no byte of a damaged frame that libzstd does not give', () => {
    const next = numbers(4);
    let [same, refused] = [0, 0];
    for (let round = 0; round < 600; round++) {
      const bytes = content(
        round % 5,
        200 + 8 * Math.floor(next() * (round % 20 === 0 ? 30_000 : 400)),
        next,
      );
      const frame = packed(bytes, {
        level: 1 + Math.floor(next() * 19),
        sum: next() < 0.3,
        size: next() < 0.7,
      });
      for (let change = next() * 2; change >= 0; change--)
        frame[Math.floor(next() * Math.min(frame.length, next() < 0.5 ? 40 : frame.length))]! ^=
          1 << (next() * 8);
      let ours: Uint8Array;
      try {
        ours = unpackZstd(frame, bytes.length);
      } catch (error) {
        assert.ok(error instanceof LossLensError && error.code === 'damaged-file', String(error));
        refused++;
        continue;
      }
      assert.deepEqual(Buffer.from(ours), zstdDecompressSync(frame));
      same++;
    }
    assert.ok(same > 50 && refused > 200, `${same} the same, ${refused} refused`);
  });

  it('refuses a frame that ends early, wherever it is cut', () => {
    const bytes = content(4, 3000, numbers(5));
    for (const options of [{ sum: true }, { size: false }, { level: 19 }]) {
      const frame = packed(bytes, options);
      for (let end = 0; end < frame.length; end++) foundIn(frame.subarray(0, end), bytes.length);
    }
  });

  it('refuses a frame that unpacks to another size than its page or it itself says', () => {
    const bytes = content(1, 3000, numbers(6));
    for (const size of [true, false]) {
      const frame = packed(bytes, { size });
      for (const length of [0, 2999, 3001, 131_073]) foundIn(frame, length);
    }
    // Its size takes two bytes, after the magic number, the flags and, here, no window.
    const frame = packed(bytes);
    assert.equal(frame[4]! >> 6, 1);
    frame[5]! ^= 1;
    for (const length of [2999, 3000, 3001]) foundIn(frame, length);
  });

  it('allocates nothing for a frame that says it holds more than its blocks can', () => {
    const before = process.memoryUsage();
    const gigabytes = [0xe0, 0, 0, 0, 0x7f, 0, 0, 0, 0];
    assert.match(
      foundIn(joined(magic, gigabytes, run(10)), 2 ** 28),
      /Found: at most 10 bytes in place of \d+\./,
    );
    // A window of more than a terabyte, which one page does not need.
    const window = [0, 0xff];
    assert.match(
      foundIn(joined(magic, window, run(10)), 2 ** 28),
      /Found: at most 10 bytes in place of 268435456\./,
    );
    assert.deepEqual(unpackZstd(joined(magic, window, run(10)), 10), new Uint8Array(10).fill(7));
    const { rss, arrayBuffers } = process.memoryUsage();
    assert.ok(arrayBuffers - before.arrayBuffers < 1e6 && rss - before.rss < 50e6);
  });

  it('unpacks a bomb no further than its page says', () => {
    const more = run(131_072).with(0, run(131_072)[0]! & ~1);
    const bomb = joined(magic, [0, 0x58], ...Array<number[]>(20_000).fill(more), run(1));
    const before = process.memoryUsage().arrayBuffers;
    const start = process.cpuUsage();
    assert.match(foundIn(bomb, 1_000_000), /more than 1000000 bytes/);
    const { user, system } = process.cpuUsage(start);
    assert.ok((user + system) / 1000 < 1000 && process.memoryUsage().arrayBuffers - before < 50e6);
    // A block of more than a block may have, and a kind of block that there is not.
    assert.match(foundIn(joined(magic, [0, 0x58], run(131_073)), 131_073), /unknown kind/);
    assert.match(
      foundIn(joined(magic, [0, 0x58], run(9).with(0, run(9)[0]! | 4)), 9),
      /unknown kind|ends too early/,
    );
  });

  it('refuses bytes whose checksum is another', () => {
    const bytes = content(0, 1000, numbers(7));
    const frame = packed(bytes, { sum: true });
    frame[500]! ^= 1;
    assert.match(foundIn(frame, 1000), /another checksum/);
  });
});
