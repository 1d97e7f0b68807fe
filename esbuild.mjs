/**
 * Builds everything that runs into dist/. `--watch` rebuilds on change, `--production` minifies and drops source maps.
 *
 *   extension.js    what VS Code starts. CommonJS, as dist/package.json says: VS Code before 1.100 only `require`s.
 *   features.js     what the extension does, the engine included, loaded on first use
 *   engine.mjs, files.mjs, cli.mjs  the engine, its readers of files and its command line, for Node; engine-….mjs what they share
 *   browser/        the first two for web pages
 *   worker.js       the engine's worker thread
 *   web.js          the whole extension for a browser, and web-worker.js its engine's worker
 *   webview.js/.css the panel
 *   streamed.js/.css what was evaluated row by row
 *   jpeg.wasm, webp.wasm, brotli.wasm decoders of pictures and of Parquet's pages
 *   reference.js/.css/.svg the pages of the reference, and their icon
 *   webview/        what these pages fetch later: libraries that draw, and the engine for the GPU of the window
 *   node_modules/loss-lens-tsserver-plugin, where TypeScript looks for the plugin that package.json names
 *   ThirdPartyNotices.txt  of the packages inside the extension; engine-notices.txt inside the engine
 *   pages.json      what the hover and the panel show of each loss: formulas and curves drawn in advance
 *   reference.json  the pages of the reference, rendered; these two also for each language in l10n/
 *
 * Before, it writes down which losses there are (engine/losses/build.ts). Needs Node 24, which runs TypeScript as it is;
 * npm scripts put the repository's own first.
 */

import { watch } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { writeCatalogue } from './engine/losses/build.ts';
import { noticesOf } from './engine/notices.ts';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const watching = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: production ? 'none' : 'inline',
  logLevel: 'warning',
  target: 'es2023',
  // What is sent to a kernel or a debugged process.
  loader: { '.py': 'text' },
  // The words come as data: nothing reads files for them, in the engine least of all.
  alias: { '@vscode/l10n': './node_modules/@vscode/l10n/dist/browser.js' },
};
const node = { ...common, platform: 'node', target: 'node20' };

/** What is loaded at activation leaves the rest in a file beside it. */
const featuresStayOutside = {
  name: 'features-stay-outside',
  setup(build) {
    build.onResolve({ filter: /\/features\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './features.js', external: true } : undefined,
    );
  },
};

const modulesOf = new Map();

/** A module in both files of the extension would exist twice, with two states. */
const nothingTwice = {
  name: 'nothing-twice',
  setup(build) {
    build.onEnd(({ metafile }) => {
      modulesOf.set(build.initialOptions.entryPoints, Object.keys(metafile?.inputs ?? {}));
      const [some, others] = [...modulesOf.values()];
      const both = some.filter((path) => others?.includes(path));
      return {
        errors: both.map((path) => ({ text: `${path} is loaded at activation and again on first use` })),
      };
    });
  },
};

const inExtensionHost = {
  ...node,
  outdir: dist,
  format: 'cjs',
  external: ['vscode'],
  metafile: true,
  define: { 'import.meta.url': '__fileUrl' },
  banner: { js: "const __fileUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** Each a file of its own: what a page shares with it would be one more request through VS Code's service worker. */
const fetchedLater = {
  name: 'fetched-later',
  setup(build) {
    for (const [filter, path] of [
      [/\/bundled\.ts$/, './webview/libraries.js'],
      [/\/gpu\.ts$/, './webview/gpu.js'],
    ]) {
      build.onResolve({ filter }, ({ kind }) =>
        kind === 'dynamic-import' ? { path, external: true } : undefined,
      );
    }
  },
};

const inPages = {
  ...common,
  platform: 'browser',
  outdir: dist,
  format: 'esm',
  assetNames: 'fonts/[name]',
  loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
};

const pagesAfterEngine = {
  name: 'pages-after-engine',
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length === 0) await writePages();
    });
  },
};

const engineModules = { format: 'esm', splitting: true, outExtension: { '.js': '.mjs' } };

/** TypeScript finds a plugin only as a package under node_modules, beside whatever else is there. */
const plugin = join(root, 'node_modules', 'loss-lens-tsserver-plugin');

