/**
 * Puts a VS Code server and a Chromium under `.vscode-test/`, from npm alone, the first time that they are needed.
 *
 * Each is installed in a folder of its own beside the final one and renamed when complete. A folder that exists is
 * therefore whole: an install that was cut off leaves nothing to repair, and of two at once the later one gives way.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const project = path.resolve(import.meta.dirname, '..', '..');
export const storage = path.join(project, '.vscode-test');
const packages = path.join(import.meta.dirname, 'packages');

export interface Browser {
  readonly executable: string;
  /** What it needs in its environment, beside what is there. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where `lib/vscode` of the pinned code-server lies: `out/server-main.js` in it is the server. */
export async function installVSCode(): Promise<string> {
  const folder = await installOnce('vscode', async (target) => {
    const vscode = path.join(target, 'node_modules', 'code-server', 'lib', 'vscode');
    // `npm ci` refuses these two shrinkwraps; `install` follows them all the same.
    const install = ['install', '--omit=dev', '--ignore-scripts'];
    await npm(install, vscode);
    await npm(install, path.join(vscode, 'extensions'));
    await copyFile(
      path.join(packages, 'vscode', 'spdlog.cjs'),
      path.join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js'),
    );
  });
  return path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/**
 * A Chromium that starts on this machine: the one that `CHROME_PATH` names, the pinned one, or an installed one.
 * @throws Error that says what each of them lacked
 */
export async function installChromium(): Promise<Browser> {
  const named = process.env.CHROME_PATH;
  if (named) return { executable: named, environment: {} };
  const refusals: string[] = [];
  if (process.platform === 'linux' && process.arch === 'x64') {
    const folder = await installPinnedChromium();
    const pinned: Browser = {
      executable: path.join(folder, 'browser', 'chromium'),
      environment: existsSync('/etc/fonts/fonts.conf')
        ? {}
        : { FONTCONFIG_FILE: path.join(folder, 'browser', 'fonts.conf') },
    };
    const libraries = [path.join(folder, 'browser', 'al2023', 'lib'), process.env.LD_LIBRARY_PATH];
    const withLibraries: Browser = {
      ...pinned,
      environment: { ...pinned.environment, LD_LIBRARY_PATH: libraries.filter(Boolean).join(':') },
    };
    for (const browser of [pinned, withLibraries]) {
      const refusal = await whyNot(browser);
      if (refusal === undefined) return browser;
      refusals.push(refusal);
    }
  }
  for (const executable of installedBrowsers()) {
    const refusal = await whyNot({ executable, environment: {} });
    if (refusal === undefined) return { executable, environment: {} };
    refusals.push(refusal);
  }
  throw new Error(
    `The host tests need a Chromium, and none starts here. Name one by CHROME_PATH, or install Chrome.\n${refusals.join('\n')}`,
  );
}

/** The folder of the pinned Chromium, in which `browser/` holds it and the libraries that it comes with. Linux x64. */
export const installPinnedChromium = (): Promise<string> => installOnce('chromium', unpackChromium);

/** @param pinned holds the package.json and its lock; a change to any file in it makes a new install */
export async function installOnce(
  name: string,
  finish: (target: string) => Promise<void>,
  pinned = path.join(packages, name),
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(pinned)).sort()) hash.update(await readFile(path.join(pinned, file)));
  const label = `${name}-${hash.digest('hex').slice(0, 8)}`;
  const folder = path.join(storage, label);
  if (existsSync(folder)) return folder;

  const target = `${folder}.installing-${process.pid}`;
  await removeAbandoned(`${label}.installing-`);
  await mkdir(target, { recursive: true });
  const start = Date.now();
  report(`installing ${name} from npm into ${path.relative(project, folder)} (the first time only) …`);
  try {
    for (const file of ['package.json', 'package-lock.json']) {
      await copyFile(path.join(pinned, file), path.join(target, file));
    }
    await npm(['ci', '--ignore-scripts', '--omit=dev'], target);
    await finish(target);
    await rename(target, folder);
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    // Another run may have put it there meanwhile.
    if (existsSync(folder)) return folder;
    throw new Error(`${name} could not be installed. Is the npm registry reachable?\n${messageOf(error)}`);
  }
  report(`installed ${name} in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  return folder;
}

/** Removes what processes left behind that no longer live: entries of that prefix and a process id. */
export async function removeAbandoned(prefix: string): Promise<void> {
  for (const entry of existsSync(storage) ? await readdir(storage) : []) {
    if (!entry.startsWith(prefix)) continue;
    if (!isRunning(Number(entry.slice(prefix.length)))) {
      await rm(path.join(storage, entry), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The npm that started this script, or the one on the PATH. Its output is shown only when it fails. */
async function npm(parameters: readonly string[], folder: string): Promise<void> {
  const starter = process.env.npm_execpath;
  const [command, ...before] = starter?.endsWith('npm-cli.js') ? [process.execPath, starter] : ['npm'];
  const parametersOfAll = [...before, ...parameters, '--no-audit', '--no-fund'];
  // npm hands its own settings down as variables, `--omit` and the project's `.npmrc` among them.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_config_(omit|only|production|prefix)/i.test(key)),
  );
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command!, parametersOfAll, {
      cwd: folder,
      env: environment,
      shell: process.platform === 'win32' && command === 'npm',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${parameters.join(' ')} ended with ${code}:\n${output.trim()}`));
    });
  });
}

/** The package unpacks into the temporary folder of the machine, where an older version may lie; so it is given its own. */
async function unpackChromium(target: string): Promise<void> {
  const browser = path.join(target, 'browser');
  await mkdir(browser);
  const script = `const { inflate } = await import('@sparticuz/chromium');
    for (const name of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']) {
      await inflate('node_modules/@sparticuz/chromium/bin/' + name);
    }`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: target,
    env: { ...process.env, TMPDIR: browser },
  });
  await rm(path.join(target, 'node_modules'), { recursive: true, force: true });
  await writeFile(
    path.join(browser, 'fonts.conf'),
    '<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n',
  );
}

function installedBrowsers(): string[] {
  const candidates: Partial<Record<NodeJS.Platform, string[]>> = {
    linux: ['/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium'],
    darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  };
  return (candidates[process.platform] ?? []).filter((candidate) => existsSync(candidate));
}

/** Why this browser does not start; undefined when it does. */
async function whyNot(browser: Browser): Promise<string | undefined> {
  try {
    await promisify(execFile)(browser.executable, ['--version'], {
      env: { ...process.env, ...browser.environment },
      timeout: 20_000,
    });
    return undefined;
  } catch (error) {
    return `${browser.executable}: ${messageOf(error)}`;
  }
}

function report(message: string): void {
  console.log(`test host: ${message}`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await installVSCode();
  await installChromium();
}
