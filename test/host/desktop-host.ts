/** The host that is a desktop VS Code. Its window is reached over the Chrome DevTools Protocol. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { type Host, type Launch, quietSettings, webgpuFlags, windowSize } from './host.ts';
import { messageOf } from './install.ts';

const startTimeout = 60_000;

/** @param executable the desktop VS Code, e.g. from `downloadAndUnzipVSCode` */
export async function startDesktopHost(launch: Launch, executable: string): Promise<Host> {
  const user = path.join(launch.data, 'user-data', 'User');
  await mkdir(user, { recursive: true });
  await writeFile(path.join(user, 'settings.json'), JSON.stringify(quietSettings, undefined, 2));
  const port = await freePort();
  const parameters = [
    launch.workspace,
    `--extensionDevelopmentPath=${launch.extension}`,
    `--extensionTestsPath=${launch.tests}`,
    `--user-data-dir=${path.join(launch.data, 'user-data')}`,
    `--extensions-dir=${path.join(launch.data, 'extensions')}`,
    `--remote-debugging-port=${port}`,
    '--no-sandbox',
    '--disable-gpu-sandbox',
    '--disable-updates',
    '--skip-welcome',
    '--skip-release-notes',
    '--no-cached-data',
    ...webgpuFlags,
  ];
  if (!launch.restricted) parameters.push('--disable-workspace-trust');
  const child = spawn(executable, parameters, {
    env: { ...process.env, ...launch.environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      console.error(`test host: ${executable} did not start: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
  const page = attach(port);
  // Who asks for the page is told; without anyone asking, a failure to attach is no failure of the tests.
  page.catch(() => {});
  return {
    page,
    exitCode: ended,
    // It has been seen: a desktop VS Code writes its log to standard output.
    log: async () => '',
    async stop() {
      child.kill();
      await ended;
    },
  };
}

async function attach(port: number): Promise<Page> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    try {
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      const page = browser
        .contexts()
        .flatMap((context) => context.pages())
        .find((candidate) => candidate.url().includes('workbench'));
      if (page) {
        await page.setViewportSize(windowSize);
        return page;
      }
      await browser.close();
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`VS Code's window was not reached: ${messageOf(error)}`);
    }
    if (Date.now() > deadline) throw new Error('VS Code showed no workbench.');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
