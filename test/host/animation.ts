/**
 * `npm run animation`: what the README shows in motion. Plays `tour.ts` in a real VS Code and puts its pictures together
 * as docs/images/tour.gif.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { encode } from 'modern-gif';
import { storage } from './install.ts';
import { runHostTests } from './run.ts';

const screenshots = path.join(storage, 'screenshots');
const file = path.resolve(import.meta.dirname, '..', '..', 'docs', 'images', 'tour.gif');
/** Bytes: what a README may take to load. */
const most = 1_500_000;

await mkdir(screenshots, { recursive: true });
for (const old of await pictures()) await rm(path.join(screenshots, old));
const totals = await runHostTests({ only: ['trusted'], suite: path.join(import.meta.dirname, 'tour.ts') });
if (totals.failed > 0) process.exit(1);

const frames = await Promise.all(
  (await pictures()).map(async (name) => {
    const { data, width, height, channels } = decode(await readFile(path.join(screenshots, name)));
    const delay = Number(/-(\d+)\.png$/.exec(name)![1]);
    return { data: opaque(data as Uint8Array, channels), width, height, delay };
  }),
);
const [first] = frames;
if (!first) throw new Error('The tour has left no pictures.');
const { width, height } = first;
const animation = await encode({ width, height, maxColors: 255, frames });
if (animation.byteLength > most) throw new Error(`The animation has ${animation.byteLength} bytes.`);
await mkdir(path.dirname(file), { recursive: true });
await writeFile(file, new Uint8Array(animation));
console.log(`${file}: ${frames.length} pictures, ${animation.byteLength} bytes`);

/** Those of the tour, in their order. */
async function pictures(): Promise<string[]> {
  return (await readdir(screenshots)).filter((name) => /^tour-.*\.png$/.test(name)).sort();
}

/** Red, green, blue and an opacity that is 1 throughout. */
function opaque(data: Uint8Array, channels: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray((data.length / channels) * 4);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    for (let channel = 0; channel < 3; channel++) pixels[to + channel] = data[from + channel]!;
    pixels[to + 3] = 255;
  }
  return pixels;
}
