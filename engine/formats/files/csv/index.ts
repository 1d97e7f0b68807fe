/**
 * Tables as text: commas, tabs, semicolons or bars between the cells. Each column of numbers is an array, and where
 * all columns are, the whole table is one, too. Empty cells and the usual words for nothing are NaN.
 */
import { t } from '@vscode/l10n';
import Papa from 'papaparse';
import type { NdArray, TypedArray } from '../../../array.ts';
import { LossLensError } from '../../../errors.ts';
import type { RowStream } from '../../../streaming/rows.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from '../bytes.ts';
import type { FileArray, Reading } from '../file-array.ts';
import { allColumns, type Refused } from '../several.ts';
import { type Batch, batches, type Format } from './batches.ts';
import { isWritten, numberIn } from './cells.ts';

/** Up to this size a file is read to its end when it is opened, so that every shape is known. */
const readWhole = 16 * 2 ** 20;
/** From its beginning, to see how it is written. */
const beginning = 2 ** 20;
const mostColumns = 10_000;
/** That are offered one by one. */
const mostOffered = 200;

/** A column is a vector. */
const shapeOf = (rows: number, columns: number): readonly number[] =>
  columns === 1 ? [rows] : [rows, columns];

/** @throws LossLensError for a table without a column of numbers, and for rows of different lengths. */
export async function readCsv(
  source: ByteSource,
  delimiter?: string,
): Promise<readonly (FileArray | Refused)[]> {
  const start = decoded(await readBytes(source, 0, Math.min(source.size, beginning)));
  const format = formatOf(start, delimiter);
  const isWhole = source.size <= readWhole;
  const known = await survey(source, format, isWhole ? Number.POSITIVE_INFINITY : 1000);
  const offer = (columns: readonly number[], name: string): FileArray => ({
    name,
    dtype: 'float64',
    ...(isWhole && { shape: shapeOf(known.rows, columns.length) }),
    bytes: isWhole ? 8 * known.rows * columns.length : source.size,
    load: (reading) => load(source, format, columns, reading),
    stream: async () => new CsvStream(source, format, columns),
  });
  const all = Array.from({ length: format.columns }, (_, column) => column);
  const nameOf = (column: number): string => format.header?.[column] || t`column ${column + 1}`;
  const columns = all.slice(0, mostOffered).map((column): FileArray | Refused => {
    const refusal = known.refusals.get(column);
    return refusal ? { name: nameOf(column), refusal } : offer([column], nameOf(column));
  });
  const isNumeric = known.refusals.size === 0 && format.columns > 1;
  return isNumeric ? [...columns, offer(all, allColumns())] : columns;
}

function formatOf(start: string, delimiter: string | undefined): Format {
  const preview = Papa.parse<string[]>(start, {
    preview: 50,
    comments: '#',
    skipEmptyLines: true,
    ...(delimiter !== undefined && { delimiter }),
    delimitersToGuess: [',', ';', '\t', '|'],
  });
  const [first] = preview.data;
  if (!first) {
    throw damaged(
      t('The table has no rows.'),
      start === '' ? t('an empty file') : t('no complete row'),
      t('rows of numbers'),
    );
  }
  if (first.length > mostColumns) {
    throw damaged(t('The table has too many columns.'), `${first.length}`, t`at most ${mostColumns}`);
  }
  const isHeader = first.some((cell) => numberIn(cell) === undefined);
  return {
    delimiter: preview.meta.delimiter,
    newline: preview.meta.linebreak as Format['newline'],
    header: isHeader ? first.map((cell) => cell.trim()) : undefined,
    columns: first.length,
  };
}

interface Survey {
  readonly rows: number;
  /** By column: why it is none of numbers. */
  readonly refusals: Map<number, LossLensError>;
}

async function survey(source: ByteSource, format: Format, most: number): Promise<Survey> {
  const refusals = new Map<number, LossLensError>();
  let rows = 0;
  for await (const batch of batches(source, format)) {
    for (let row = 0; row < batch.rows; row++) {
      for (let column = 0; column < format.columns; column++) {
        if (!refusals.has(column) && batch.number(row, column) === undefined)
          refusals.set(column, noNumber(format, batch.text(row, column), rows, column));
      }
      if (++rows >= most) return { rows, refusals };
    }
  }
  return { rows, refusals };
}

function noNumber({ header }: Format, cell: string, row: number, column: number): LossLensError {
  return new LossLensError(
    'dtype',
    t`Column '${header?.[column] || column + 1}' does not hold numbers alone.`,
    {
      found: t`${JSON.stringify(cell.slice(0, 60))} in row ${row + 1}`,
      expected: isWritten(cell)
        ? t('whole numbers within ±9007199254740991: larger ones lose digits')
        : t('numbers, true and false, and empty cells, which are NaN'),
    },
  );
}

/** A byte order mark is no part of the first name. */
const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes, { stream: true });

async function load(
  source: ByteSource,
  format: Format,
  columns: readonly number[],
  reading?: Reading,
): Promise<NdArray> {
  checkHeld(t('The table'), source.size);
  const stream = new CsvStream(source, format, columns);
  const parts: NdArray[] = [];
  // Room for what a file of this size may hold, in parts of half a megabyte.
  const rows = Math.max(1, Math.min(source.size, Math.floor(65_536 / columns.length)));
  for (let part = await stream.next(rows); part.shape[0]! > 0; part = await stream.next(rows)) {
    reading?.signal.throwIfAborted();
    reading?.report(stream.fraction());
    parts.push(part);
  }
  const data = new Float64Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as Float64Array, at);
    at += part.data.length;
  }
  return weak(data, columns.length);
}

/** A table states no dtype. */
function weak(data: Float64Array, columns: number): NdArray {
  return { dtype: 'float64', shape: shapeOf(data.length / columns, columns), data, weak: true };
}

class CsvStream implements RowStream {
  readonly shape: readonly number[];
  readonly dtype = 'float64';
  readonly #format: Format;
  readonly #columns: readonly number[];
  readonly #size: number;
  readonly #batches: AsyncGenerator<Batch, void, undefined>;
  #batch: Batch | undefined;
  #used = 0;
  #rows = 0;
  #position = 0;

  constructor(source: ByteSource, format: Format, columns: readonly number[]) {
    this.#format = format;
    this.#columns = columns;
    this.#size = source.size;
    this.shape = columns.length === 1 ? [] : [columns.length];
    this.#batches = batches(source, format, (position) => {
      this.#position = position;
    });
  }

  async next(count: number, into?: TypedArray): Promise<NdArray> {
    const width = this.#columns.length;
    const data =
      into instanceof Float64Array ? into.subarray(0, count * width) : new Float64Array(count * width);
    let filled = 0;
    while (filled < data.length) {
      if (!this.#batch || this.#used === this.#batch.rows) {
        const { value, done } = await this.#batches.next();
        if (done) return weak(data.subarray(0, filled), width);
        [this.#batch, this.#used] = [value, 0];
        continue;
      }
      for (const column of this.#columns) {
        const value = this.#batch.number(this.#used, column);
        if (value === undefined)
          throw noNumber(this.#format, this.#batch.text(this.#used, column), this.#rows, column);
        data[filled++] = value;
      }
      this.#used++;
      this.#rows++;
    }
    return weak(data, width);
  }

  fraction(): number {
    return this.#size === 0 ? 1 : this.#position / this.#size;
  }
}
