/** Series and DataFrames as pandas prints them: columns that end at the same place on every line. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../array.ts';
import type { LossLensError } from '../errors.ts';
import { dtypeNamed, type SourceDType } from './dtypes.ts';
import { Source } from './source.ts';
import { arrayOfColumn, arrayOfTable, type Column, isElement, type Table, truncated } from './table.ts';

interface Printed {
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** The index is none of its columns; a Series is one column. */
  readonly table: Table;
  /** Why it cannot be taken as numbers, where not all of it is there. */
  readonly refusal?: LossLensError;
}

export interface PrintedFrame extends Printed {
  readonly kind: 'frame';
}

export interface PrintedSeries extends Printed {
  readonly kind: 'series';
  /** Absent for what holds no real numbers. */
  readonly dtype: SourceDType | undefined;
}

interface Line {
  readonly start: number;
  /** Without blanks at its end, and without the backslash that announces further columns. */
  readonly text: string;
  readonly continues: boolean;
}

const seriesFooter =
  /^(?:Freq: \S+?, )?(?:Name: (?<name>.*?), )?(?:Length: (?<length>\d+), )?dtype: (?<dtype>\w+)$/;
const frameFooter = /^\[(?<rows>\d+) rows x (?<columns>\d+) columns\]$/;
const dots = /^(?:\.{2,}|…)$/;
const onlyDots = /^[\s.]*\.\.\.$/;

/** What pandas has printed into `text`, in its order. */
export function framesIn(text: string): (PrintedFrame | PrintedSeries)[] {
  const source = new Source(text);
  const lines = linesOf(text);
  const found: (PrintedFrame | PrintedSeries)[] = [];
  // The rows of a Series may look like a header and rows; its last line tells.
  let taken = 0;
  const rest: (readonly Line[])[] = [];
  for (const [at, line] of lines.entries()) {
    const footer = seriesFooter.exec(line.text);
    const series = footer && seriesAbove(source, lines, at, taken, footer.groups!);
    if (!series) continue;
    found.push(series.printed);
    rest.push(lines.slice(taken, series.first));
    taken = at + 1;
  }
  rest.push(lines.slice(taken));
  for (const others of rest) {
    for (let at = 0; at < others.length; at++) {
      const { printed, next } = frameBelow(source, others, at);
      if (printed) found.push(printed);
      at = next - 1;
    }
  }
  return found.sort((left, right) => left.start - right.start);
}

/**
 * A Series `[rows]`, a DataFrame `[rows, columns]`.
 * @throws LossLensError as `arrayOfTable`, `incomplete` where not all of it is there
 */
export function arrayOfPrinted(printed: PrintedFrame | PrintedSeries): NdArray {
  if (printed.refusal) throw printed.refusal;
  const { table } = printed;
  if (printed.kind === 'frame') return arrayOfTable(table);
  if (printed.dtype) return arrayOfColumn(table, 0, printed.dtype);
  throw table.place!.source.failure(
    'dtype',
    printed.start,
    t('This Series has a dtype that holds no real numbers.'),
    {
      expected: t('float16 to float64, int8 to int64, uint8 to uint64, or bool'),
    },
  );
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end).trimEnd();
    const continues = line.endsWith('  \\');
    lines.push({ start, text: continues ? line.slice(0, -1).trimEnd() : line, continues });
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

