/** The engine's npm package, as another project has it: installed from its tarball, without a network. */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { layOut, pack } from '../../engine/package.ts';
import { installChromium } from '../host/install.ts';

const root = path.resolve(import.meta.dirname, '../..');
const readme = readFileSync(path.join(root, 'engine', 'README.md'), 'utf8');

describe('the npm package', function () {
  this.timeout(600_000);
  let project: string;
  const write = (file: string, text: string): string => {
    const place = path.join(project, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
    return place;
  };
  const node = (...parameters: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, parameters, { cwd: project, encoding: 'utf8' });

  before(() => {
    project = mkdtempSync(path.join(tmpdir(), 'loss-lens-package-'));
    layOut();
    const tarball = pack(project);
    write('package.json', '{ "private": true, "type": "module" }');
    const { status, stderr } = spawnSync(
      `npm install --offline --ignore-scripts --no-audit --no-fund "${tarball}"`,
      { cwd: project, encoding: 'utf8', shell: true },
    );
    assert.equal(status, 0, stderr);
  });
  after(() => rmSync(project, { recursive: true, force: true }));

  it('stands alone: no dependencies, no scripts, its licences, and no larger than 3 MB', () => {
    const folder = path.join(project, 'node_modules', 'loss-lens');
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    assert.match(manifest.description, /^What exactly does this loss compute/);
    for (const field of ['dependencies', 'scripts', 'devDependencies', 'private']) {
      assert.equal(manifest[field], undefined, field);
    }
    for (const file of [
      'LICENSE',
      'ThirdPartyNotices.txt',
      'README.md',
      'worker.js',
      'checks/class-axis.md',
    ]) {
      assert.ok(existsSync(path.join(folder, file)), file);
    }
    const tarball = readFileSync(path.join(project, `loss-lens-${manifest.version}.tgz`));
    assert.ok(tarball.length < 3_000_000, `${tarball.length} bytes`);
    assert.match(readFileSync(path.join(folder, 'ThirdPartyNotices.txt'), 'utf8'), /^watr [\d.]+ \(MIT\)$/m);
  });

  describe('README.md', () => {
    const examples = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

    it('has examples that print what stands below them', () => {
      examples.forEach((code, i) => {
        write(`examples/${i}.mjs`, code);
      });
      // One process for them all: each alone would mostly start up.
      write(
        'examples/all.mjs',
        `import { format } from 'node:util';
const print = console.log;
const printed = [];
for (let i = 0; i < ${examples.length}; i++) {
  const lines = [];
  console.log = (...values) => lines.push(format(...values));
  await import(\`./\${i}.mjs\`);
  printed.push(lines.join('\\n'));
}
print(JSON.stringify(printed));`,
      );
      const { stdout, stderr } = node('examples/all.mjs');
      assert.equal(stderr, '');
      const printed = JSON.parse(stdout) as string[];
      examples.forEach((code, i) => {
        const expected = [...code.matchAll(/^\s*\/\/ (.*)$/gm)].map(([, line]) => line).join('\n');
        assert.equal(printed[i], expected);
      });
      assert.ok(examples.length >= 10);
    });

    it('names every export, and has each function in an example', () => {
      const { stdout } = node(
        '--input-type=module',
        '--eval',
        `const all = [await import('loss-lens'), await import('loss-lens/files')];
console.log(JSON.stringify(all.flatMap((module) => Object.entries(module).map(([name, { constructor }]) => [name, constructor.name]))));`,
      );
      const exported = JSON.parse(stdout) as [name: string, kind: string][];
      assert.ok(exported.length > 50);
      const code = examples.join('\n');
      for (const [name, kind] of exported) {
        assert.match(
          readme.replaceAll(/^```js\n[\s\S]*?^```$/gm, ''),
          new RegExp(`\`[^\`]*\\b${name}\\b`),
          name,
        );
        if (!/Function$/.test(kind)) continue;
        assert.match(code.replaceAll(/^import [\s\S]*?;$/gm, ''), new RegExp(`\\b${name}\\b`), name);
      }
    });
  });

  describe('its types', () => {
    const program = `import {
  array, evaluate, findLosses, losses, LossLensError, type Evaluation, type NdArray, type RecognisedLoss,
} from 'loss-lens';
import { type FileArray, isRefused, readFileArrays, sourceOf } from 'loss-lens/files';

const target: NdArray = array([0, 1]);
const evaluation: Evaluation = await evaluate({ loss: 'huber', inputs: { prediction: target, target } });
const found: readonly RecognisedLoss[] = findLosses('', 'python');
const files = await readFileArrays('a.json', sourceOf(new Uint8Array()), async () => new Uint8Array());
const arrays: FileArray[] = files.filter((one): one is FileArray => !isRefused(one));
export const value: number | bigint | undefined = evaluation.value.data[0];
export const ids: string[] = losses.map(({ id }) => id);
export { arrays, found, LossLensError };
// @ts-expect-error: inputs are arrays, not numbers.
await evaluate({ loss: 'huber', inputs: { prediction: 1, target } });
// @ts-expect-error: there is no such reduction.
await evaluate({ loss: 'huber', inputs: { prediction: target, target }, reduction: 'average' });
`;

    for (const [compiler, options] of [
      ['typescript', { module: 'node16', lib: ['es2024', 'dom'] }],
      ['typescript', { module: 'esnext', moduleResolution: 'bundler', lib: ['es2024', 'dom'] }],
      [
        'typescript',
        {
          module: 'esnext',
          moduleResolution: 'bundler',
          customConditions: ['browser'],
          lib: ['es2024', 'dom'],
        },
      ],
      ['typescript-6', { module: 'node16', lib: ['es2024'], skipLibCheck: true }],
    ] as const) {
      it(`are strict in ${compiler} with ${JSON.stringify(options)}`, () => {
        const strict = {
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          target: 'es2024',
          noEmit: true,
          types: [],
        };
        write('types/program.ts', program);
        write(
          'types/tsconfig.json',
          JSON.stringify({ compilerOptions: { ...strict, ...options }, files: ['program.ts'] }),
        );
        const { status, stdout } = node(
          path.join(root, 'node_modules', compiler, 'bin', 'tsc'),
          '--project',
          'types',
        );
        assert.equal(status, 0, stdout);
      });
    }
  });

  it('evaluates in a web page, with the pages’ own kinds of imports', async () => {
    write(
      'index.html',
      `<!doctype html><link rel="icon" href="data:,"><script type="importmap">{ "imports": {
        "loss-lens": "/node_modules/loss-lens/browser/engine.mjs",
        "loss-lens/files": "/node_modules/loss-lens/browser/files.mjs"
      } }</script>`,
    );
    const server = createServer((request, response) => {
      const file = path.join(project, request.url === '/' ? 'index.html' : request.url!);
      response.setHeader('Content-Type', file.endsWith('.html') ? 'text/html' : 'text/javascript');
      createReadStream(file)
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { executable, environment } = await installChromium();
    const browser = await chromium.launch({
      executablePath: executable,
      env: { ...process.env, ...environment } as Record<string, string>,
      chromiumSandbox: false,
    });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const answer = await page.evaluate(`(async () => {
        const { array, configure, dispose, evaluate, webWorker } = await import('loss-lens');
        const { readFileArrays, sourceOf } = await import('loss-lens/files');
        const csv = sourceOf(new TextEncoder().encode('p,t\\n0.5,0\\n10,0\\n'));
        const [p, t] = await readFileArrays('scores.csv', csv, async () => new Uint8Array());
        const inputs = { prediction: await p.load(), target: await t.load() };
        const { value, gradients } = await evaluate({ loss: 'huber', inputs, gradients: true });
        configure({ worker: () => webWorker('/node_modules/loss-lens/browser/web-worker.js'), threads: 1 });
        const many = array(new Float32Array(100_000).fill(3));
        const none = array(new Float32Array(100_000));
        const asked = { loss: 'huber', inputs: { prediction: many, target: none }, backend: 'wasm' };
        const onWorkers = await evaluate(asked);
        dispose();
        return [value.data[0], ...gradients.prediction.data, onWorkers.value.data[0], onWorkers.backend];
      })()`);
      assert.deepEqual(answer, [4.8125, 0.25, 0.5, 2.5, 'wasm']);
      assert.deepEqual(errors, []);
    } finally {
      await browser.close();
      server.close();
    }
  });

  describe('its command line', () => {
    const cli = (...parameters: string[]): SpawnSyncReturns<string> =>
      node(path.join(project, 'node_modules', 'loss-lens', 'cli.mjs'), ...parameters);

    it('is what npx runs', () => {
      const { status, stdout } = spawnSync('npx --offline loss-lens --version', {
        cwd: project,
        encoding: 'utf8',
        shell: true,
      });
      assert.equal(status, 0);
      assert.equal(stdout.trim(), JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version);
    });

    it('evaluates files, with a gradient that another process reads', () => {
      write('p.csv', '0.5\n0\n1\n10\n');
      const { status, stdout, stderr } = cli(
        ...['eval', 'torch.nn.HuberLoss', '--input', 'p.csv', '--target', '[0.0, 0, 0, 0]', '--delta', '2'],
        ...['--gradient', 'g.npy', '--json'],
      );
      assert.equal(status, 0, stderr);
      assert.equal(JSON.parse(stdout).value.data[0], 4.65625);
      const again = cli(
        'eval',
        'mean-absolute-error',
        '--pred',
        'g.npy',
        '--target',
        '[0.0,0,0,0]',
        '--json',
      );
      assert.equal(JSON.parse(again.stdout).value.data[0], 0.21875);
    });

    it('has the pages of its checks and its decoders with it', () => {
      write('src/a.py', 'import torch.nn as nn\nloss = nn.CrossEntropyLoss()(nn.Softmax(dim=1)(x), y)\n');
      const { status, stdout } = cli('check', 'src', '--format', 'sarif');
      assert.equal(status, 1);
      const { rules } = JSON.parse(stdout).runs[0].tool.driver;
      assert.match(rules[0].help.markdown, /^# Softmax before cross-entropy/);
      const picture = path.join(root, 'test/golden/data/array-files/lossless.webp');
      const image = cli('eval', 'total-variation', '--image', `${picture}#intensities`, '--json');
      assert.ok(JSON.parse(image.stdout).value.data[0] > 0, image.stderr);
      const column = path.join(root, 'test/golden/data/array-files/brotli-1.parquet');
      const pages = cli(
        'eval',
        'mean-squared-error',
        '--pred',
        `${column}#f4`,
        '--target',
        `${column}#f4`,
        '--json',
      );
      assert.deepEqual(JSON.parse(pages.stdout).value.data, [0], pages.stderr);
    });
  });
});
