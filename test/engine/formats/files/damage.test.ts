/** Files that are damaged or lie, one by one; any damage at all is what test/fuzz makes. */
import assert from 'node:assert/strict';
import { crc32, deflateSync } from 'node:zlib';
import { LossLensError } from '../../../../engine/errors.ts';
import {
  type ByteSource,
  decoders,
  isRefused,
  readFileArrays,
} from '../../../../engine/formats/files/node.ts';
import { zip } from '../../../zip.ts';
import { bytesOfFile, openBytes } from './opening.ts';

/**
 * Milliseconds of the processor, and bytes beyond what there was: far more than any of these files needs, far less than
 * a bomb.
 */
const most = { time: 1000, memory: 1.5e9 };

/** What of a file can be had is had. */
async function readAll(name: string, bytes: Uint8Array): Promise<void> {
  for (const one of await openBytes(name, bytes)) {
    if (isRefused(one)) continue;
    await one.load();
    const rows = await one.stream?.();
    while (rows && (await rows.next(1000)).shape[0] !== 0);
  }
}

/** Each array, or why it is refused. */
async function arraysIn(bytes: Uint8Array): Promise<unknown[]> {
  const codes: unknown[] = [];
  for (const one of await openBytes('a.parquet', bytes)) {
    if (isRefused(one)) codes.push(one);
    else codes.push(await one.load().catch((error: LossLensError) => error.code));
  }
  return codes;
}

async function assertRefusedAtMost(name: string, bytes: Uint8Array): Promise<void> {
  const start = process.cpuUsage();
  const memory = process.memoryUsage.rss();
  try {
    await readAll(name, bytes);
  } catch (error) {
    assert.ok(error instanceof LossLensError, `${name}: ${error instanceof Error ? error.stack : error}`);
  }
  const { user, system } = process.cpuUsage(start);
  assert.ok((user + system) / 1000 < most.time, `${name} took ${(user + system) / 1000} ms`);
  assert.ok(process.memoryUsage.rss() - memory < most.memory, name);
}

describe('damaged files of arrays', () => {
  it('a Parquet page whose header has lost the lengths of its levels', async () => {
    for (const [at, byte] of [
      [3732, 232],
      [689, 97],
    ] as const) {
      const bytes = bytesOfFile('zstd-2.parquet');
      bytes[at] = byte;
      await assertRefusedAtMost('a.parquet', bytes);
    }
  });

  it('a Parquet page whose Zstandard frame begins with another bit: the same numbers, or none', async () => {
    const whole = bytesOfFile('zstd-2.parquet');
    const numbers = await arraysIn(whole);
    let [frames, refused] = [0, 0];
    for (let at = whole.indexOf(0x28); at >= 0; at = whole.indexOf(0x28, at + 1)) {
      if (!/^28b52ffd/.test(Buffer.from(whole.subarray(at, at + 4)).toString('hex'))) continue;
      frames++;
      // The magic number, the flags, the size and the header of the first block.
      for (let bit = 0; bit < 9 * 8; bit += 5) {
        const bytes = whole.slice();
        bytes[at + (bit >> 3)]! ^= 1 << (bit & 7);
        const outcome = await arraysIn(bytes);
        for (const [index, array] of outcome.entries()) {
          if (array === 'damaged-file') refused++;
          else assert.deepEqual(array, numbers[index]);
        }
      }
    }
    assert.ok(frames > 3 && refused > 5 * frames, `${refused} refused in ${frames} frames`);
  });
});

async function refusalOf(name: string, bytes: Uint8Array): Promise<LossLensError> {
  try {
    await readAll(name, bytes);
  } catch (error) {
    assert.ok(error instanceof LossLensError, String(error));
    return error;
  }
  return assert.fail(`${name} was read`);
}

const npy = (descr: string, shape: string, data = 0): Uint8Array => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const bytes = new Uint8Array(10 + header.length + data);
  bytes.set(
    Buffer.from(
      `\x93NUMPY\x01\x00${String.fromCharCode(header.length & 255, header.length >> 8)}${header}`,
      'latin1',
    ),
  );
  return bytes;
};

