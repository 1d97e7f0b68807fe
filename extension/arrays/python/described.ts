/** What `values.py` says of arrays, checked: it comes from another process. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../../../engine/array.ts';
import { sizeOf } from '../../../engine/array.ts';
import { LossLensError } from '../../../engine/errors.ts';
import { held, type SourceDType } from '../../../engine/formats/dtypes.ts';
import { arrayOf, elementsOf, widthOf } from '../../../engine/formats/files/elements.ts';
import { translated } from '../../../engine/words.ts';

export interface Described {
  /** The variable, and the keys that lead from it to the array. */
  readonly path: readonly (string | number)[];
  readonly library: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes?: number;
  /** Where it is not the processor's memory. */
  readonly device?: string;
}

/** What precedes the bytes. */
export interface Header {
  readonly dtype: SourceDType;
  readonly shape: readonly number[];
  readonly weak: boolean;
  readonly bytes: number;
}

/** More is not addressable to the kernels that evaluate it. */
const mostBytes = 2 ** 32;

/** @throws LossLensError for a refusal, an error of the process, and anything that is no answer */
export function checkedAnswer(answer: unknown, what: string): Record<string, unknown> {
  if (!isRecord(answer)) throw noAnswer(what);
  if (answer.refused === true) {
    throw new LossLensError('unreadable', t`${what} cannot be read exactly.`, {
      found: saidBy(answer.found),
      expected: saidBy(answer.expected),
    });
  }
  if (typeof answer.error === 'string') {
    const message = String(answer.message);
    throw new LossLensError(
      'process-error',
      message
        ? t`The program raised ${answer.error}: ${message} while ${what} was read.`
        : t`The program raised ${answer.error} while ${what} was read.`,
    );
  }
  return answer;
}

/** A phrase of the process's program, in the user's language. */
export function saidBy(phrase: unknown): string {
  const { text, filled } = isRecord(phrase) ? phrase : {};
  return translated(String(text), ...(Array.isArray(filled) ? filled.map(String) : []));
}

export function noAnswer(what: string, found = t('no answer of Loss Lens’s own program')): LossLensError {
  return new LossLensError('process-error', t`${what} could not be read.`, { found });
}

export function listed(answer: unknown): Described[] {
  const { arrays } = checkedAnswer(answer, t('The list of variables'));
  return Array.isArray(arrays) ? arrays.filter(isDescribed) : [];
}

/** @throws LossLensError `out-of-memory` before anything is allocated */
export function headerOf(answer: unknown, what: string): Header {
  const { array, bytes } = checkedAnswer(answer, what);
  if (!isRecord(array) || !isShape(array.shape) || !isDType(array.dtype) || typeof bytes !== 'number') {
    throw noAnswer(what);
  }
  const { dtype, shape } = array;
  if (bytes !== sizeOf(shape) * widthOf(dtype))
    throw noAnswer(what, t`${bytes} bytes for [${shape.join(', ')}]`);
  if (Math.max(bytes, sizeOf(shape) * widthOf(held(dtype).dtype)) > mostBytes) {
    throw new LossLensError('out-of-memory', t`${what} is larger than can be evaluated here.`, {
      found: `${(bytes / 1e9).toPrecision(3)} GB`,
      expected: t('at most 4.29 GB, such as a part of it'),
    });
  }
  return { dtype, shape, weak: array.weak === true, bytes };
}

export function arrayFrom({ dtype, shape, weak }: Header, bytes: Uint8Array): NdArray {
  const read = arrayOf(elementsOf(bytes, dtype, 'little'), dtype, shape);
  return weak ? { ...read, weak } : read;
}

/** As it is written in Python: `batch["labels"]`. */
export function nameOf(path: Described['path']): string {
  const [name, ...keys] = path;
  return `${name}${keys.map((key) => `[${JSON.stringify(key)}]`).join('')}`;
}

/** @throws LossLensError `shape-mismatch` when the array is no longer the one that was chosen */
export function sameShape(array: NdArray, shape: readonly number[], name: string): NdArray {
  if (array.shape.join() === shape.join()) return array;
  throw new LossLensError('shape-mismatch', t`${name} has changed since it was listed.`, {
    found: `shape [${array.shape.join(', ')}]`,
    expected: t`[${shape.join(', ')}]; evaluate again to see it as it is now`,
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);

const isDType = (value: unknown): value is SourceDType =>
  typeof value === 'string' && widthOf(value as SourceDType) > 0;

function isDescribed(value: unknown): value is Described {
  if (!isRecord(value) || !Array.isArray(value.path) || value.path.length === 0) return false;
  const { path, library, dtype, shape } = value;
  const isPath = path.every((key) => typeof key === 'string' || typeof key === 'number');
  return isPath && typeof library === 'string' && typeof dtype === 'string' && isShape(shape);
}
