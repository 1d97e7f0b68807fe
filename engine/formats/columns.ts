/** Columns of a DataFrame as pandas prints them: they end where their names end. */
import { type Line, splitLine } from './lines.ts';
import { type Column, isElement } from './table.ts';

interface Found extends Column {
  /** Whether there is an index before the columns. */
  readonly indexed: boolean;
  /** Its place on every line. */
  readonly start: number;
  readonly end: number;
}

export interface Block {
  /** Absent where no frame begins. */
  readonly columns?: readonly Column[];
  /** Where in its first line the header begins: behind what was printed before it. */
  readonly from: number;
  readonly rows: number;
  /** The line to go on with. */
  readonly next: number;
  /** As wide as the rows, and either one of them or what follows. */
  readonly unsure?: Line;
}

/**
 * A header and the rows below it, which end where it ends; its last row is cut from what was printed behind it.
 * @param any  also without a column of numbers
 */
export function blockBelow(lines: Line[], at: number, any = false): Block {
  const { text } = lines[at] ?? { text: '' };
  if (text === '' || text.includes('\t')) return { from: 0, rows: 0, next: at + 1 };
  // A row of a table is no header of the next.
  const isRow = !lines[at]!.behind && lines[at - 1]?.text.length === text.length;
  if (isRow && isNumberedRow(text)) return { from: 0, rows: 0, next: at + 1 };
  const rows = isNameOfIndex(lines[at + 1]?.text ?? '', text) ? at + 2 : at + 1;
  const block = blockOf(lines, text, rows, any, lines[at]!.behind);
  if (block.columns) return block;
  for (const shifted of isRow ? [] : [at + 1, at + 2]) {
    const width = lines[shifted]?.text.length ?? 0;
    const from = text.length - width;
    const header = text.slice(from);
    if (width === 0 || from <= 0 || !/^\s+\S/.test(header)) continue;
    if (shifted > at + 1 && !isNameOfIndex(lines[at + 1]!.text, header)) continue;
    const behind = blockOf(lines, header, shifted, any, true);
    if (behind.columns) return { ...behind, from };
  }
  // Its last row may be the header of what follows; looking at every row as a header would take quadratic time.
  return { from: 0, rows: 0, next: Math.max(at + 1, block.next - 1) };
}

/** Has the index's name a line of its own here, empty under the columns? */
export function isNameOfIndex(text: string, header: string): boolean {
  const first = /(?:^|\s)\s+(?=\S)/.exec(header);
  const start = first ? first.index + first[0].length : header.length;
  const isOverIndex = text.slice(0, start).trim() !== '' && text.slice(start - 1, start).trim() === '';
  return isOverIndex && /^(?:\s*\.\.\.)*$/.test(text.slice(start));
}

function blockOf(lines: Line[], name: string, first: number, any: boolean, strict = false): Block {
  const width = name.length;
  const index = indexAbove(name, lines[first]?.text ?? '');
  const isHeader = (row: string) => row === name || (index > 0 && row.slice(0, index).trim() === '');
  let next = first;
  while (lines[next]?.text.length === width && !isHeader(lines[next]!.text)) next++;
  const rows = lines.slice(first, next).map(({ text }) => text);
  // Numbers behind a word are a header where they are years, and a row of a list otherwise: too unsure.
  const header = /^\S/.test(name) && !hasNumbers(name) ? withoutAxisName(name, rows) : name;
  if (!/^\s+\S/.test(header)) return { from: 0, rows: 0, next };
  const exact = strict || header !== name;
  const columns = rows.length > 0 ? columnsOf(header, rows, any, exact) : undefined;
  const none = rows.length > 0 && !columns;
  const last = lines[next];
  const row = rowBefore(last, width);
  const longer =
    none || row === '' || isHeader(row)
      ? undefined
      : columnsOf(header, [...rows, row], any, exact || rows.length === 0);
  const all = columns ?? longer;
  // A line without an index is another one of the header, and so is one that counts the columns and nothing else.
  if (!all || !hasIndex(all, rows[0] ?? row) || (rows.length === 1 && !all[0]!.indexed && isCount(rows[0]!)))
    return { from: 0, rows: 0, next: none ? next : first };
  if (longer && isRowOf(longer, row) && (!columns || isAlike(columns, longer))) {
    const other = unsureLine([...rows, row], longer, columns, '');
    const unsure =
      other !== undefined ? lines[first + other] : isOfWiderTable(lines, next, width) ? last : undefined;
    if (!unsure) splitLine(lines, next, width);
    return { columns: longer, from: 0, rows: rows.length + 1, next: next + 1, ...(unsure && { unsure }) };
  }
  if (!columns) return { from: 0, rows: 0, next: first };
  const unsure = unsureLine(
    rows,
    columns,
    rows.length > 2 ? columnsOf(header, rows.slice(0, -1), any, exact) : undefined,
    last?.text ?? '',
  );
  const isHeaderOfNumbers = last?.text.length === width && last.text !== name && isNumberedRow(last.text);
  const line =
    unsure !== undefined
      ? lines[first + unsure]
      : isHeaderOfNumbers || (row !== '' && !isHeader(row) && isAligned(columns, row))
        ? last
        : undefined;
  return { columns, from: 0, rows: rows.length, next, ...(line && { unsure: line }) };
}

