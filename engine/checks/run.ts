import type { Steps } from '../steps.ts';
import type { Check } from './check.ts';
import type { Finding } from './finding.ts';
import { Ignored } from './ignored.ts';
import type { Program } from './program.ts';

/** What the checks find and no comment silences, in source order. */
export function* run<P extends Program>(program: P, checks: readonly Check<P>[]): Steps<readonly Finding[]> {
  yield* readTensors(program);
  const ignored = new Ignored(program.syntax);
  const findings: Finding[] = [];
  for (const { code, severity, find } of checks) {
    for (const problem of find(program)) findings.push({ ...problem, code, severity });
    yield;
  }
  return findings
    .filter(({ code, start, end }) => !ignored.silences(code, start, end))
    .sort((left, right) => left.start - right.start || left.end - right.end);
}

/** They are found out once, which takes longer than all that the checks do with them. */
function* readTensors({ calls, tensors }: Program): Steps {
  for (const { arrays } of calls) {
    for (const array of arrays.values()) tensors.of(array);
    yield;
  }
}
