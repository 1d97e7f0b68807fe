/**
 * Runs every `*.host.ts` in a real VS Code: `*.restricted.host.ts` in Restricted Mode, the others in a trusted
 * workspace. node test/host/run.ts [--grep TEXT] [--only trusted|restricted] [--extension FOLDER] [--keep SCREENSHOT]…
 */
import { existsSync } from 'node:fs';
import { copyFile, cp, glob, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { add, describe, failure, noTests, type Totals } from '../totals.ts';
import { messageOf, removeAbandoned, storage } from './install.ts';

const project = path.resolve(import.meta.dirname, '..', '..');

export const trusts = ['trusted', 'restricted'] as const;
export type Trust = (typeof trusts)[number];

export interface HostTestOptions {
  readonly only?: Trust;
  /** Runs only the tests whose title contains this. */
  readonly grep?: string;
  /** Runs this file alone, wherever it is. */
  readonly suite?: string;
  /** Where the extension is, if not in the project: an unpacked VSIX, for one. */
  readonly extension?: string;
}

/** Never throws: what keeps the tests from running is printed and counts as a failure. */
export async function runHostTests(options: HostTestOptions = {}): Promise<Totals> {
  let totals = noTests;
  for (const trust of options.only ? [options.only] : trusts) {
    try {
      totals = add(totals, await launch(trust, options));
    } catch (error) {
      console.error(`test host: ${messageOf(error)}`);
      totals = add(totals, failure(`the ${trust} workspace did not run`));
    }
  }
  return totals;
}

async function launch(trust: Trust, { grep, suite, extension = project }: HostTestOptions): Promise<Totals> {
  await removeAbandoned(`run-${trust}-`);
  const run = path.join(storage, `run-${trust}-${process.pid}`);
  const workspace = path.join(run, 'workspace');
  const totalsFile = path.join(run, 'totals.json');
  await mkdir(run, { recursive: true });
  try {
    // A copy: tests may write to it.
    await cp(path.join(project, 'demo'), workspace, { recursive: true });
    const parameters = [workspace, `--user-data-dir=${path.join(run, 'data')}`];
    if (trust === 'restricted') parameters.push('--restricted');
    if (hostKind() === 'desktop') parameters.push(`--desktop=${await downloadDesktop()}`);
    const tests = await bundle(trust, suite ? [path.resolve(suite)] : await suitesOf(trust));
    console.log(`\nHost tests, ${trust} workspace`);
    const ended = await runTests({
      // The launcher stands for VS Code: Node runs it, with these arguments before those of VS Code.
      vscodeExecutablePath: process.execPath,
      launchArgs: [path.join(import.meta.dirname, 'launcher.ts'), ...parameters],
      extensionDevelopmentPath: path.resolve(extension),
      extensionTestsPath: tests,
      extensionTestsEnv: { TEST_TOTALS: totalsFile, TEST_GREP: grep },
    }).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    const totals = existsSync(totalsFile)
      ? (JSON.parse(await readFile(totalsFile, 'utf8')) as Totals)
      : undefined;
    if (totals && (ended === undefined || totals.failed > 0)) return totals;
    const reason = ended ?? 'the tests ended without a result';
    console.error(`test host: ${reason}`);
    return add(totals ?? noTests, failure(`the ${trust} workspace: ${reason}`));
  } finally {
    await rm(run, { recursive: true, force: true });
  }
}

/** The files of all suites of that kind. */
async function suitesOf(trust: Trust): Promise<string[]> {
  const suites: string[] = [];
  for await (const file of glob('**/*.host.ts', { cwd: import.meta.dirname })) {
    if (file.endsWith('.restricted.host.ts') === (trust === 'restricted')) suites.push(`./${file}`);
  }
  return suites.sort();
}

/** One file of these suites, with Mocha around them. */
async function bundle(trust: Trust, suites: readonly string[]): Promise<string> {
  // For gpu.host.ts, which takes it into a page.
  await build({
    entryPoints: [path.join(project, 'engine', 'index.ts')],
    outfile: path.join(project, 'dist', 'test', 'engine-in-page.js'),
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'LossLens',
    target: 'es2023',
    logLevel: 'warning',
  });
  const imports = suites.map((file) => `await import(${JSON.stringify(file.replaceAll('\\', '/'))});`);
  const outfile = path.join(project, 'dist', 'test', `${trust}.cjs`);
  await build({
    stdin: {
      contents: `import { runSuites } from './suite.ts';
        export const run = () => runSuites(async () => { ${imports.join('\n')} });`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}

async function downloadDesktop(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode('stable');
  } catch (error) {
    throw new Error(`The desktop VS Code could not be downloaded: ${messageOf(error)}`);
  }
}

function hostKind(): 'npm' | 'desktop' {
  const wanted = process.env.VSCODE_TEST_HOST;
  if (wanted === 'npm' || wanted === 'desktop') return wanted;
  if (wanted) throw new Error(`VSCODE_TEST_HOST is '${wanted}'; it can be npm or desktop.`);
  return process.platform === 'linux' && process.arch === 'x64' ? 'npm' : 'desktop';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      grep: { type: 'string' },
      only: { type: 'string' },
      suite: { type: 'string' },
      extension: { type: 'string' },
      keep: { type: 'string', multiple: true, default: [] },
    },
  });
  const only = trusts.find((trust) => trust === values.only);
  if (values.only && !only) throw new Error(`--only takes ${trusts.join(' or ')}, not '${values.only}'.`);
  const totals = await runHostTests({
    ...(only ? { only } : {}),
    ...(values.grep ? { grep: values.grep } : {}),
    ...(values.suite ? { suite: values.suite } : {}),
    ...(values.extension ? { extension: values.extension } : {}),
  });
  for (const name of values.keep) {
    const images = path.join(project, 'docs', 'images');
    await mkdir(images, { recursive: true });
    await copyFile(path.join(storage, 'screenshots', `${name}.png`), path.join(images, `${name}.png`));
  }
  console.log(describe(totals));
  process.exitCode = totals.failed > 0 ? 1 : 0;
}
