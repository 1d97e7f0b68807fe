import type { Check } from './check.ts';
import type { Finding } from './finding.ts';
import { Ignored } from './ignored.ts';
import type { Program } from './program.ts';

/** What the checks find and no comment silences, in source order. */
export function run<P extends Program>(program: P, checks: readonly Check<P>[]): readonly Finding[] {
  const ignored = new Ignored(program.syntax);
  return checks
    .flatMap(({ code, severity, find }) =>
      find(program).map((problem): Finding => ({ ...problem, code, severity })),
    )
    .filter(({ code, start, end }) => !ignored.silences(code, start, end))
    .sort((left, right) => left.start - right.start || left.end - right.end);
}
