/**
 * Every check of the project, whatever the earlier ones came to. The last line is the total over all of them.
 * node test/run.ts [--python]
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { defaultKinds, hostKind, type Kind } from './host/run.ts';
import { add, describe, failure, noTests, type Totals } from './totals.ts';

const project = path.resolve(import.meta.dirname, '..');
const modules = path.join(project, 'node_modules');
const { values } = parseArgs({ options: { python: { type: 'boolean', default: false } } });

interface Stage {
  readonly name: string;
  /** Waits for the processes that it starts, whose output it hands to `out`. */
  run(out: Output): Promise<Totals>;
}

const engine: Stage = { name: 'engine tests', run: (out) => engineTests(out, 'test/engine/**/*.test.ts') };
/** Ahead of what needs it: a slow network would use up the time of a test. */
const editor: Stage = { name: 'VS Code and Chromium', run: (out) => check(out, '../test/host/install.ts') };
const gpu: Stage = { name: 'goldens on WebGPU', run: (out) => engineTests(out, 'test/engine/**/*.gpu.ts') };
const host = hostTests('host tests', ['trusted']);
const otherHosts = hostTests(
  'host tests in other windows',
  defaultKinds().filter((kind) => kind !== 'trusted'),
);
const hostWithPython = hostTests('host tests with Python', ['python']);
/** Built as they are published, so that it comes after whatever looks into the build. */
const packages: Stage = {
  name: 'packages',
  async run(out) {
    const built = await check(out, '../esbuild.mjs', '--production');
    const laidOut = await check(out, '../extension/package.ts');
    return [built, laidOut, await engineTests(out, 'test/package/**/*.test.ts')].reduce(add);
  },
};
const python: readonly Stage[] = [
  { name: 'Python libraries', run: (out) => check(out, '../test/golden/python.ts', 'install') },
  { name: 'Python check', run: (out) => check(out, '../test/golden/python.ts', 'check') },
  { name: 'snippets on their libraries', run: (out) => check(out, '../test/golden/python.ts', 'snippets') },
  {
    name: 'kernels',
    run: (out) =>
      engineTests(out, 'test/kernel/**/*.test.ts', '--import=./test/kernel/text.ts', '--retries=1'),
  },
];

let totals = noTests;
const summary: string[] = [];
const fetched = inTurn(hostKind() === 'npm' ? [editor] : [], collected);
await inTurn([
  { name: 'lint', run: (out) => check(out, '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.') },
  { name: 'types', run: (out) => check(out, 'typescript/bin/tsc', '--build') },
  { name: 'build', run: (out) => check(out, '../esbuild.mjs') },
]);
// Mostly one process each: side by side, as long as one another, they take two thirds of the time.
await Promise.all([
  lane([engine], [gpu, otherHosts]),
  values.python ? lane(python, [host, hostWithPython]) : lane([], [host]),
]);
await inTurn([packages]);
const failed = totals.failures.map((title) => `failed: ${title}`);
const retried = totals.retries.map((title) => `passed at the second attempt: ${title}`);
console.log(`\n── summary\n${[...summary, ...retried, ...failed].join('\n')}\n\n${describe(totals)}`);
process.exit(totals.failed > 0 ? 1 : 0);

/** Where the output of a stage's processes goes: to this process's own, or into a text that is printed when it ends. */
interface Output {
  readonly stdio: 'inherit' | 'pipe';
  take(text: string): void;
  end(): void;
}

function shown(): Output {
  return { stdio: 'inherit', take: () => undefined, end: () => undefined };
}

function collected(): Output {
  const texts: string[] = [];
  return { stdio: 'pipe', take: (text) => texts.push(text), end: () => console.log(texts.join('')) };
}

/** @param inEditor what waits until VS Code and Chromium have been fetched */
async function lane(stages: readonly Stage[], inEditor: readonly Stage[]): Promise<void> {
  await inTurn(stages, collected);
  await fetched;
  await inTurn(inEditor, collected);
}

async function inTurn(stages: readonly Stage[], output: () => Output = shown): Promise<void> {
  for (const { name, run } of stages) {
    const out = output();
    const title = `\n── ${name}`;
    console.log(out.stdio === 'inherit' ? title : `${title} begins`);
    if (out.stdio === 'pipe') out.take(`${title}\n`);
    const start = Date.now();
    const result = await run(out);
    out.end();
    totals = add(totals, result);
    summary.push(`${name}: ${describe(result)} (${((Date.now() - start) / 1000).toFixed(0)} s)`);
  }
}

/** One check: it holds or it does not. */
async function check(out: Output, script: string, ...parameters: string[]): Promise<Totals> {
  const code = await node(out, [path.join(modules, script), ...parameters]);
  return code === 0 ? { ...noTests, passed: 1 } : failure(`${script} ${parameters.join(' ')}`);
}

function engineTests(out: Output, files: string, ...options: string[]): Promise<Totals> {
  const mocha = path.join(modules, 'mocha', 'bin', 'mocha.js');
  const reporter = path.join(import.meta.dirname, 'reporter.ts');
  return tests(out, files, [mocha, '--fail-zero', `--reporter=${reporter}`, ...options, files]);
}

function hostTests(name: string, kinds: readonly Kind[]): Stage {
  const script = path.join(import.meta.dirname, 'host', 'run.ts');
  return { name, run: (out) => tests(out, name, [script, ...kinds.map((kind) => `--only=${kind}`)]) };
}

/** @param name what they are, for a process that ends without totals */
async function tests(out: Output, name: string, parameters: readonly string[]): Promise<Totals> {
  const file = path.join(project, '.vscode-test', `totals-${randomUUID()}.json`);
  await mkdir(path.dirname(file), { recursive: true });
  const code = await node(out, parameters, { TEST_TOTALS: file });
  const result = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Totals) : noTests;
  await rm(file, { force: true });
  // Without a failure among the tests, a bad ending is one: a file that does not load, no test at all.
  return code !== 0 && result.failed === 0 ? add(result, failure(`${name} ended with ${code}`)) : result;
}

/** @returns the exit code */
async function node(
  out: Output,
  parameters: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  const child = spawn(process.execPath, parameters, {
    cwd: project,
    env: { ...process.env, ...environment },
    stdio: ['inherit', out.stdio, out.stdio],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => out.take(text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}
