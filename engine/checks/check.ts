/** What a check is: facts for settings and pages, and the search itself. */
import type { Problem, Severity } from './finding.ts';
import type { Program } from './program.ts';

/** One that takes any `Program` finds the same in every language. */
export interface Check<P extends Program = Program> {
  /** In settings, comments and the name of its page. */
  readonly code: string;
  /** Unless the settings say otherwise. */
  readonly severity: Severity;
  /** @returns what is surely wrong; nothing where it only may be */
  readonly find: (program: P) => readonly Problem[];
}