/** The lines above the footer that end where the last of them does: an index, and the value. */
function seriesAbove(
  source: Source,
  lines: readonly Line[],
  footer: number,
  from: number,
  { name, length, dtype }: Record<string, string>,
): { readonly printed: PrintedSeries; readonly first: number } | undefined {
  const width = lines[footer - 1]?.text.length ?? 0;
  const isRow = ({ text }: Line) => (text.length === width && /\S\s+\S/.test(text)) || onlyDots.test(text);
  let first = footer;
  while (first > from && isRow(lines[first - 1]!)) first--;
  if (width === 0 || first === footer) return undefined;
  // Printed behind something else, the first row is a blank further to the right.
  const above = lines[first - 1]?.text ?? '';
  if (first > from && above.length === width + 1 && /^ \S.*\s{2,}\S+$/.test(above)) first--;
  const cells = lines.slice(first, footer).map(({ text }) => text.slice(text.search(/\S+$/)));
  const partly =
    cells.some((cell) => dots.test(cell)) || (length !== undefined && Number(length) !== cells.length);
  const place = { source, rows: lines.slice(first, footer).map(({ start }) => start) };
  const printed: PrintedSeries = {
    kind: 'series',
    start: lines[first]!.start,
    end: lines[footer]!.start + lines[footer]!.text.length,
    table: { columns: [{ cells, ...(name !== undefined && { name }) }], place },
    dtype: dtypeNamed(dtype!.toLowerCase(), 'numpy'),
    ...(partly && {
      refusal: truncated(
        length === undefined ? t('"..." in place of rows') : t`"..." in a Series of ${length}`,
        {
          place,
        },
      ),
    }),
  };
  return { printed, first };
}

interface Block {
  /** Absent where no frame begins. */
  readonly columns?: readonly Column[];
  readonly rows: number;
  /** The line to go on with. */
  readonly next: number;
}

function frameBelow(
  source: Source,
  lines: readonly Line[],
  at: number,
): { readonly printed?: PrintedFrame; readonly next: number } {
  const first = blockBelow(lines, at);
  let { next } = first;
  if (!first.columns) return { next: lines[at]!.continues ? afterBlocks(lines, next) : next };
  let { columns } = first;
  const place = { source, rows: lines.slice(next - first.rows, next).map(({ start }) => start) };
  let refusal: LossLensError | undefined;
  for (let continues = lines[at]!.continues; continues; ) {
    const header = next + 1;
    const block = lines[next]?.text === '' ? blockBelow(lines, header, true) : undefined;
    if (!block?.columns || block.rows !== first.rows) {
      refusal = truncated(t('a line that ends with "\\", and not the columns that it announces'), { place });
      break;
    }
    columns = [...columns, ...block.columns];
    next = block.next;
    continues = lines[header]!.continues;
  }
  const below = lines[next]?.text === '' ? next + 1 : next;
  const size = frameFooter.exec(lines[below]?.text ?? '')?.groups;
  if (size) next = below + 1;
  // Strings are cut to "…" inside; only a row or a column that is nothing else stands for others.
  const partly =
    columns.some(({ name }) => dots.test(name!)) ||
    Array.from({ length: first.rows }, (_, row) => row).some((row) =>
      columns.every(({ cells }) => dots.test(cells[row]!)),
    ) ||
    (size && (Number(size.rows) !== first.rows || Number(size.columns) !== columns.length));
  if (partly) {
    const whole = size ? t`a table of ${size.rows!} rows and ${size.columns!} columns` : t('a table');
    refusal ??= truncated(t`"..." in ${whole}`, { place });
  }
  const last = lines[next - 1]!;
  return {
    printed: {
      kind: 'frame',
      start: lines[at]!.start,
      end: last.start + last.text.length,
      table: { columns, place },
      ...(refusal && { refusal }),
    },
    next,
  };
}

/** After the further columns of a frame whose beginning is none that is understood. */
function afterBlocks(lines: readonly Line[], from: number): number {
  let at = from;
  for (let continues = true; continues && at < lines.length; ) {
    while (at < lines.length && lines[at]!.text !== '') at++;
    at++;
    continues = lines[at]?.continues === true;
  }
  while (at < lines.length && lines[at]!.text !== '') at++;
  return at;
}

