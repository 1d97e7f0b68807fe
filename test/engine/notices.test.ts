/** Licences of what is bundled: what the build refuses to hand on. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noticesOf } from '../../engine/notices.ts';

describe('notices of bundled packages', () => {
  let root: string;
  const install = (
    name: string,
    license: string | undefined,
    files: Readonly<Record<string, string>>,
  ): void => {
    const folder = path.join(root, 'node_modules', name);
    for (const [file, text] of Object.entries({
      ...files,
      'package.json': JSON.stringify({ name, version: '1.2.3', license }),
    })) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
  };
  const bundled = (...inputs: readonly (readonly [path: string, bytes: number])[]) => [
    {
      'dist/a.js': {
        inputs: Object.fromEntries(inputs.map(([file, bytesInOutput]) => [file, { bytesInOutput }])),
      },
    },
  ];

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'loss-lens-notices-'));
    install('used', 'MIT', { LICENSE: 'Text of used', 'codec/LICENSE.codec.md': 'Text of its codec' });
    install('@of/shaken', 'MIT', { 'license.md': 'Text of shaken' });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('hold the texts of the packages that are really in an output, and of the foreign code in them', () => {
    const text = noticesOf(
      root,
      bundled(['engine/a.ts', 9], ['node_modules/used/index.js', 5], ['node_modules/@of/shaken/index.js', 0]),
    );
    assert.match(text, /^used 1\.2\.3 \(MIT\)$/m);
    assert.match(text, /Text of used\n\nText of its codec/);
    assert.doesNotMatch(text, /shaken/);
    assert.match(noticesOf(root, [], ['@of/shaken']), /^@of\/shaken 1\.2\.3 \(MIT\)\n\nText of shaken/m);
  });

  it('take a package inside another for its own', () => {
    install('used/node_modules/inner', 'ISC', { COPYING: 'Text of inner' });
    const text = noticesOf(root, bundled(['node_modules/used/node_modules/inner/index.js', 5]));
    assert.match(text, /^used\/node_modules\/inner 1\.2\.3 \(ISC\)\n\nText of inner/m);
  });

  it('are refused for a package without a text', () => {
    install('silent', 'MIT', { 'index.js': '' });
    assert.throws(
      () => noticesOf(root, bundled(['node_modules/silent/index.js', 5])),
      /silent has no file with its licence \(MIT\)/,
    );
  });

  it('take a package under one of several licences, with all its texts', () => {
    install('either', 'GPL-2.0-only OR MIT', {
      'LICENSE-MIT.txt': 'Text of MIT',
      'LICENSE-GPL': 'Text of GPL',
    });
    const text = noticesOf(root, bundled(['node_modules/either/index.js', 5]));
    assert.match(text, /^either 1\.2\.3 \(GPL-2\.0-only OR MIT\)\n\nText of GPL\n\nText of MIT/m);
  });

  it('hold the licence of what is compiled into a package that leaves it out', () => {
    install('brotli-dec-wasm', 'MIT OR Apache-2.0', { 'LICENSE-MIT.txt': 'Text of MIT' });
    const text = noticesOf(root, bundled(['node_modules/brotli-dec-wasm/index.js', 5]));
    assert.match(text, /Text of MIT\n\nThe decoder.*brotli-decompressor.*Dropbox/s);
  });

  for (const license of [
    'GPL-3.0-only',
    'GPL-2.0-only OR GPL-3.0-only',
    'SEE LICENSE IN LICENSE',
    undefined,
  ]) {
    it(`are refused for a package under ${license}`, () => {
      install('strict', license, { LICENSE: 'Text' });
      assert.throws(() => noticesOf(root, bundled(['node_modules/strict/index.js', 5])), /strict is under/);
    });
  }
});
