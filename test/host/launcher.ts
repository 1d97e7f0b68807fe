/**
 * Stands where `@vscode/test-electron` expects a VS Code executable, and opens the tests in the host that
 * `VSCODE_TEST_HOST` asks for: node launcher.ts WORKSPACE --extensionDevelopmentPath=… --extensionTestsPath=… [--restricted] [--web=plain|isolated]
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { serveBridge } from './bridge.ts';
import { startDesktopHost } from './desktop-host.ts';
import type { Launch } from './host.ts';
import { startNpmHost } from './npm-host.ts';

const { values, positionals } = parseArgs({
  // The other options of a desktop VS Code may come along; they mean nothing to the launcher.
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    restricted: { type: 'boolean' },
    web: { type: 'string' },
    desktop: { type: 'string' },
    language: { type: 'string' },
    'time-limit': { type: 'string', default: '600' },
  },
});

const page = Promise.withResolvers<Page>();
// Who asks for the page is told.
page.promise.catch(() => {});
const address = await serveBridge(page.promise);
const launch: Launch = {
  extension: required('extensionDevelopmentPath'),
  tests: required('extensionTestsPath'),
  workspace: path.resolve(positionals[0] ?? fail('names no folder to open')),
  data: required('user-data-dir'),
  restricted: values.restricted === true,
  ...((values.web === 'plain' || values.web === 'isolated') && { web: values.web }),
  ...(typeof values.language === 'string' ? { language: values.language } : {}),
  environment: { LOSS_LENS_BRIDGE: address },
};
const interrupted = interruption();
await mkdir(launch.data, { recursive: true });
const host =
  typeof values.desktop === 'string'
    ? await startDesktopHost(launch, values.desktop)
    : await startNpmHost(launch);
host.page.then(page.resolve, page.reject);

const limit = Number(values['time-limit']);
process.exitCode = await Promise.race([host.exitCode, interrupted, overdue()]);
// Mocha tells of its own failures. Without its totals, something else went wrong.
if (process.exitCode !== 0 && !existsSync(process.env.TEST_TOTALS ?? '')) console.error(await host.log());
await host.stop();
process.exit();

function required(name: 'extensionDevelopmentPath' | 'extensionTestsPath' | 'user-data-dir'): string {
  const value = values[name];
  return path.resolve(typeof value === 'string' ? value : fail(`needs --${name}=…`));
}

function fail(what: string): never {
  console.error(`The test launcher ${what}.`);
  process.exit(2);
}

/** By a signal, or because whoever started the launcher has gone and nobody would end it. */
function interruption(): Promise<number> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(1));
    setInterval(() => process.ppid !== parent && resolve(1), 1000).unref();
  });
}

async function overdue(): Promise<number> {
  await setTimeout(limit * 1000, undefined, { ref: false });
  console.error(`test host: the tests did not end within ${limit} s`);
  return 1;
}
