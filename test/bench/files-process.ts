/** A process of its own for one run: reads files, or evaluates a loss on them, and prints how long it took and its memory. */

import { diskFile } from '../../engine/formats/files/disk.ts';
import { readFileArrays } from '../../engine/formats/files/index.ts';
import { isRefused } from '../../engine/formats/files/several.ts';
import { dispose, evaluateStream } from '../../engine/node.ts';

const [what, ...given] = process.argv.slice(2) as [string, ...string[]];

async function read(files: readonly string[]): Promise<void> {
  const into = new Uint8Array(8 * 2 ** 20);
  await Promise.all(
    files.map(async (file) => {
      const source = await diskFile(file);
      for (let at = 0; at < source.size; at += into.length) {
        await source.read(into.subarray(0, Math.min(into.length, source.size - at)), at);
      }
    }),
  );
}

async function evaluate(loss: string, files: readonly string[]): Promise<void> {
  const opened = await Promise.all(
    files.map(async (file) =>
      readFileArrays(file, await diskFile(file), () => Promise.reject(new Error('no picture'))),
    ),
  );
  // A table has both columns in one file.
  const arrays = opened.length === 1 ? opened[0]!.slice(0, 2) : opened.map(([first]) => first!);
  const streams = await Promise.all(
    arrays.map((array) => {
      if (isRefused(array) || !array.stream) throw new Error(`no rows in ${files}`);
      return array.stream();
    }),
  );
  const [input, target] = streams;
  await evaluateStream({ loss, streams: { input: input!, target: target! }, gradients: true });
}

const start = performance.now();
if (what === 'read') await read(given);
else await evaluate(given[0]!, given.slice(1));
const time = performance.now() - start;
console.log(JSON.stringify({ time, peak: process.resourceUsage().maxRSS * 1024 }));
dispose();