/** Which row may be none. @param without  the columns without the last row @param below  what follows that */
function unsureLine(
  rows: readonly string[],
  columns: readonly Found[],
  without: readonly Found[] | undefined,
  below: string,
): number | undefined {
  const header = rows.findIndex((row) => !hasIndex(columns, row));
  if (header > 0) return header;
  const again = rows.findIndex(
    (row) => (/^ .*\S /.test(row) && isCount(row)) || isHeaderAgain(columns, row, rows[0]!),
  );
  if (again > 0) return again;
  const changed = columns.map(changeOf).find((row) => row > 0);
  if (changed !== undefined) return changed;
  const isSame =
    isSameTable(without, columns) &&
    columns.every(
      ({ cells }) => !cells.every(isElement) || isPrintedAlike(cells.slice(0, -1), cells.at(-1)!),
    );
  const isHeader = rows.length > 1 && isCountAbove(rows.at(-1)!, below);
  return (isSame || rows.length < 3) && !isHeader ? undefined : rows.length - 1;
}

/** Whether a row is the same numbers as the header, behind a word where the first row has a number or a date. */
function isHeaderAgain(columns: readonly Found[], row: string, first: string): boolean {
  return (
    /^[^\W\d]/.test(row) &&
    /^\d/.test(first) &&
    columns.every(({ name, start, end }) => /^\d+$/.test(name!) && row.slice(start, end).trim() === name)
  );
}

/** Where a column goes on with truth values below numbers, or the other way round, or, without an index, with other digits; else -1. */
function changeOf({ cells, indexed }: Found): number {
  if (!cells.every(isElement)) return -1;
  if (!indexed) {
    const forms = cells.map(formOf);
    const first = forms.find((form) => form !== 'missing');
    return forms.findIndex((form) => form !== 'missing' && form !== first);
  }
  const truths = cells.map((cell) => formOf(cell) === 'truth');
  const row = truths.indexOf(!truths[0]);
  return truths.includes(truths[0]!, row) ? -1 : row;
}

/** Numbers in place of names, which are a row. */
function hasNumbers(header: string): boolean {
  const words = header.split(/\s{2,}/).slice(1);
  return words.some((word) => {
    const parts = word.split(' ');
    return isElement(parts[0]!) || parts.some((part) => isElement(part) && !/^\d+$/.test(part));
  });
}

/** Whether a cell ends where every column ends, and, without an index, all of them are numbers. */
function isAligned(columns: readonly Found[], row: string): boolean {
  if (!columns[0]!.indexed) return row.trim().split(/\s+/).every(isElement);
  return columns.length > 1 && columns.every(({ end }) => /^\S(?: |$)/.test(row.slice(end - 1)));
}

/** Whether all is the same with another row: the names, whether there is an index, and which hold numbers. */
function isAlike(columns: readonly Found[], longer: readonly Found[]): boolean {
  return (
    longer.length === columns.length &&
    longer.every(({ name, indexed, cells }, index) => {
      const { cells: before, ...column } = columns[index]!;
      const fits = !before.every(isElement) || isPrintedAlike(before, cells.at(-1)!);
      return fits && name === column.name && indexed === column.indexed;
    })
  );
}

/** Whether the line is as wide as the next, or has numbers behind this width that are not the names of a table below. */
function isOfWiderTable(lines: readonly Line[], at: number, width: number): boolean {
  const { text } = lines[at]!;
  const below = lines[at + 1]?.text ?? '';
  if (below.length === text.length && /^\S /.test(below.slice(width - 1))) return true;
  const behind = text.slice(width);
  const header = behind.slice(1);
  // Something else may be printed behind its only row.
  const isRow =
    (below !== '' &&
      below.length < behind.length &&
      behind.slice(0, -below.length).trim() === '' &&
      /^\s/.test(behind.slice(-below.length))) ||
    (/\S {2,}\S/.test(below.slice(0, header.length)) && /^\S \S/.test(below.slice(header.length - 1)));
  const isNamed = isRow || isNameOfIndex(below, header);
  return /^\s{2,}\S/.test(behind) && behind.trim().split(/\s+/).every(isElement) && !isNamed;
}

