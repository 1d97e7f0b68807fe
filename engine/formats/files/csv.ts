/**
 * Tables as text: commas, tabs, semicolons or bars between the cells. Each column of numbers is an array, and where
 * all columns are, the whole table is one, too. Empty cells and the usual words for nothing are NaN.
 */
import Papa from 'papaparse';
import type { NdArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import type { RowStream } from '../../streaming/rows.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from './bytes.ts';
import type { FileArray, Reading } from './file-array.ts';
import { allColumns, type Refused } from './several.ts';

/** Up to this size a file is read to its end when it is opened, so that every shape is known. */
const readWhole = 16 * 2 ** 20;
const piece = 2 ** 20;
/** Of text without the end of a row: a quote that nothing closes. */
const longestRow = 16 * piece;
const mostColumns = 10_000;
/** That are offered one by one. */
const mostOffered = 200;

const missing: ReadonlySet<string> = new Set([
  '',
  'NA',
  'N/A',
  '<NA>',
  '#N/A',
  'n/a',
  'na',
  'NaN',
  'nan',
  '-nan',
  'null',
  'NULL',
  'None',
]);
const words: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
  True: 1,
  true: 1,
  TRUE: 1,
  False: 0,
  false: 0,
  FALSE: 0,
};

/** A column is a vector. */
const shapeOf = (rows: number, columns: number): readonly number[] =>
  columns === 1 ? [rows] : [rows, columns];

interface Format {
  readonly delimiter: string;
  readonly newline: '\n' | '\r' | '\r\n';
  /** Undefined where the first row is one of numbers. */
  readonly header: readonly string[] | undefined;
  readonly columns: number;
}

/** @throws LossLensError for a table without a column of numbers, and for rows of different lengths. */
export async function readCsv(
  source: ByteSource,
  delimiter?: string,
): Promise<readonly (FileArray | Refused)[]> {
  const start = decoded(await readBytes(source, 0, Math.min(source.size, piece)));
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
  const nameOf = (column: number): string => format.header?.[column] || `column ${column + 1}`;
  const columns = all.slice(0, mostOffered).map((column): FileArray | Refused => {
    const refusal = known.refusals.get(column);
    return refusal ? { name: nameOf(column), refusal } : offer([column], nameOf(column));
  });
  const isNumeric = known.refusals.size === 0 && format.columns > 1;
  return isNumeric ? [...columns, offer(all, allColumns)] : columns;
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
      'The table has no rows.',
      start === '' ? 'an empty file' : 'no complete row',
      'rows of numbers',
    );
  }
  if (first.length > mostColumns) {
    throw damaged('The table has too many columns.', `${first.length}`, `at most ${mostColumns}`);
  }
  const isHeader = first.some((cell) => numberIn(cell) === undefined);
  return {
    delimiter: preview.meta.delimiter,
    newline: preview.meta.linebreak as Format['newline'],
    header: isHeader ? first.map((cell) => cell.trim()) : undefined,
    columns: first.length,
  };
}

/** What a cell holds; NaN where it says that there is nothing, undefined where it is no number. */
function numberIn(cell: string): number | undefined {
  const word = cell.trim();
  if (missing.has(word)) return Number.NaN;
  const value = Number(word);
  if (Number.isNaN(value)) return Object.hasOwn(words, word) ? words[word] : undefined;
  // What `Number` reads and no table means.
  if (/^0[xob]/i.test(word)) return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) && isWritten(word) ? undefined : value;
}

/** As a whole number, digit by digit. */
const isWritten = (cell: string): boolean => /^\s*[+-]?\d+\s*$/.test(cell);

interface Survey {
  readonly rows: number;
  /** By column: why it is none of numbers. */
  readonly refusals: Map<number, LossLensError>;
}

async function survey(source: ByteSource, format: Format, most: number): Promise<Survey> {
  const refusals = new Map<number, LossLensError>();
  let rows = 0;
  for await (const batch of batches(source, format)) {
    for (const row of batch) {
      for (let column = 0; column < format.columns; column++) {
        const cell = row[column]!;
        if (!refusals.has(column) && numberIn(cell) === undefined)
          refusals.set(column, noNumber(format, cell, rows, column));
      }
      if (++rows >= most) return { rows, refusals };
    }
  }
  return { rows, refusals };
}

function noNumber({ header }: Format, cell: string, row: number, column: number): LossLensError {
  return new LossLensError(
    'dtype',
    `Column '${header?.[column] || column + 1}' does not hold numbers alone.`,
    {
      found: `${JSON.stringify(cell.slice(0, 60))} in row ${row + 1}`,
      expected: isWritten(cell)
        ? 'whole numbers within ±9007199254740991: larger ones lose digits'
        : 'numbers, true and false, and empty cells, which are NaN',
    },
  );
}

/** Rows of cells, without the header, comments and empty lines; all of the same length. */
async function* batches(
  source: ByteSource,
  format: Format,
  at?: (position: number) => void,
): AsyncGenerator<readonly string[][], void, undefined> {
  const { delimiter, newline, header, columns } = format;
  const decoder = new TextDecoder();
  let text = '';
  let row = 0;
  let isHeader = header !== undefined;
  for (let position = 0; position < source.size; ) {
    const bytes = await readBytes(source, position, Math.min(piece, source.size - position));
    position += bytes.length;
    at?.(position);
    const isLast = position >= source.size;
    text += decoder.decode(bytes, { stream: !isLast });
    const parser = new Papa.Parser({ delimiter, newline, comments: '#' });
    const { data, meta } = parser.parse(text, 0, !isLast) as unknown as {
      data: string[][];
      meta: { cursor: number };
    };
    text = text.slice(meta.cursor);
    if (text.length > longestRow) {
      throw damaged('A row of the table has no end.', `${text.length} characters`, 'a quote that closes');
    }
    const rows = data.filter((cells) => cells.length > 1 || cells[0]!.trim() !== '');
    for (const cells of rows) {
      row++;
      if (cells.length === columns) continue;
      throw new LossLensError('ragged', `The rows of the table differ in length.`, {
        found: `${cells.length} cells in row ${row}`,
        expected: `${columns}`,
      });
    }
    if (isHeader && rows.length > 0) {
      rows.shift();
      isHeader = false;
    }
    yield rows;
  }
}

/** A byte order mark is no part of the first name. */
const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes, { stream: true });

async function load(
  source: ByteSource,
  format: Format,
  columns: readonly number[],
  reading?: Reading,
): Promise<NdArray> {
  checkHeld('The table', source.size);
  const stream = new CsvStream(source, format, columns);
  const parts: NdArray[] = [];
  for (let part = await stream.next(65_536); part.shape[0]! > 0; part = await stream.next(65_536)) {
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
  readonly #batches: AsyncGenerator<readonly string[][], void, undefined>;
  #batch: readonly string[][] = [];
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

  async next(count: number): Promise<NdArray> {
    const width = this.#columns.length;
    const data = new Float64Array(count * width);
    let filled = 0;
    for (; filled < data.length; this.#rows++) {
      while (this.#used === this.#batch.length) {
        const { value, done } = await this.#batches.next();
        if (done) return weak(data.slice(0, filled), width);
        [this.#batch, this.#used] = [value, 0];
      }
      const cells = this.#batch[this.#used++]!;
      for (const column of this.#columns) {
        const cell = cells[column]!;
        const value = numberIn(cell);
        if (value === undefined) throw noNumber(this.#format, cell, this.#rows, column);
        data[filled++] = value;
      }
    }
    return weak(data, width);
  }

  fraction(): number {
    return this.#size === 0 ? 1 : this.#position / this.#size;
  }
}
