/** What a run of tests came to, and the one line that says so. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Titles of what failed; the end of a long log is what is read of it. */
  readonly failures: readonly string[];
  /** Of tests that passed at their second attempt: the title, and why the first failed. */
  readonly retries: readonly string[];
}

export const noTests: Totals = { passed: 0, failed: 0, skipped: 0, failures: [], retries: [] };

export function failure(title: string): Totals {
  return { ...noTests, failed: 1, failures: [title] };
}

export function add(first: Totals, second: Totals): Totals {
  return {
    passed: first.passed + second.passed,
    failed: first.failed + second.failed,
    skipped: first.skipped + second.skipped,
    failures: [...first.failures, ...second.failures],
    retries: [...first.retries, ...second.retries],
  };
}

/** Adds them, as JSON, to the file that `TEST_TOTALS` names, if it names one: for the process that has started this one. */
export function keep(totals: Totals): void {
  const file = process.env.TEST_TOTALS;
  if (!file) return;
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Totals) : noTests;
  writeFileSync(file, JSON.stringify(add(before, totals)));
}

export function describe({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
