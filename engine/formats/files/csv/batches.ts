/**
 * The rows of a table, a piece of the file at a time. Where nothing is quoted the cells are looked for in the bytes, and
 * no text is made of them; else Papa Parse reads the piece, by the same rules.
 */
import { t } from '@vscode/l10n';
import Papa from 'papaparse';
import { LossLensError } from '../../../errors.ts';
import { type ByteSource, damaged, readBytes } from '../bytes.ts';
import { numberIn, plainNumber } from './cells.ts';

export interface Format {
  readonly delimiter: string;
  readonly newline: '\n' | '\r' | '\r\n';
  /** Undefined where the first row is one of numbers. */
  readonly header: readonly string[] | undefined;
  readonly columns: number;
}

/** Rows that are all of the same length. */
export interface Batch {
  readonly rows: number;
  /** NaN where the cell says that there is nothing, undefined where it holds no number. */
  number(row: number, column: number): number | undefined;
  text(row: number, column: number): string;
}

const piece = 2 ** 20;
/** Bytes without the end of a row: a quote that nothing closes. */
const longestRow = 16 * piece;
const [lineFeed, carriageReturn, quote, hash, space] = [10, 13, 34, 35, 32];

/** All rows but the header, comments and empty lines. @param at  is told how far into the file they go */
export async function* batches(
  source: ByteSource,
  format: Format,
  at?: (position: number) => void,
): AsyncGenerator<Batch, void, undefined> {
  let rest: Uint8Array = new Uint8Array(0);
  let seen = 0;
  let isHeader = format.header !== undefined;
  for (let position = 0; position < source.size; ) {
    const read = await readBytes(source, position, Math.min(piece, source.size - position));
    // A byte order mark is no part of the first name.
    const bytes = joined(rest, position === 0 && isMarked(read) ? read.subarray(3) : read);
    position += read.length;
    at?.(position);
    const isLast = position >= source.size;
    const isPlain = format.newline !== '\r' && !bytes.includes(quote);
    const taken = isPlain ? fromBytes(bytes, format, isLast, seen) : fromText(bytes, format, isLast, seen);
    rest = taken.rest;
    if (rest.length > longestRow) {
      throw damaged(t('A row of the table has no end.'), t`${rest.length} bytes`, t('a quote that closes'));
    }
    seen += taken.batch.rows;
    const skipped = isHeader && taken.batch.rows > 0 ? 1 : 0;
    if (skipped) isHeader = false;
    yield skipped ? behindFirst(taken.batch) : taken.batch;
  }
}

const behindFirst = ({ rows, number, text }: Batch): Batch => ({
  rows: rows - 1,
  number: (row, column) => number(row + 1, column),
  text: (row, column) => text(row + 1, column),
});

const isMarked = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

interface Taken {
  readonly batch: Batch;
  /** Of a row that goes on in the next piece. */
  readonly rest: Uint8Array;
}

function ragged(cells: number, row: number, columns: number): LossLensError {
  return new LossLensError('ragged', t`The rows of the table differ in length.`, {
    found: t`${cells} cells in row ${row}`,
    expected: `${columns}`,
  });
}

function fromBytes(bytes: Uint8Array, format: Format, isLast: boolean, seen: number): Taken {
  const { delimiter, newline, columns } = format;
  const separator = delimiter.charCodeAt(0);
  const end = isLast ? bytes.length : bytes.lastIndexOf(lineFeed) + 1;
  const isWindows = newline === '\r\n';
  // Where each cell begins, and one behind the last of a row.
  let places = new Int32Array(4096);
  let rows = 0;
  for (let start = 0; start < end; ) {
    if (places.length < (rows + 1) * (columns + 1)) {
      const longer = new Int32Array(Math.max(2 * places.length, (rows + 1) * (columns + 1)));
      longer.set(places);
      places = longer;
    }
    const first = rows * (columns + 1);
    let cells = 1;
    places[first] = start;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === lineFeed && !(isWindows && bytes[at - 1] !== carriageReturn)) break;
      if (byte === separator) {
        if (cells <= columns) places[first + cells] = at + 1;
        cells++;
      }
    }
    const last = isWindows && at < end ? at - 1 : at;
    const isComment = bytes[start] === hash;
    const isEmpty = cells === 1 && isBlank(bytes, start, last);
    if (!isComment && !isEmpty) {
      if (cells !== columns) throw ragged(cells, seen + rows + 1, columns);
      places[first + columns] = last + 1;
      rows++;
    }
    start = at + 1;
  }
  const decoder = new TextDecoder();
  const textOf = (row: number, column: number): string => {
    const place = row * (columns + 1) + column;
    return decoder.decode(bytes.subarray(places[place]!, places[place + 1]! - 1));
  };
  const batch: Batch = {
    rows,
    text: textOf,
    number(row, column) {
      const place = row * (columns + 1) + column;
      let [from, to] = [places[place]!, places[place + 1]! - 1];
      while (from < to && bytes[from] === space) from++;
      while (to > from && bytes[to - 1] === space) to--;
      if (from === to) return Number.NaN;
      const value = plainNumber(bytes, from, to);
      return Number.isNaN(value) ? numberIn(textOf(row, column)) : value;
    },
  };
  return { batch, rest: bytes.subarray(end) };
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at]! > space)
      return bytes[at]! > 126 && new TextDecoder().decode(bytes.subarray(start, end)).trim() === '';
  }
  return true;
}

function fromText(bytes: Uint8Array, format: Format, isLast: boolean, seen: number): Taken {
  const { delimiter, newline, columns } = format;
  const cut = newline === '\r' ? carriageReturn : lineFeed;
  const end = isLast ? bytes.length : bytes.lastIndexOf(cut) + 1;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, end));
  const parser = new Papa.Parser({ delimiter, newline, comments: '#' });
  const { data, meta } = parser.parse(text, 0, !isLast) as unknown as {
    data: string[][];
    meta: { cursor: number };
  };
  const rows = data.filter((cells) => cells.length > 1 || cells[0]!.trim() !== '');
  for (const [i, cells] of rows.entries()) {
    if (cells.length !== columns) throw ragged(cells.length, seen + i + 1, columns);
  }
  return {
    batch: {
      rows: rows.length,
      number: (row, column) => numberIn(rows[row]![column]!),
      text: (row, column) => rows[row]![column]!,
    },
    rest: joined(new TextEncoder().encode(text.slice(meta.cursor)), bytes.subarray(end)),
  };
}
