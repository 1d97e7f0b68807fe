/** Runs inside the extension host: Mocha over the suites that were bundled with it. */
import { format } from 'node:util';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import Reporter, { tellRetry } from '../reporter.ts';
import { browser, closeEditors, setTheme } from './browser.ts';

/**
 * Runs the suites of this window; then, unless it is the last, reloads it, where the next run from the beginning: this
 * process ends with its window.
 * @param loads for each window imports its suites, which register themselves with Mocha
 */
export async function runSuites(loads: readonly (() => Promise<void>)[]): Promise<void> {
  const window = await browser.nextWindow();
  const printed = relayConsole();
  try {
    await runMocha(loads[window]!);
  } finally {
    await printed();
  }
  if (window === loads.length - 1) return;
  const ended = () => new Promise<void>(() => undefined);
  await vscode.commands.executeCommand('workbench.action.reloadWindow').then(ended, ended);
}

async function runMocha(load: () => Promise<void>): Promise<void> {
  process.setSourceMapsEnabled(true);
  const grep = process.env.TEST_GREP;
  await setTheme('dark');
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: Reporter,
    timeout: 90_000,
    forbidOnly: true,
    // Of two hundred tests in a window of half a dozen processes one in some runs meets a moment that nobody foresaw.
    // What fails twice has failed, and the summary names what failed once.
    retries: 1,
    ...(grep ? { grep } : {}),
  });
  mocha.rootHooks({ afterEach: showTimeout });
  preparingTwice(mocha.suite);
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
  await load();
  mocha.suite.eachTest(showingFailure);
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started = mocha.run(() => resolve(started));
  });
  const { tests = 0, failures = 0 } = runner.stats ?? {};
  if (tests === 0) throw new Error('No test ran: no suite, or none with that title.');
  if (failures > 0) throw new Error(`${failures} failed`);
}

/** Mocha tries a test again, but not what prepares it, and leaves out the whole suite. */
function preparingTwice(suite: Mocha.Suite): void {
  const { EVENT_SUITE_ADD_SUITE, EVENT_SUITE_ADD_HOOK_BEFORE_EACH } = Mocha.Suite.constants;
  suite.on(EVENT_SUITE_ADD_SUITE, preparingTwice);
  suite.on(EVENT_SUITE_ADD_HOOK_BEFORE_EACH, (hook: Mocha.Hook) => {
    const prepare = hook.fn as Mocha.AsyncFunc;
    hook.timeout(180_000);
    hook.fn = async function (this: Mocha.Context) {
      try {
        await prepare.call(this);
      } catch (error) {
        tellRetry(this.currentTest!.fullTitle(), error);
        await closeEditors();
        await prepare.call(this);
      }
    };
  });
}

/** Keeps what the window shows when a test fails, before the hooks of its suite clear up. */
function showingFailure(test: Mocha.Test): void {
  const body = test.fn as Mocha.AsyncFunc | undefined;
  if (!body) return;
  test.fn = async function (this: Mocha.Context) {
    try {
      await body.call(this);
    } catch (error) {
      if (!test.timedOut) await showWindow(test);
      throw error;
    }
  };
}

/** A test that is out of time has not ended: nothing is thrown. */
async function showTimeout(this: Mocha.Context): Promise<void> {
  if (this.currentTest?.timedOut) await showWindow(this.currentTest);
}

async function showWindow(test: Mocha.Runnable): Promise<void> {
  const name = test.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100);
  const shown = await browser.screenshot(`failed-${name}`).catch((error: unknown) => String(error));
  console.log(`      window: ${shown}`);
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
