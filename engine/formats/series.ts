/** A Series as pandas prints it: an index, at least three blanks, and values that end at the same place on every line. */
import { t } from '@vscode/l10n';
import { isNameOfIndex, isPrintedAlike } from './columns.ts';
import { dtypeNamed, type SourceDType } from './dtypes.ts';
import { dots, type Line, type PrintedTable } from './lines.ts';
import type { Source } from './source.ts';
import { isElement, truncated } from './table.ts';

export interface PrintedSeries extends PrintedTable {
  readonly kind: 'series';
  /** Absent for what holds no real numbers. */
  readonly dtype: SourceDType | undefined;
}

/** The last line of a Series, and nothing of what was printed behind it. */
export const seriesFooter =
  /^(?:Freq: \S+?, )?(?:Name: (?<name>.*?), )?(?:Length: (?<length>\d+), )?dtype: (?<dtype>\w+)/;
const onlyDots = /^[\s.]*\.\.\.$/;
/** Blanks between the index and the longest value, at least. */
const gap = 3;

interface Found {
  readonly printed: PrintedSeries;
  /** The first line of what it is read from, and where in it the Series begins: behind what was printed before it. */
  first: number;
  readonly from: number;
}

/** The lines above the footer that end where the last of them does. @param from  the first line that may be one */
export function seriesAbove(
  source: Source,
  lines: readonly Line[],
  footer: number,
  from: number,
  { name, length, dtype: written }: Record<string, string>,
): Found | undefined {
  const dtype = dtypeNamed(written!.toLowerCase(), 'numpy');
  const width = lines[footer - 1]?.text.length ?? 0;
  const rows = new Rows(dtype !== undefined);
  let first = footer;
  for (; first > from; first--) {
    const { text } = lines[first - 1]!;
    if (!onlyDots.test(text) && !(text.length === width && rows.take(text))) break;
  }
  if (width === 0 || first === footer) return undefined;
  const above = first > from ? lines[first - 1]!.text : '';
  const before = first - 1 > from ? lines[first - 2]!.text : '';
  const start = above.length - width;
  // The first row, when something else was printed before it on its line.
  const isRow =
    dtype !== undefined &&
    start > 0 &&
    /\S\s+\S+$/.test(above.slice(start)) &&
    isPrintedAlike([lastOf(lines[first]!.text)], lastOf(above)) &&
    rows.take(above.slice(start));
  const isUnsure = isRow
    ? /[\w.+-]$|(?:^|\S) {2,}$/.test(above.slice(0, start)) ||
      before.length === above.length ||
      // Indices begin at the same place.
      (above[start] === ' ' && lines.slice(first, footer).every(({ text }) => text[0] !== ' '))
    : dtype !== undefined &&
      (isHeader(above, lines[first]!.text) ||
        // A row of a table is no header.
        (start < 0 &&
          lines[first - 3]?.text.length !== before.length &&
          isHeader(before, lines[first]!.text) &&
          isNameOfIndex(above, before.slice(-width))));
  if (isRow && !isUnsure) first--;
  const cells = lines.slice(first, footer).map(({ text }) => lastOf(text));
  const partly =
    cells.some((cell) => dots.test(cell)) || (length !== undefined && Number(length) !== cells.length);
  const place = { source, rows: lines.slice(first, footer).map(({ start }) => start) };
  const refusal = partly
    ? truncated(length === undefined ? t('"..." in place of rows') : t`"..." in a Series of ${length}`, {
        place,
      })
    : isUnsure
      ? source.failure('no-array', lines[first]!.start, t('It is not sure where this Series begins.'), {
          found: t('other columns right above it'),
          expected: t('an empty line before a Series'),
        })
      : undefined;
  const offset = isRow && !isUnsure ? start : 0;
  const printed: PrintedSeries = {
    kind: 'series',
    start: lines[first]!.start + offset,
    end: lines[footer]!.start + lines[footer]!.text.length,
    table: { columns: [{ cells, ...(name !== undefined && { name }) }], place },
    dtype,
    ...(refusal && { refusal }),
  };
  // What is not sure to be a row of this is not sure to be none of the table above.
  if (isUnsure) while (first > from && lines[first - 1]!.text !== '') first--;
  return { printed, first, from: offset };
}

/** Whether the row may be one of another table, whose names stand in this text, maybe behind what was printed before. */
function isHeader(text: string, row: string): boolean {
  const before = text.length - row.length;
  const header = text.slice(before);
  if (before < 0) return false;
  if (before === 0) return /^\s|\S\s{2,}\S/.test(header);
  // Names end where cells do; the first may be that of the columns' axis, over the index.
  const names = [...header.matchAll(/\S+(?: \S+)*/g)];
  const isOfAxis = /^ \S/.test(text.slice(before - 1));
  if (!(names.length > 1 ? isOfAxis || /^\s/.test(header) : /^\s{3}/.test(header))) return false;
  // A number is a name where it is a count or a year.
  if (isElement(lastOf(header)) && !/^\d+$/.test(lastOf(header))) return false;
  return names.every(({ 0: name, index }, number) => {
    const end = index + name.length;
    return (isOfAxis && number === 0) || (/^(?: |$)/.test(row.slice(end)) && row[end - 1] !== ' ');
  });
}

function lastOf(text: string): string {
  return text.slice(text.search(/\S+$/));
}

/** Where the index ends and the values begin in the rows that were taken. */
class Rows {
  readonly #numeric: boolean;
  #index = 0;
  #value = Infinity;

  constructor(numeric: boolean) {
    this.#numeric = numeric;
  }

  /** Takes the row, unless its index would reach into the gap before the values, or its value into that behind the indices. */
  take(text: string): boolean {
    const value = Math.min(this.#value, text.search(/\S+$/));
    const index = Math.max(this.#index, text.slice(0, text.search(/\S+$/)).trimEnd().length);
    if (index === 0 && this.#index === 0) return false;
    if (this.#numeric && index + gap > value) return false;
    [this.#value, this.#index] = [value, index];
    return true;
  }
}
