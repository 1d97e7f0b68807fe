/**
 * `npm run pictures`: takes the pictures that the README and docs/PLOTS.md show from the screenshots that the host tests left
 * behind. Refuses where one is missing.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { storage } from './install.ts';

const project = path.resolve(import.meta.dirname, '..', '..');
const images = path.join(project, 'docs', 'images');

/** By the name in docs/images: which screenshot. */
const ofReadme = {
  'hover-dark': 'hover-dark',
  'panel-dark': 'panel-wide-dark',
  'panel-explain-dark': 'panel-wide-dark-explain',
  'plots-dark': 'plot-masks-dark',
  'kernel-dark': 'kernel-variables-dark',
  'reference-light': 'reference-light',
  'messages-page': 'messages-page',
  'checks-hover-dark': 'checks-hover-dark',
  'completion-dark': 'completion-dark',
};

/** Higher than the window: taken with the window around it. */
const high = /^masks-/;
const gallery = await readFile(path.join(project, 'docs', 'PLOTS.md'), 'utf8');
const ofPlots = Object.fromEntries(
  [...gallery.matchAll(/images\/plots\/(.+?)\.png/g)].map(([, name]) => [
    `plots/${name}`,
    `${high.test(name!) ? 'plot' : 'figure'}-${name}`,
  ]),
);

const wanted = Object.entries({ ...ofReadme, ...ofPlots }).map(([to, from]) => ({
  from: path.join(storage, 'screenshots', `${from}.png`),
  to: path.join(images, `${to}.png`),
}));
const missing = wanted.filter(({ from }) => !existsSync(from)).map(({ from }) => path.basename(from));
if (missing.length > 0) {
  console.error(`Missing: ${missing.join(', ')}. Run npm run test:host and npm run test:kernel first.`);
  process.exit(1);
}
await rm(path.join(images, 'plots'), { recursive: true, force: true });
await mkdir(path.join(images, 'plots'), { recursive: true });
for (const { from, to } of wanted) await copyFile(from, to);
console.log(`${wanted.length} pictures in ${images}`);
