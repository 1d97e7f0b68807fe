/**
 * Every check of the project, one stage after the other whatever the earlier ones came to. The last line is the total
 * over all of them. node test/run.ts [--python]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runHostTests } from './host/run.ts';
import { add, describe, failure, noTests, type Totals } from './totals.ts';

const project = path.resolve(import.meta.dirname, '..');
const modules = path.join(project, 'node_modules');
const { values } = parseArgs({ options: { python: { type: 'boolean', default: false } } });

const stages: [name: string, run: () => Promise<Totals>][] = [
  ['lint', () => check('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')],
  ['types', () => check('typescript/bin/tsc', '--build')],
  ['build', () => check('../esbuild.mjs')],
  ['engine tests', () => engineTests('test/engine/**/*.test.ts')],
  ['goldens on WebGPU', () => engineTests('test/engine/**/*.gpu.ts')],
  ['host tests', () => runHostTests()],
];
if (values.python) {
  stages.push(
    ['kernels', () => engineTests('test/kernel/**/*.test.ts', '--import=./test/kernel/text.ts')],
    ['host tests with Python', () => runHostTests({ only: 'python' })],
    ['Python check', () => check('../test/golden/python.ts', 'check')],
    ['snippets on their libraries', () => check('../test/golden/python.ts', 'snippets')],
  );
}

let totals = noTests;
const summary: string[] = [];
for (const [name, run] of stages) {
  console.log(`\n── ${name}`);
  const start = Date.now();
  const result = await run();
  totals = add(totals, result);
  summary.push(`${name}: ${describe(result)} (${((Date.now() - start) / 1000).toFixed(0)} s)`);
}
const failed = totals.failures.map((title) => `failed: ${title}`);
console.log(`\n── summary\n${[...summary, ...failed].join('\n')}\n\n${describe(totals)}`);
process.exit(totals.failed > 0 ? 1 : 0);

/** One check: it holds or it does not. */
async function check(script: string, ...parameters: string[]): Promise<Totals> {
  const code = await node([path.join(modules, script), ...parameters]);
  return code === 0 ? { ...noTests, passed: 1 } : failure(`${script} ${parameters.join(' ')}`);
}

async function engineTests(files: string, ...options: string[]): Promise<Totals> {
  const file = path.join(project, '.vscode-test', `engine-totals-${process.pid}.json`);
  await mkdir(path.dirname(file), { recursive: true });
  const mocha = path.join(modules, 'mocha', 'bin', 'mocha.js');
  const reporter = path.join(import.meta.dirname, 'reporter.ts');
  const code = await node([mocha, '--fail-zero', `--reporter=${reporter}`, ...options, files], {
    TEST_TOTALS: file,
  });
  const result = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Totals) : noTests;
  await rm(file, { force: true });
  // Without a failure among the tests, a bad ending is one: a file that does not load, no test at all.
  return code !== 0 && result.failed === 0 ? add(result, failure(`${files} ended with ${code}`)) : result;
}

/** @returns the exit code */
async function node(
  parameters: readonly string[],
  environment: Record<string, string> = {},
): Promise<number> {
  const child = spawn(process.execPath, parameters, {
    cwd: project,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