const builds = [
  {
    ...node,
    entryPoints: { index: 'extension/tsserver-plugin/plugin.ts' },
    outdir: plugin,
    format: 'cjs',
    // TypeScript calls what the module itself is.
    footer: { js: 'module.exports = module.exports.default;' },
  },
  {
    ...node,
    entryPoints: {
      engine: 'engine/node.ts',
      files: 'engine/formats/files/node.ts',
      cli: 'engine/cli/bin.ts',
    },
    outdir: dist,
    ...engineModules,
    // Beside the worker, which is found from there.
    chunkNames: 'engine-[hash]',
    // Its `main` cannot be bundled.
    alias: { ...common.alias, 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [pagesAfterEngine],
  },
  {
    ...common,
    platform: 'browser',
    entryPoints: { engine: 'engine/web.ts', files: 'engine/formats/files/index.ts' },
    outdir: join(dist, 'browser'),
    ...engineModules,
    chunkNames: 'engine-[hash]',
  },
  { ...node, entryPoints: { worker: 'engine/node-worker.ts' }, outdir: dist, format: 'cjs' },
  {
    ...inExtensionHost,
    entryPoints: { extension: 'extension/main.ts' },
    plugins: [featuresStayOutside, nothingTwice],
  },
  { ...inExtensionHost, entryPoints: { features: 'extension/platform/node.ts' }, plugins: [nothingTwice] },
  // A browser's extension host loads one file of CommonJS, and workers of one file.
  {
    ...common,
    platform: 'browser',
    entryPoints: { web: 'extension/platform/web.ts' },
    outdir: dist,
    format: 'cjs',
    external: ['vscode'],
  },
  {
    ...common,
    platform: 'browser',
    entryPoints: { 'web-worker': 'engine/web-worker.ts' },
    outdir: dist,
    format: 'iife',
  },
  {
    ...inPages,
    entryPoints: {
      webview: 'webview/main.ts',
      reference: 'webview/reference/main.ts',
      streamed: 'webview/streamed/main.ts',
      'webview/gpu': 'webview/gpu.ts',
    },
    inject: ['webview/language.ts'],
    plugins: [fetchedLater],
  },
  { ...inPages, entryPoints: { 'webview/libraries': 'webview/libraries/bundled.ts' } },
];

async function writePages() {
  const { writePages } = await import('./extension/formula/build.ts');
  const { writeReference } = await import('./extension/reference/build.ts');
  const engine = await import(`${pathToFileURL(join(dist, 'engine.mjs')).href}?${Date.now()}`);
  const languages = (await readdir(join(root, 'l10n'))).flatMap(
    (name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1] ?? [],
  );
  await Promise.all([
    writePages({
      engine,
      losses: join(root, 'engine/losses'),
      file: join(dist, 'pages.json'),
      translations: await Promise.all(
        languages.map(async (language) => ({
          said: JSON.parse(await readFile(join(root, 'l10n', `bundle.l10n.${language}.json`), 'utf8')),
          file: join(dist, `pages.${language}.json`),
        })),
      ),
    }),
    writeReference({
      engine,
      root: join(root, 'engine'),
      file: join(dist, 'reference.json'),
      translations: languages.map((language) => ({
        language,
        root: join(root, 'l10n', language),
        file: join(dist, `reference.${language}.json`),
      })),
    }),
  ]);
  await writeSummaries();
}

/** The plugin's words for each loss, out of the pages. */
async function writeSummaries() {
  const { losses } = JSON.parse(await readFile(join(dist, 'pages.json'), 'utf8'));
  const summaries = Object.entries(losses).map(([id, { title, summary, formula }]) => [
    id,
    { title, summary, formula: formula.alternative },
  ]);
  await writeFile(join(plugin, 'summaries.json'), JSON.stringify(Object.fromEntries(summaries)));
}

async function writePluginManifest() {
  const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = { name: 'loss-lens-tsserver-plugin', version, license, main: 'index.js' };
  await writeFile(join(plugin, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

writeCatalogue(join(root, 'engine/losses'));
await mkdir(dist, { recursive: true });
await mkdir(plugin, { recursive: true });
await writePluginManifest();
// Their files are named by their contents: old ones would stay.
await rm(join(dist, 'webview'), { recursive: true, force: true });
await rm(join(dist, 'browser'), { recursive: true, force: true });
for (const name of await readdir(dist)) if (/^engine-\w+\.mjs/.test(name)) await rm(join(dist, name));
await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
await copyFile(join(root, 'extension/reference/icon.svg'), join(dist, 'reference.svg'));
for (const [codec, file] of [
  ['jpeg', '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'],
  ['webp', '@jsquash/webp/codec/dec/webp_dec.wasm'],
  ['brotli', 'brotli-dec-wasm/pkg/brotli_dec_wasm_bg.wasm'],
]) {
  await copyFile(join(root, 'node_modules', file), join(dist, `${codec}.wasm`));
}

if (watching) {
  const contexts = await Promise.all(
    builds.map((options) => esbuild.context({ ...options, logLevel: 'info' })),
  );
  await Promise.all(contexts.map((context) => context.watch()));
  watch(join(root, 'engine'), { recursive: true }, (_, name) => {
    try {
      if (name?.startsWith('losses')) writeCatalogue(join(root, 'engine/losses'));
    } catch (error) {
      // Of two files one is there first.
      console.error(error.message);
    }
    if (name?.endsWith('.md')) writePages().catch((error) => console.error(error.message));
  });
} else {
  const results = await Promise.all(builds.map((options) => esbuild.build({ ...options, metafile: true })));
  const inEngine = results.filter((_, i) => builds[i].splitting);
  const font = '@mathjax/mathjax-newcm-font';
  for (const [file, made, others] of [
    // The formulas of hovers are drawn with its glyphs.
    ['ThirdPartyNotices.txt', results.filter((result) => !inEngine.includes(result)), [font]],
    ['engine-notices.txt', inEngine, []],
  ]) {
    const outputs = made.map(({ metafile }) => metafile.outputs);
    await writeFile(join(dist, file), noticesOf(root, outputs, others));
  }
}
