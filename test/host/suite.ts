/** Runs inside the extension host: Mocha over the suites that were bundled with it. */
import { format } from 'node:util';
import Mocha from 'mocha';
import Reporter from '../reporter.ts';
import { browser, setTheme } from './browser.ts';

/** @param load imports the suites, which register themselves with Mocha */
export async function runSuites(load: () => Promise<void>): Promise<void> {
  const printed = relayConsole();
  try {
    await runMocha(load);
  } finally {
    await printed();
  }
}

async function runMocha(load: () => Promise<void>): Promise<void> {
  process.setSourceMapsEnabled(true);
  const grep = process.env.TEST_GREP;
  await setTheme('dark');
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: Reporter,
    timeout: 30_000,
    forbidOnly: true,
    ...(grep ? { grep } : {}),
  });
  mocha.rootHooks({ afterEach: showFailure });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
  await load();
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started = mocha.run(() => resolve(started));
  });
  const { tests = 0, failures = 0 } = runner.stats ?? {};
  if (tests === 0) throw new Error('No test ran: no suite, or none with that title.');
  if (failures > 0) throw new Error(`${failures} failed`);
}

/** Keeps what the window shows when a test has failed. */
async function showFailure(this: Mocha.Context): Promise<void> {
  if (this.currentTest?.state !== 'failed') return;
  const name = this.currentTest.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100);
  console.log(`      window: ${await browser.screenshot(`failed-${name}`)}`);
}

/**
 * Sends the console of this process to the launcher, in order: the workbench would mix it with its own log.
 * @returns waits until all of it has arrived
 */
function relayConsole(): () => Promise<void> {
  let last = Promise.resolve();
  const to =
    (stream: 'stdout' | 'stderr') =>
    (...values: readonly unknown[]) => {
      const text = format(...values);
      last = last.then(() => browser.print(text, stream));
    };
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    // The extension host has made them accessors that take no assignment.
    const value = to(method === 'log' || method === 'info' ? 'stdout' : 'stderr');
    Object.defineProperty(console, method, { value });
  }
  // Mocha has kept the console of before.
  Mocha.reporters.Base.consoleLog = console.log;
  return () => last;
}
