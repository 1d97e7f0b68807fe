/** CONTRIBUTING.md followed to the letter: the loss that it adds is added to a copy of the project. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe as describeLoss } from '../../extension/hover/content.ts';
import type { Pages } from '../../extension/pages.ts';

type Engine = typeof import('../../engine/node.ts');

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
const section = /^## Add a loss in two files\n([\s\S]*?)^## Add a framework/m.exec(text)![1]!;

/** Its blocks in order: those that a path and a colon stand before are files. */
const blocks = [...section.matchAll(/^(`{3,4})(\w+)\n([\s\S]*?)^\1$/gm)].map((match) => ({
  language: match[2]!,
  body: match[3]!,
  file: /`([\w/.-]+)`:\s*$/.exec(section.slice(0, match.index))?.[1],
}));
const files = blocks.filter(({ file }) => file);
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .map(({ body }) => body.trim().split('\n'));
const program = blocks.find(({ language }) => language === 'js')!.body;

/** The project as it is now, with packages of its own: a build writes one of them. */
function copyProject(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'loss-lens-contributing-'));
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const wanted = /^(engine|extension|webview|test|demo|l10n)\/|^[\w.-]+$/;
  for (const file of tracked.split('\0').filter((name) => wanted.test(name) && !/\/data\//.test(name))) {
    if (!existsSync(path.join(root, file))) continue;
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    copyFileSync(path.join(root, file), path.join(copy, file));
  }
  mkdirSync(path.join(copy, 'node_modules'));
  for (const entry of readdirSync(path.join(root, 'node_modules'), { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory() || name === '.cache' || name === 'loss-lens-tsserver-plugin') continue;
    symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name), 'junction');
  }
  execFileSync('git', ['init', '--quiet'], { cwd: copy });
  return copy;
}

describe('CONTRIBUTING.md, "Add a loss in two files"', function () {
  this.timeout(600_000);
  let copy: string;

  function run(command: string, ...parameters: string[]): string {
    const bin = path.join(copy, 'node_modules', '.bin');
    const { status, stdout, stderr } = spawnSync(command, parameters, {
      cwd: copy,
      shell: parameters.length === 0,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    });
    assert.equal(status, 0, `${command}\n${stdout}\n${stderr}`);
    return stdout;
  }

  before(() => {
    copy = copyProject();
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  it('names two files, and the commands that follow them succeed', () => {
    assert.deepEqual(
      files.map(({ file }) => file),
      ['engine/losses/regression/charbonnier.ts', 'engine/losses/regression/charbonnier.md'],
    );
    for (const { file, body } of files) {
      assert.ok(!existsSync(path.join(copy, file!)), `${file} is there already`);
      writeFileSync(path.join(copy, file!), body);
    }
    const [building, testing] = commands;
    assert.deepEqual(building, ['npm run build', 'npm run check']);
    for (const command of building) run(command);
    const report = run(testing![0]!);
    // On both backends, and with nothing left out.
    assert.match(report, /charbonnier, 1 set-ups/);
    assert.match(report, /charbonnier on wasm/);
    assert.ok(Number(/(\d+) passing/.exec(report)?.[1]) > 20, report);
    assert.doesNotMatch(report, /failing|pending/);
  });

  it('its program prints what stands there', () => {
    const file = path.join(copy, 'use.mjs');
    writeFileSync(file, program);
    const expected = program.split('\n').find((line) => line.startsWith('// '))!;
    assert.equal(run(process.execPath, file).trim(), expected.slice(3).trim());
  });

  it('has the value of its formula, and the gradient of its value', async () => {
    const engine = (await import(pathToFileURL(path.join(copy, 'dist', 'engine.mjs')).href)) as Engine;
    const residuals = [0.7, -0.2, 0, 3, -2.5];
    const epsilon = 0.3;
    const target = engine.array(new Float64Array(residuals.length));
    const at = (data: readonly number[], backend: 'reference' | 'wasm') =>
      engine.evaluate({
        loss: 'charbonnier',
        inputs: { prediction: engine.array(Float64Array.from(data)), target },
        parameters: { epsilon },
        gradients: true,
        backend,
      });
    const value = async (data: readonly number[]) => Number((await at(data, 'reference')).value.data[0]);
    const expected = residuals.reduce((sum, r) => sum + Math.hypot(r, epsilon), 0) / residuals.length;
    for (const backend of ['reference', 'wasm'] as const) {
      const answer = await at(residuals, backend);
      assert.ok(Math.abs(Number(answer.value.data[0]) - expected) < 1e-12);
      for (const [i, slope] of Array.from(answer.gradients.prediction!.data, Number).entries()) {
        const moved = (by: number) => value(residuals.map((r, j) => (j === i ? r + by : r)));
        const quotient = ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5;
        assert.ok(Math.abs(slope - quotient) < 1e-8, `${backend}, ${i}: ${slope}, not ${quotient}`);
      }
    }
    await engine.dispose();
  });

  it('can be hovered and looked up, and is inserted as a training step', async () => {
    const engine = (await import(pathToFileURL(path.join(copy, 'dist', 'engine.mjs')).href)) as Engine;
    const found = engine.lossAt('def own(p, y):  # loss: charbonnier', 'def o'.length, 'python');
    assert.ok(found?.loss === 'charbonnier');
    const { losses, curves } = JSON.parse(
      readFileSync(path.join(copy, 'dist', 'pages.json'), 'utf8'),
    ) as Pages;
    const page = losses.charbonnier!;
    const parts = describeLoss(
      {
        loss: found,
        subject: { symbol: undefined, page },
        formula: page.formula,
        curve: curves.charbonnier,
        settings: [],
        links: { evaluate: 'command:a', insert: 'command:b', reference: 'command:c' },
      },
      'dark',
    );
    const hover = parts.map(({ value }) => value).join('');
    assert.match(hover, /Charbonnier loss/);
    assert.match(hover, /an absolute error whose tip is round/);
    assert.match(hover, /loss = mean of √\(r² \+ ε²\)/);
    assert.equal(hover.match(/<img src="data:image\/svg/g)?.length, 2, 'formula and curve');
    const book = JSON.parse(readFileSync(path.join(copy, 'dist', 'reference.json'), 'utf8'));
    assert.equal(book.pages.charbonnier.kind, 'loss');
    assert.match(JSON.stringify(book.pages.opening), /charbonnier/);
    for (const framework of engine.snippetFrameworks) {
      assert.ok(engine.snippetFor('charbonnier', framework), framework);
    }
  });
});
