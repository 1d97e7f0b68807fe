/**
 * Runs every `*.host.ts` in a real VS Code: `*.restricted.host.ts` in Restricted Mode, `*.german.host.ts` in German,
 * `*.reload.host.ts` and then, in the reloaded window, `*.reloaded.host.ts`; `*.web.host.ts` and `*.isolated.host.ts` in VS Code for the Web;
 * `*.python.host.ts`, which need Python and companions of the extension, only when asked for; all others in a trusted
 * workspace. node test/host/run.ts [--grep TEXT] [--only KIND]… [--extension FOLDER]
 * The totals are also added to the file that `TEST_TOTALS` names, as the reporter of the engine's tests does.
 */
import { existsSync } from 'node:fs';
import { copyFile, cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { python } from '../kernel/ipykernel.ts';
import { add, describe, failure, keep, noTests, type Totals } from '../totals.ts';
import { messageOf, removeAbandoned, storage } from './install.ts';
import { bundleForWeb } from './web/bundle.ts';

const project = path.resolve(import.meta.dirname, '..', '..');

const kinds = ['trusted', 'restricted', 'german', 'reload', 'web', 'isolated', 'python'] as const;
export type Kind = (typeof kinds)[number];

/** What runs in one window after the other, which is reloaded in between. */
const windows: Readonly<Record<Kind, readonly string[]>> = {
  trusted: ['trusted'],
  restricted: ['restricted'],
  german: ['german'],
  reload: ['reload', 'reloaded'],
  web: ['web'],
  isolated: ['isolated'],
  python: ['python'],
};

/** Extensions that Loss Lens works with and that stand-ins replace here; each says what is real in it. */
const companions = ['test/kernel/jupyter', 'test/debugger/debugpy'];

export interface HostTestOptions {
  /** Otherwise all that need Node alone. */
  readonly only?: readonly Kind[];
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
  for (const kind of options.only ?? defaultKinds()) {
    try {
      totals = add(totals, await launch(kind, options));
    } catch (error) {
      console.error(`test host: ${messageOf(error)}`);
      totals = add(totals, failure(`the ${kind} workspace did not run`));
    }
  }
  return totals;
}

async function launch(kind: Kind, { grep, suite, extension = project }: HostTestOptions): Promise<Totals> {
  await removeAbandoned(`run-${kind}-`);
  const run = path.join(storage, `run-${kind}-${process.pid}`);
  const workspace = path.join(run, 'workspace');
  const totalsFile = path.join(run, 'totals.json');
  await mkdir(run, { recursive: true });
  try {
    // A copy: tests may write to it.
    await cp(path.join(project, 'demo'), workspace, { recursive: true });
    const parameters = [workspace, `--user-data-dir=${path.join(run, 'data')}`];
    if (kind === 'restricted') parameters.push('--restricted');
    if (kind === 'german') parameters.push('--language=de');
    if (isWeb(kind)) parameters.push(`--web=${kind === 'web' ? 'plain' : kind}`);
    else if (hostKind() === 'desktop') parameters.push(`--desktop=${await downloadDesktop()}`);
    if (kind === 'python') await installCompanions(path.join(run, 'data', 'extensions'));
    const suites = suite ? [[path.resolve(suite)]] : await suitesOf(kind);
    const tests = await (isWeb(kind) ? bundleForWeb : bundle)(kind, suites);
    console.log(`\nHost tests, ${kind} workspace`);
    const ended = await runTests({
      // The launcher stands for VS Code: Node runs it, with these arguments before those of VS Code.
      vscodeExecutablePath: process.execPath,
      launchArgs: [path.join(import.meta.dirname, 'launcher.ts'), ...parameters],
      extensionDevelopmentPath: path.resolve(extension),
      extensionTestsPath: tests,
      extensionTestsEnv: { TEST_TOTALS: totalsFile, TEST_GREP: grep, TEST_PYTHON: python(project) },
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
    return add(totals ?? noTests, failure(`the ${kind} workspace: ${reason}`));
  } finally {
    await rm(run, { recursive: true, force: true });
  }
}

const isWeb = (kind: Kind): boolean => kind === 'web' || kind === 'isolated';

/** All that need Node alone; the browser's workbench is the npm host's. */
export const defaultKinds = (): readonly Kind[] =>
  kinds.filter((kind) => kind !== 'python' && (hostKind() === 'npm' || !isWeb(kind)));

/** The files of all suites of that kind, window by window. */
async function suitesOf(kind: Kind): Promise<string[][]> {
  const names = Object.values(windows).flat();
  const suites = windows[kind].map((): string[] => []);
  for await (const file of glob('**/*.host.ts', { cwd: import.meta.dirname })) {
    const name = names.find((each) => file.endsWith(`.${each}.host.ts`)) ?? 'trusted';
    suites[windows[kind].indexOf(name)]?.push(`./${file}`);
  }
  return suites.map((files) => files.sort());
}

/** As VS Code lists what it has installed there: of extensions under development, the npm host takes only one. */
async function installCompanions(extensions: string): Promise<void> {
  const list = [];
  for (const folder of companions.map((name) => path.join(project, name))) {
    const manifest = await readFile(path.join(folder, 'manifest.json'), 'utf8');
    const { publisher, name, version } = JSON.parse(manifest) as Readonly<Record<string, string>>;
    const id = `${publisher}.${name}`;
    const target = path.join(extensions, `${id}-${version}`);
    await mkdir(target, { recursive: true });
    await copyFile(path.join(folder, 'manifest.json'), path.join(target, 'package.json'));
    await build({
      entryPoints: [path.join(folder, 'extension.ts')],
      outfile: path.join(target, 'extension.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['vscode'],
      logLevel: 'warning',
    });
    const location = { $mid: 1, path: target, scheme: 'file' };
    list.push({ identifier: { id }, version, location, relativeLocation: path.basename(target) });
  }
  await writeFile(path.join(extensions, 'extensions.json'), JSON.stringify(list));
}

/** One file of these suites, window by window, with Mocha around them. */
async function bundle(kind: Kind, suites: readonly (readonly string[])[]): Promise<string> {
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
  const imports = (file: string) => `await import(${JSON.stringify(file.replaceAll('\\', '/'))});`;
  const loads = suites.map((files) => `async () => { ${files.map(imports).join('\n')} }`);
  const outfile = path.join(project, 'dist', 'test', `${kind}.cjs`);
  await build({
    stdin: {
      contents: `import { runSuites } from './suite.ts';
        export const run = () => runSuites([${loads.join(', ')}]);`,
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
    loader: { '.py': 'text' },
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

export function hostKind(): 'npm' | 'desktop' {
  const wanted = process.env.VSCODE_TEST_HOST;
  if (wanted === 'npm' || wanted === 'desktop') return wanted;
  if (wanted) throw new Error(`VSCODE_TEST_HOST is '${wanted}'; it can be npm or desktop.`);
  return process.platform === 'linux' && process.arch === 'x64' ? 'npm' : 'desktop';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      grep: { type: 'string' },
      only: { type: 'string', multiple: true },
      suite: { type: 'string' },
      extension: { type: 'string' },
    },
  });
  const only = values.only?.map((value) => {
    const found = kinds.find((kind) => kind === value);
    if (!found) throw new Error(`--only takes ${kinds.join(', ')}, not '${value}'.`);
    return found;
  });
  const totals = await runHostTests({
    ...(only ? { only } : {}),
    ...(values.grep ? { grep: values.grep } : {}),
    ...(values.suite ? { suite: values.suite } : {}),
    ...(values.extension ? { extension: values.extension } : {}),
  });
  console.log(describe(totals));
  keep(totals);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}
