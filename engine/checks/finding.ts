/** What a check reports. Offsets are UTF-16, ends exclusive. */
import type { Range } from '../recognise/recognised.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface Edit extends Range {
  readonly text: string;
}

export interface Fix {
  /** What it does, in the imperative. */
  readonly title: string;
  /** In source order; they do not overlap. */
  readonly edits: readonly Edit[];
}

/** A place that explains the finding: where the softmax is that the loss repeats. */
export interface Related extends Range {
  readonly message: string;
}

export interface Problem extends Range {
  /** What is wrong, what comes of it, and what to do: one or two sentences of plain text. */
  readonly message: string;
  readonly related?: readonly Related[];
  /** The best one first. */
  readonly fixes: readonly Fix[];
}

export interface Finding extends Problem {
  /** Of the check; its page is `engine/checks/<code>.md`. */
  readonly code: string;
  readonly severity: Severity;
}
