/** Mocha's `spec` report on the console, and the totals kept. */
import Mocha from 'mocha';
import { keep } from './totals.ts';

const firstErrors = new Map<string, string>();

/** Keeps what went wrong at the first attempt, for the summary to name. */
export function tellRetry(title: string, error: unknown): void {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  firstErrors.set(title, reason);
  Mocha.reporters.Base.consoleLog(`      once more, after: ${reason}`);
}

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const failures: string[] = [];
    runner.on('fail', (test) => failures.push(test.fullTitle()));
    runner.on('retry', (test, error) => tellRetry(test.fullTitle(), error));
    runner.once('end', () => {
      keep({
        passed: this.stats.passes,
        failed: this.stats.failures,
        skipped: this.stats.pending,
        failures,
        retries: [...firstErrors]
          .filter(([title]) => !failures.includes(title))
          .map(([title, reason]) => `${title}: ${reason}`),
      });
    });
  }
}
