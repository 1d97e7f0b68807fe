/** VS Code's server with its web workbench, from the pinned npm package. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { installVSCode } from './install.ts';

export interface ServerOptions {
  /** Keeps settings, extensions and logs; created when missing. */
  readonly data: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** False: whatever is opened is trusted. */
  readonly workspaceTrust: boolean;
  /** Opened when the address names no folder. */
  readonly folder?: string;
  /** Makes the workbench honour the `payload` of its address, which names an extension under development and its tests. */
  readonly driven?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Server {
  /** `127.0.0.1:` and the port that was free. */
  readonly authority: string;
  /** The page of the workbench, with the secret that it asks for. */
  readonly address: string;
  /** Resolves when the server has ended, by `stop` or by itself. */
  readonly ended: Promise<void>;
  /** The last lines that it wrote. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

const startTimeout = 60_000;

export async function startServer(options: ServerOptions): Promise<Server> {
  const vscode = await installVSCode();
  const user = path.join(options.data, 'data', 'User');
  const logFile = path.join(options.data, 'server.log');
  await mkdir(user, { recursive: true });
  await writeFile(path.join(user, 'settings.json'), JSON.stringify(options.settings, undefined, 2));

  const token = randomUUID();
  const parameters = [
    path.join(vscode, 'out', 'server-main.js'),
    '--host=127.0.0.1',
    '--port=0',
    `--connection-token=${token}`,
    '--accept-server-license-terms',
    `--server-data-dir=${options.data}`,
    '--telemetry-level=off',
  ];
  if (options.driven) parameters.push('--enable-smoke-test-driver');
  if (!options.workspaceTrust) parameters.push('--disable-workspace-trust');
  if (options.folder) parameters.push(`--default-folder=${options.folder}`);
  const child = spawn(process.execPath, parameters, {
    cwd: options.data,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that what it starts ends with it.
    detached: process.platform !== 'win32',
  });
  const sink = createWriteStream(logFile);
  child.stdout.pipe(sink);
  child.stderr.pipe(sink);
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
  const log = async () => (await readFile(logFile, 'utf8')).split('\n').slice(-40).join('\n');
  const stop = async () => {
    endGroup(child, 'SIGTERM');
    await Promise.race([ended, setTimeout(5000)]);
    // Whatever has not gone by itself.
    endGroup(child, 'SIGKILL');
    await ended;
  };

  const port = await Promise.race([
    listeningPort(child),
    ended.then(() => undefined),
    setTimeout(startTimeout, undefined, { ref: false }),
  ]);
  if (port === undefined) {
    await stop();
    throw new Error(`The VS Code server did not start. Its log ends with:\n${await log()}`);
  }
  const authority = `127.0.0.1:${port}`;
  return { authority, address: `http://${authority}/?tkn=${token}`, ended, log, stop };
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    let output = '';
    child.stdout!.on('data', (chunk) => {
      output += chunk;
      const match = /Extension host agent listening on (\d+)/.exec(output);
      if (match) resolve(Number(match[1]));
    });
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}
