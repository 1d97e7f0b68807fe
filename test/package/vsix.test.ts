/** What `npm run package` has put into the VSIX, which is what people install. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = readFileSync(path.join(root, `${manifest.name}-${manifest.version}.vsix`));

/** Everything that may be in it. */
const expected: readonly RegExp[] = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(LICENSE\.txt|ThirdPartyNotices\.txt|changelog\.md|package\.json|readme\.md)$/,
  /^extension\/extension\/icon\.png$/,
  /^extension\/dist\/(package|pages|reference)\.json$/,
  /^extension\/dist\/(pages|reference)\.de\.json$/,
  /^extension\/dist\/(extension|features|worker|web|web-worker|webview|reference|streamed)\.js$/,
  /^extension\/dist\/(webview|reference|streamed)\.css$/,
  /^extension\/dist\/(jpeg|webp|brotli)\.wasm$/,
  /^extension\/dist\/reference\.svg$/,
  /^extension\/package\.nls\.json$/,
  /^extension\/package\.nls\.de\.json$/,
  /^extension\/l10n\/bundle\.l10n\.de\.json$/,
  /^extension\/extension\/walkthrough\/\w+\.svg$/,
  /^extension\/demo\/(train_torch\.py|softmax_twice\.py|losses\.ipynb)$/,
  /^extension\/dist\/webview\/(gpu|libraries)\.js$/,
  /^extension\/dist\/fonts\/KaTeX_\w+-\w+\.woff2$/,
  /^extension\/node_modules\/loss-lens-tsserver-plugin\/(index\.js|package\.json|summaries\.json)$/,
];

describe('the VSIX', () => {
  const files = unzipSync(vsix);
  const names = Object.keys(files);
  const text = (name: string): string => strFromU8(files[`extension/${name}`]!);
  const own = JSON.parse(text('package.json'));

  it('holds what it needs, and nothing else', () => {
    assert.deepEqual(
      names.filter((name) => !expected.some((pattern) => pattern.test(name))),
      [],
    );
    for (const pattern of expected)
      assert.ok(
        names.some((name) => pattern.test(name)),
        String(pattern),
      );
  });

  it('is smaller than 4 MB', () => {
    assert.ok(vsix.length < 4_000_000, `${vsix.length} bytes`);
  });

  it('runs no script when it is installed, and has no dependency but the plugin that is in it', () => {
    assert.equal(own.scripts, undefined);
    assert.equal(own.devDependencies, undefined);
    assert.deepEqual(own.dependencies, { 'loss-lens-tsserver-plugin': own.version });
    const plugin = JSON.parse(text('node_modules/loss-lens-tsserver-plugin/package.json'));
    assert.deepEqual(Object.keys(plugin).sort(), ['license', 'main', 'name', 'version']);
  });

  it('brings the licence of every package that is in its bundles', () => {
    const notices = text('ThirdPartyNotices.txt');
    for (const name of [
      'katex',
      '@lezer/python',
      '@observablehq/plot',
      'watr',
      '@jsquash/webp',
      'hyparquet',
      'hysnappy',
    ]) {
      assert.match(notices, new RegExp(`^${name} [\\d.]+ \\([\\w.-]+\\)$`, 'm'));
    }
    assert.match(notices, /^brotli-dec-wasm [\d.]+ \(MIT OR Apache-2\.0\)$/m);
    // What decoders are made of, which is no package.
    assert.match(notices, /libjpeg-turbo/);
    assert.match(notices, /Dropbox/);
    assert.doesNotMatch(notices, /^(mocha|esbuild|typescript|@mathjax\/src) /m);
    assert.match(text('LICENSE.txt'), /MIT License/);
  });

  it('says of itself what a marketplace shows', () => {
    for (const field of [
      'publisher',
      'displayName',
      'description',
      'license',
      'repository',
      'homepage',
      'bugs',
    ]) {
      assert.ok(own[field], field);
    }
    assert.equal(own.private, undefined);
    assert.ok(own.categories.length > 0 && own.keywords.length <= 30);
    assert.match(own.galleryBanner.color, /^#[0-9a-f]{6}$/);
    const png = new DataView(files[`extension/${own.icon}`]!.slice().buffer);
    assert.equal(png.getUint32(0), 0x89504e47);
    assert.deepEqual([png.getUint32(16), png.getUint32(20)], [128, 128]);
  });

  it('has every file that its manifest names', () => {
    const views = Object.values(own.contributes.viewsContainers).flat() as { icon: string }[];
    for (const file of [own.main, own.browser ?? own.main, own.icon, ...views.map(({ icon }) => icon)]) {
      assert.ok(names.includes(path.posix.join('extension', file)), file);
    }
  });

  it('shows in its README pictures that a marketplace takes: PNG or GIF, over https', () => {
    const pictures = [...text('readme.md').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(
      ([, address]) => address!,
    );
    assert.ok(pictures.length > 3);
    for (const address of pictures) assert.match(address, /^https:\/\/.+\.(png|gif)$/);
    assert.doesNotMatch(text('readme.md'), /<(img|svg)\b/);
  });
});

describe('what it is built of', () => {
  it('is pinned: every package in the lock file as package.json names it, none at run time', () => {
    const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
    assert.equal(manifest.dependencies, undefined);
    for (const [name, version] of Object.entries<string>(manifest.devDependencies)) {
      assert.match(version, /^(npm:[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/, name);
      assert.equal(lock.packages[`node_modules/${name}`].version, version.replace(/^npm:.*@/, ''), name);
    }
    for (const [place, { integrity, link }] of Object.entries<{ integrity?: string; link?: true }>(
      lock.packages,
    )) {
      if (place !== '' && !link) assert.match(integrity ?? '', /^sha512-/, place);
    }
  });

  it('each has its line, with its reason, in ARCHITECTURE.md', () => {
    const table = /^## Libraries\n([\s\S]*?)^## /m.exec(
      readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8'),
    )![1]!;
    const named = new Set([...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    const unnamed = Object.keys(manifest.devDependencies).filter(
      (name) => !named.has(name) && !name.startsWith('@types/'),
    );
    assert.deepEqual(unnamed, []);
  });
});
