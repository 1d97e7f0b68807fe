/** Contract checks: where a call of a loss and what it is given contradict each other. Pure text in, plain objects out. */
import { analysing, type SourceDocument } from '../recognise/index.ts';
import { finish, type Steps } from '../steps.ts';
import type { Check } from './check.ts';
import type { Finding } from './finding.ts';
import { checkPython, pythonChecks } from './python/checks.ts';
import { checkScript, scriptChecks } from './script/checks.ts';
import { sharedChecks } from './shared.ts';

export type * from './finding.ts';

/** Every check; each has a page of its code's name beside it. */
export const checks: readonly Pick<Check, 'code' | 'severity'>[] = [
  ...sharedChecks,
  ...pythonChecks,
  ...scriptChecks,
];

/** Code units beyond which a source is no program that a person wrote, and is not checked. */
const longest = 1_000_000;

/**
 * What is surely wrong with the losses of a source, in source order; nothing where `languageId` is none of
 * `recognisedLanguages`. Of a notebook, give the document of its `PythonCells`, which say afterwards in which cell an
 * offset is.
 */
export function check(source: string | SourceDocument, languageId: string): readonly Finding[] {
  return finish(checking(source, languageId));
}

/** `check` in steps. Who changes the document, or one of its modules, meanwhile forgets them. */
export function* checking(source: string | SourceDocument, languageId: string): Steps<readonly Finding[]> {
  const text = typeof source === 'string' ? source : source.text;
  const found = text.length > longest ? undefined : yield* analysing(source, languageId);
  if (!found) return [];
  return yield* 'table' in found ? checkPython(found) : checkScript(found.losses);
}