/** Whether a column of numbers may go on so: pandas gives all floats of one as many decimals, and integers none. */
export function isPrintedAlike(before: readonly string[], cell: string): boolean {
  if (!isElement(cell)) return false;
  const [form = 'missing', another] = new Set(before.map(formOf).filter((form) => form !== 'missing'));
  // Where they differ already, it holds objects.
  return another !== undefined || ['missing', formOf(cell)].includes(form) || formOf(cell) === 'missing';
}

function formOf(cell: string): string {
  if (/^[tf]/i.test(cell)) return 'truth';
  if (/[ni]/i.test(cell)) return 'missing';
  return cell
    .replace(/^[-+]?\d*/, '')
    .replaceAll(/\d/g, '0')
    .replace(/e[-+]0+/, 'e');
}

/** What of a line may be a row of this width, with something else behind it; empty where nothing may. */
function rowBefore(line: Line | undefined, width: number): string {
  return line && /^[^\w.+-]/.test(line.text.slice(width)) ? line.text.slice(0, width) : '';
}

function hasIndex([column]: readonly Found[], row: string): boolean {
  return !column!.indexed || row.slice(0, column!.start).trim() !== '';
}

/** Whether a last row has left alone where the columns begin, and at least half of those that hold numbers, or none. */
function isSameTable(without: readonly Found[] | undefined, columns: readonly Found[]): boolean {
  if (!without) return true;
  const numeric = columns.filter((_, index) => without[index]?.cells.every(isElement));
  const left = numeric.filter(({ cells }) => cells.every(isElement)).length;
  return without[0]!.indexed === columns[0]!.indexed && (left === 0 || 2 * left >= numeric.length);
}

/** Where the index ends in a row: before the cell that ends below the end of the header's first name; 0 where there is none. */
function indexAbove(header: string, row: string): number {
  const end = /^\s+\S+(?: \S+)*/.exec(header)?.[0].length ?? 0;
  const cell = row.slice(0, end).search(/\S+$/);
  return cell < 0 ? 0 : row.slice(0, cell).trimEnd().length;
}

/** Numbers alone, which do not count columns. */
function isNumberedRow(text: string): boolean {
  return text.trim().split(/\s+/).every(isElement) && !isCount(text);
}

/** 0 1 2, as columns without names are called. */
function isCount(text: string): boolean {
  return text
    .trim()
    .split(/\s+/)
    .every((word, index) => word === String(index));
}

/** Whether the row ends with 0 1 2, or years, over a narrower one, as the header of another table behind a word. */
function isCountAbove(row: string, below: string): boolean {
  if (!/^$|\d$/.test(below) && isNameOfIndex(below, row)) return isCount(row.slice(row.search(/\s{2,}/)));
  // Over the index may stand the name of the columns' axis.
  const header = row.slice(-below.length).replace(/^\S+(?: \S+)*(?=\s{2})/, '');
  const isNames = isCount(header) || /^(?:\s+(?:19|20)\d\d)+$/.test(header);
  return below.length < row.length && /^\s+\S/.test(header) && isNames && /\d$/.test(below);
}

/** Whether the last row of the columns is one of a table, and not prose: the last number in it stands apart. */
function isRowOf(columns: readonly Column[], row: string): boolean {
  const last = columns.at(-1)!.cells.at(-1)!;
  const gap = isElement(last) && !last.startsWith('-') ? '  ' : ' ';
  return columns.every(({ cells }) => cells.at(-1) !== '') && row.endsWith(`${gap}${last}`);
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

/** What was printed behind a row, and no name. */
function isPrinted(name: string): boolean {
  return /^[-+]?\d*\.\d+\s/.test(name) || (name.includes(' ') && name.split(/\s+/).every(isElement));
}

/** Numbers over numbers are two rows, also with words behind them. */
function isNoName({ name, cells }: Column): boolean {
  return cells.some(isElement) && (isElement(name!.split(/\s+/, 1)[0]!) || /\s{2,}\S/.test(name!));
}

/**
 * `undefined` where the header does not stand over the columns, or no column is one of numbers.
 * @param strict  also where there is no index, a name does not end where its column ends, or is another number than
 *   that of its column
 */
function columnsOf(
  header: string,
  rows: readonly string[],
  any: boolean,
  strict: boolean,
): Found[] | undefined {
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
      if (strict && ((columns.length === 0 && start === segments[0]!.start) || header[end - 1] === ' '))
        return undefined;
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
    indexed,
    start,
    end,
    cells: rows.map((row) => row.slice(start, end).trim()),
  }));
  if (
    (strict || !indexed) &&
    found.some((column, index) => column.name !== String(index) && isNoName(column))
  )
    return undefined;
  if (found.some(({ name, cells }) => isPrinted(name) && cells.some(isElement))) return undefined;
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