/** A header and the rows below it, which end where it ends. @param any  also without a column of numbers */
function blockBelow(lines: readonly Line[], at: number, any = false): Block {
  let header = lines[at]?.text ?? '';
  const width = header.length;
  if (width === 0 || header.includes('\t')) return { rows: 0, next: at + 1 };
  // The index's name has a line of its own, empty under the columns.
  const below = lines[at + 1]?.text ?? '';
  const first = /(?:^|\s)\s+(?=\S)/.exec(header);
  const start = first ? first.index + first[0].length : width;
  const named = below.slice(0, start).trim() !== '' && /^(?:\s*\.\.\.)*$/.test(below.slice(start));
  const from = named ? at + 2 : at + 1;
  let next = from;
  while (next < lines.length && lines[next]!.text.length === width) next++;
  if (next === from) return { rows: 0, next: at + 1 };
  const rows = lines.slice(from, next).map(({ text }) => text);
  // Numbers behind a word are a header where they are years, and a row of a list otherwise: too unsure.
  const words = header.split(/\s{2,}/).slice(1);
  if (/^\S/.test(header) && !words.some(isElement)) header = withoutAxisName(header, rows);
  const columns = /^\s+\S/.test(header) ? columnsOf(header, rows, any) : undefined;
  // Its last row may be the header of what follows; looking at every row as a header would take quadratic time.
  if (!columns) return { rows: 0, next: Math.max(at + 1, next - 1) };
  return { columns, rows: rows.length, next };
}

/** The name of the columns' axis stands over the index, wider than it is; anything else there is a column's name. */
function withoutAxisName(header: string, rows: readonly string[]): string {
  const end = header.search(/\s\s|$/);
  const [index] = segmentsOf(rows, header.length);
  const over =
    index &&
    index.end < end &&
    rows.every((row) => row[0] !== ' ' && row.slice(index.end, end).trim() === '');
  return over ? ' '.repeat(end) + header.slice(end) : header;
}

/** `undefined` where the header does not stand over the columns, or no column is one of numbers. */
function columnsOf(header: string, rows: readonly string[], any: boolean): Column[] | undefined {
  const segments = segmentsOf(rows, header.length);
  const columns: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  let previous = 0;
  let textFrom: number | undefined;
  for (const { start, end } of segments) {
    const name = header.slice(previous, end).trim();
    if (name === '') {
      // The index, or a part of a text column whose blanks happen to stand one above the other.
      if (columns.length > 0) textFrom ??= start;
    } else {
      if (previous > 0 && header[previous] !== ' ') return undefined;
      columns.push({ name, start: textFrom ?? start, end });
      textFrom = undefined;
    }
    previous = end;
  }
  // Without an index these may be rows of numbers alone, or a log.
  const indexed = columns[0]?.start !== segments[0]?.start;
  if (!any && !indexed && columns.some(({ name }) => isElement(name))) return undefined;
  const found = columns.map(({ name, start, end }) => ({
    name,
    cells: rows.map((row) => row.slice(start, end).trim()),
  }));
  return any || found.some(({ cells }) => cells.some(isElement)) ? found : undefined;
}

/**
 * The runs of places that are not blank in all of the rows. Columns are two blanks apart, or one where a minus sign
 * takes the other; words of a text are one blank apart.
 */
function segmentsOf(
  rows: readonly string[],
  width: number,
): { readonly start: number; readonly end: number }[] {
  const filled = new Uint8Array(width + 1);
  for (const row of rows) {
    for (let at = 0; at < row.length; at++) if (row.charCodeAt(at) !== 32) filled[at] = 1;
  }
  const segments: { readonly start: number; readonly end: number }[] = [];
  for (let start = filled.indexOf(1); start >= 0; ) {
    const end = filled.indexOf(0, start);
    const last = segments.at(-1);
    if (last && last.end + 1 === start && !rows.some((row) => row[start] === '-')) {
      segments[segments.length - 1] = { start: last.start, end };
    } else segments.push({ start, end });
    start = filled.indexOf(1, end);
  }
  return segments;
}