describe('files that lie about their size', () => {
  it('an array that is shorter or longer than its header says', async () => {
    assert.equal((await refusalOf('a.npy', npy('<f4', '(10,)', 36))).code, 'incomplete');
    assert.equal((await refusalOf('a.npy', npy('<f4', '(10,)', 44))).code, 'damaged-file');
    assert.equal((await refusalOf('a.npy', npy('<f4', '(1000000000000,)', 40))).code, 'incomplete');
    assert.equal((await refusalOf('a.npy', npy('<f4', '(9007199254740993, 0)', 0))).code, 'damaged-file');
  });

  it('a file that becomes shorter while it is read', async () => {
    const bytes = npy('<f4', '(10,)', 40);
    const source: ByteSource = {
      size: bytes.length,
      async read(into, position) {
        const part = bytes.subarray(position, Math.min(position + into.length, bytes.length - 4));
        into.set(part);
        return part.length;
      },
    };
    const [one] = await readFileArrays('a.npy', source, decoders);
    assert.ok(one && !isRefused(one));
    await assert.rejects(one.load(), { code: 'incomplete' });
  });

  it('a member that unpacks to more or less than the ZIP file says, or to something else', async () => {
    const content = npy('<f4', '(100,)', 400);
    assert.equal((await refusalOf('a.npz', zip(content, content.length - 4))).code, 'incomplete');
    assert.equal((await refusalOf('a.npz', zip(content, content.length + 4))).code, 'damaged-file');
    const other = content.slice();
    other[other.length - 1] = 1;
    for (const isStored of [false, true]) {
      const damaged = zip(other, content.length, crc32(content), 'a.npy', isStored);
      assert.equal((await refusalOf('a.npz', damaged)).code, 'damaged-file');
      await readAll('a.npz', zip(content, content.length, undefined, 'a.npy', isStored));
    }
  });

  it('a bomb: four gigabytes of zeros are refused without unpacking them', async function () {
    this.timeout(60_000);
    const header = npy('<f4', '(1000000000,)');
    const packed = zip(header, header.length + 4e9, 0);
    const before = process.memoryUsage.rss();
    const [one] = await openBytes('bomb.npz', packed);
    assert.ok(one && isRefused(one) === false);
    await assert.rejects(one.load(), { code: 'too-large' });
    assert.ok(process.memoryUsage.rss() - before < 200e6);
    // Where the lie is the other way round, a member is unpacked no further than it says.
    const zeros = new Uint8Array(300e6);
    zeros.set(npy('<f4', '(100,)'));
    const lying = zip(zeros, npy('<f4', '(100,)').length + 400, 0);
    const start = performance.now();
    assert.equal((await refusalOf('bomb.npz', lying)).code, 'damaged-file');
    assert.ok(performance.now() - start < 5 * most.time, `${performance.now() - start} ms`);
  });

  it('a PNG file that unpacks to more than its pixels', async () => {
    const bomb = png(4, 4, deflateSync(new Uint8Array(200e6)));
    const before = process.memoryUsage.rss();
    assert.equal((await refusalOf('bomb.png', bomb)).code, 'damaged-file');
    assert.ok(process.memoryUsage.rss() - before < 400e6);
    assert.equal(
      (await refusalOf('huge.png', png(100_000, 100_000, deflateSync(new Uint8Array(10))))).code,
      'too-large',
    );
  });

  it('containers of a pickle that hold themselves', async () => {
    const list = Buffer.from([0x80, 2, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e]);
    assert.equal(
      (await refusalOf('loop.pt', zip(list, list.length, undefined, 'archive/data.pkl'))).code,
      'damaged-file',
    );
    // Thirty lists, each of the one before twice.
    const doubling = [0x80, 2, 0x5d, 0x71, 0];
    for (let i = 0; i < 30; i++) doubling.push(0x5d, 0x71, i + 1, 0x68, i, 0x61, 0x68, i, 0x61);
    doubling.push(0x2e);
    const bytes = Buffer.from(doubling);
    assert.equal(
      (await refusalOf('laughs.pt', zip(bytes, bytes.length, undefined, 'archive/data.pkl'))).code,
      'damaged-file',
    );
  });
});

function png(width: number, height: number, data: Uint8Array): Uint8Array {
  const chunk = (type: string, content: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))]),
  );
}
