/** The host from npm alone: VS Code's server, or VS Code for the Web, its workbench shown by a Chromium without a window. */
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { type Host, type Launch, quietSettings, webgpuFlags, windowSize } from './host.ts';
import { type Browser, installChromium, messageOf } from './install.ts';
import { type Server, startServer } from './server.ts';
import { startWebServer } from './web/server.ts';

const offline = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

export async function startNpmHost(launch: Launch): Promise<Host> {
  const installed = await installChromium();
  const server = launch.web
    ? await startWebServer(launch)
    : await startServer({
        data: launch.data,
        settings: quietSettings,
        workspaceTrust: launch.restricted,
        driven: true,
        environment: launch.environment,
      });
  try {
    return await openWindow(launch, installed, server);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function openWindow(launch: Launch, installed: Browser, server: Server): Promise<Host> {
  const browser = await chromium.launch({
    executablePath: installed.executable,
    env: { ...process.env, ...installed.environment } as Record<string, string>,
    args: [...webgpuFlags, ...offline],
    chromiumSandbox: false,
    // The launcher ends the browser and the server together.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const page = await browser.newPage({ viewport: windowSize });
  if (launch.language) await page.addInitScript(speak, launch.language);
  // A fast machine finds too little of what depends on who comes first.
  if (process.env.TEST_SLOW) {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: Number(process.env.TEST_SLOW) });
  }
  const { promise: exitCode, resolve: exit } = Promise.withResolvers<number>();
  const log: string[] = [];
  let stopping = false;
  const fail = (reason: string) => {
    if (stopping) return;
    console.error(`test host: ${reason}`);
    exit(1);
  };
  page.on('crash', () => fail('the page crashed'));
  browser.on('disconnected', () => fail('Chromium ended before the tests did'));
  void server.ended.then(() => fail('the server ended before the tests did'));
  await page.exposeFunction('codeAutomationExit', exit);
  await page.exposeFunction('codeAutomationLog', (type: string, values: readonly unknown[]) => {
    log.push(`${type}: ${format(...values)}`);
  });
  const host: Host = {
    page: Promise.resolve(page),
    exitCode,
    async log() {
      return `${await server.log()}\n${log.slice(-40).join('\n')}`;
    },
    async stop() {
      stopping = true;
      await browser.close();
      await server.stop();
    },
  };
  try {
    await page.goto(addressOf(launch, server));
  } catch (error) {
    fail(`the workbench did not open: ${messageOf(error)}`);
  }
  return host;
}

/** Runs in the page: the workbench finds its language where its own texts would set it. */
function speak(language: string): void {
  Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set: () => undefined });
}

function addressOf(launch: Launch, server: Server): string {
  if (launch.web) return server.address;
  const remote = (file: string) => `vscode-remote://${server.authority}${encodeURI(file)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(launch.extension)],
    ['extensionTestsPath', remote(launch.tests)],
  ];
  const address = new URL(server.address);
  address.searchParams.set('folder', launch.workspace);
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}
