/**
 * `npm start`: VS Code with this extension, on demo/. The installed one where the command `code` finds one, else
 * VS Code's server from npm, to be opened in the browser.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { quietSettings } from './host.ts';
import { removeAbandoned, storage } from './install.ts';
import { startServer } from './server.ts';

const project = path.resolve(import.meta.dirname, '..', '..');
const demo = path.join(project, 'demo');
const manifest = JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly engines: { readonly vscode: string };
};

if ((await run(process.execPath, [path.join(project, 'esbuild.mjs')])) !== 0) {
  console.error('The build failed, so there is no extension to show.');
  process.exit(1);
}
if (!(await openInstalled())) await serve();

/** @returns whether a VS Code that is new enough took it */
async function openInstalled(): Promise<boolean> {
  const version = await versionOfCode();
  if (version === undefined) return false;
  const needed = manifest.engines.vscode.replace(/^\D+/, '');
  if (version.localeCompare(needed, undefined, { numeric: true }) < 0) {
    console.log(`The installed VS Code is ${version}; Loss Lens needs ${needed}.`);
    return false;
  }
  console.log(`Opening demo/ in the installed VS Code ${version} …`);
  const parameters = [
    '--new-window',
    '--disable-workspace-trust',
    `--extensionDevelopmentPath=${project}`,
    demo,
    path.join(demo, 'train_torch.py'),
  ];
  return (await run('code', parameters)) === 0;
}

async function versionOfCode(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('code', ['--version'], {
      shell: process.platform === 'win32',
      timeout: 20_000,
    });
    return /^\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

/** Serves until it is interrupted. */
async function serve(): Promise<void> {
  await removeAbandoned('start-');
  const data = path.join(storage, `start-${process.pid}`);
  await mkdir(path.join(data, 'extensions'), { recursive: true });
  await symlink(
    project,
    path.join(data, 'extensions', `${manifest.publisher}.${manifest.name}-${manifest.version}`),
    'junction',
  );
  const server = await startServer({
    data,
    folder: demo,
    settings: { ...quietSettings, 'window.autoDetectColorScheme': true, 'workbench.startupEditor': 'readme' },
    workspaceTrust: false,
  });
  console.log(`\nVS Code with Loss Lens, on demo/. Open this address in a browser on this machine:\n
    ${server.address}\n\nCtrl+C ends it.`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), server.ended]);
  await server.stop();
  await rm(data, { recursive: true, force: true });
}

/** @returns its exit code */
async function run(command: string, parameters: readonly string[]): Promise<number> {
  const shell = process.platform === 'win32' && command === 'code';
  const child = spawn(command, shell ? parameters.map((parameter) => `"${parameter}"`) : parameters, {
    stdio: 'inherit',
    shell,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
