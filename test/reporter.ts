/** Mocha's `spec` report on the console, and the totals as JSON in the file that `TEST_TOTALS` names. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { Totals } from './totals.ts';

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const failures: string[] = [];
    runner.on('fail', (test) => failures.push(test.fullTitle()));
    runner.once('end', () => {
      const file = process.env.TEST_TOTALS;
      const totals: Totals = {
        passed: this.stats.passes,
        failed: this.stats.failures,
        skipped: this.stats.pending,
        failures,
      };
      if (file) writeFileSync(file, JSON.stringify(totals));
    });
  }
}
