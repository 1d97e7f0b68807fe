/** Arrays in JSON: one, an object of several, or a list of records. Python's NaN and Infinity are read, too. */
import { t } from '@vscode/l10n';
import { array, type NdArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from './bytes.ts';
import type { FileArray } from './file-array.ts';
import { type Refused, readEach } from './several.ts';

/** The whole text is parsed at once. */
const largest = 256 * 2 ** 20;
const mostArrays = 10_000;
const deepest = 64;

export async function readJson(source: ByteSource): Promise<readonly (FileArray | Refused)[]> {
  checkHeld(t('The JSON file'), source.size, largest);
  const value = parse(new TextDecoder().decode(await readBytes(source, 0, source.size)));
  const named = namedIn(value);
  if (!named) return [arrayOf(value)];
  const entries = Object.entries(named).slice(0, mostArrays);
  return readEach(
    entries,
    ([name]) => name,
    ([, item], name) => arrayOf(item, name),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Python writes what JSON does not know: as numbers beyond all, and as nothing.
    const tokens = /"(?:\\.|[^"\\])*"|-?Infinity|NaN/g;
    const plain = text.replace(tokens, (token) =>
      token.startsWith('"') ? token : token === 'NaN' ? 'null' : token.replace('Infinity', '1e999'),
    );
    try {
      return JSON.parse(plain);
    } catch (error) {
      throw damaged(
        t('The file is no JSON.'),
        error instanceof Error ? error.message : String(error),
        t('an array, or an object of arrays'),
      );
    }
  }
}

type Item = Record<string, unknown>;
const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object's own entries; the columns of records. */
function namedIn(value: unknown): Item | undefined {
  if (isObject(value)) return value;
  if (!Array.isArray(value) || !value.some(isObject)) return undefined;
  const columns = new Map<string, unknown[]>();
  for (const [row, record] of value.entries()) {
    if (!isObject(record)) {
      throw new LossLensError('ragged', t('The list holds records and other things.'), {
        found: t`${JSON.stringify(record)?.slice(0, 60)} at ${row}`,
        expected: t('records alone'),
      });
    }
    for (const [name, item] of Object.entries(record)) {
      const column = columns.get(name) ?? [];
      // What earlier records lack is missing there.
      while (column.length < row) column.push(null);
      column.push(item);
      columns.set(name, column);
    }
  }
  for (const column of columns.values()) while (column.length < value.length) column.push(null);
  return Object.fromEntries(columns);
}

function arrayOf(value: unknown, name?: string): FileArray {
  const found = numbersIn(value, name);
  return {
    ...(name !== undefined && { name }),
    dtype: found.dtype,
    shape: found.shape,
    bytes: found.data.byteLength,
    load: async () => found,
  };
}

/** @throws LossLensError `dtype` for what is no number, `ragged` for rows of different lengths. */
function numbersIn(value: unknown, name: string | undefined): NdArray {
  let truths = true;
  const check = (item: unknown, depth: number): number | readonly unknown[] => {
    if (Array.isArray(item) && depth < deepest) return item.map((inner) => check(inner, depth + 1));
    if (typeof item === 'boolean') return Number(item);
    truths = false;
    if (typeof item === 'number') return item;
    if (item === null && depth > 0) return Number.NaN;
    throw new LossLensError(
      'dtype',
      name === undefined ? t('The file is no array of numbers.') : t`'${name}' is no array of numbers.`,
      {
        found: JSON.stringify(item)?.slice(0, 60) ?? t('nothing'),
        expected: t('numbers, true and false, null for missing ones, and lists of them'),
      },
    );
  };
  const numbers = array(check(value, 0) as Parameters<typeof array>[0]);
  return truths && numbers.data.length > 0
    ? { ...numbers, dtype: 'bool', data: Uint8Array.from(numbers.data as Float64Array) }
    : numbers;
}
