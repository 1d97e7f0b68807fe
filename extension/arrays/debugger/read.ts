/** How arrays are had from a paused program, whatever its language: requests, each answered by one string. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../../../engine/array.ts';
import { LossLensError } from '../../../engine/errors.ts';
import { fromBase64 } from '../../bytes.ts';
import type { Loading } from '../offer.ts';
import { arrayFrom, checkedAnswer, type Described, headerOf, listed } from '../python/described.ts';

/** Evaluates in the paused frame. @returns the whole string that the expression gives */
export type Evaluate = (expression: string) => Promise<string>;

export interface Request {
  readonly kind: 'list' | 'describe' | 'header' | 'bytes';
  /** Of the bytes. */
  readonly start: number;
  readonly end: number;
}

/** A language of debugged programs. */
export interface Language {
  /** An expression of the request. @param value  what it is about, as the program writes it */
  code(request: Request, value: string): string;
  /** How the program writes what a path leads to. */
  written(path: Described['path']): string;
}

/** A multiple of 3, so that each part is base64 of its own. */
const partBytes = 6 << 20;

/** @param code  an expression whose value lists the variables */
export async function listIn(evaluate: Evaluate, code: string): Promise<Described[]> {
  return listed(parsed(await evaluate(code), t('the list of variables')));
}

/** @throws LossLensError `unreadable` when it is no array */
export async function describe(evaluate: Evaluate, language: Language, value: string): Promise<Described> {
  const answer = parsed(await evaluate(language.code({ kind: 'describe', start: 0, end: 0 }, value)), value);
  const [described] = listed(answer);
  if (described) return described;
  throw new LossLensError('unreadable', t`${value} is no array.`, {
    expected: t('an array, a tensor, a data frame or a list of numbers'),
  });
}

/** @throws LossLensError `unreadable`, `out-of-memory`, `process-error`; the signal's reason once it is aborted */
export async function read(
  evaluate: Evaluate,
  language: Language,
  value: string,
  { report, signal }: Loading,
): Promise<NdArray> {
  signal.throwIfAborted();
  const header = headerOf(
    parsed(await evaluate(language.code({ kind: 'header', start: 0, end: 0 }, value)), value),
    value,
  );
  const bytes = new Uint8Array(header.bytes);
  for (let start = 0; start < header.bytes; start += partBytes) {
    const end = Math.min(start + partBytes, header.bytes);
    const text = await evaluate(language.code({ kind: 'bytes', start, end }, value));
    signal.throwIfAborted();
    // What is no base64 is an error's JSON, or what the debugger says of one.
    const part = fromBase64(text);
    if (part?.length !== end - start) throw incomplete(text, value, end - start);
    bytes.set(part, start);
    report(end / header.bytes);
  }
  return arrayFrom(header, bytes);
}

function incomplete(text: string, value: string, expected: number): unknown {
  if (text.startsWith('{')) {
    try {
      checkedAnswer(JSON.parse(text), value);
    } catch (error) {
      if (error instanceof LossLensError) return error;
    }
  }
  return new LossLensError('process-error', t`${value} did not come whole from the debugger.`, {
    found: text.length > 200 ? t`${text.length} characters` : text || 'nothing',
    expected: t`${expected} bytes`,
  });
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LossLensError('process-error', t`${what} could not be evaluated: ${text.slice(0, 500)}`);
  }
}
