import { t } from '@vscode/l10n';

/**
 * Everything the engine refuses, it refuses with one of these: a stable `code` for programs, a sentence that a
 * person can act on, and what was found beside what was expected.
 */
export type ErrorCode =
  | 'unknown-loss'
  | 'not-evaluable'
  | 'missing-input'
  | 'unknown-input'
  | 'shape-mismatch'
  | 'dtype'
  | 'label-out-of-range'
  | 'domain'
  | 'parameter'
  | 'no-file'
  | 'not-a-network'
  | 'network-unsupported'
  | 'unknown-layer'
  | 'no-array'
  | 'ragged'
  | 'incomplete'
  | 'unreadable'
  | 'no-kernel'
  | 'no-session'
  | 'access-denied'
  | 'process-died'
  | 'process-error'
  | 'damaged-file'
  | 'too-large'
  | 'not-streamable'
  | 'backend-unsupported'
  | 'out-of-memory'
  | 'worker-died'
  | 'gpu-lost'
  | 'gpu-refused'
  | 'cancelled';

export interface ErrorDetails {
  readonly found?: string;
  readonly expected?: string;
  /** UTF-16 offset into the text that was read. */
  readonly offset?: number;
  /** 1-based line and column of `offset`. */
  readonly line?: number;
  readonly column?: number;
  /** How many elements are wrong, and the first of them. */
  readonly count?: number;
  readonly index?: readonly number[];
}

/** How the message of an error about a text begins. */
export const placeInText = (line: number, column: number): string => t`Line ${line}, column ${column}:`;

/** The message of an error about a text that is only part of another one: without line and column. */
export function withoutPlace({ message, details: { line, column } }: LossLensError): string {
  if (line === undefined || column === undefined) return message;
  const place = placeInText(line, column);
  return message.startsWith(place) ? message.slice(place.length).trimStart() : message;
}

export class LossLensError extends Error {
  override readonly name = 'LossLensError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, sentence: string, details: ErrorDetails = {}) {
    const parts = [sentence];
    if (details.found !== undefined) parts.push(t`Found: ${details.found}.`);
    if (details.expected !== undefined) parts.push(t`Expected: ${details.expected}.`);
    super(parts.join(' '));
    this.code = code;
    this.details = details;
  }
}
