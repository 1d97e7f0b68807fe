/** Series and DataFrames as pandas prints them: columns that end at the same place on every line. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../array.ts';
import type { LossLensError } from '../errors.ts';
import { blockBelow } from './columns.ts';
import { dots, type Line, linesOf, type PrintedTable, splitLine } from './lines.ts';
import { type PrintedSeries, seriesAbove, seriesFooter } from './series.ts';
import { Source } from './source.ts';
import { arrayOfColumn, arrayOfTable, truncated } from './table.ts';

export interface PrintedFrame extends PrintedTable {
  readonly kind: 'frame';
}

/** The last line of a frame that is not all there, and nothing of what was printed behind it. */
const frameFooter = /^\[(?<rows>\d+) rows x (?<columns>\d+) columns\]/;
/** Of a header; a column that it stands over may be one blank from its neighbour. */
const columnOfDots = /(?:^|\s)(?:\.{3}|…)(?:\s|$)/;

/** What pandas has printed into `text`, in its order. */
export function framesIn(text: string): (PrintedFrame | PrintedSeries)[] {
  const source = new Source(text);
  const lines = linesOf(text);
  const found: (PrintedFrame | PrintedSeries)[] = [];
  // The rows of a Series may look like a header and rows; its last line tells.
  let taken = 0;
  const rest: Line[][] = [];
  for (let at = 0; at < lines.length; at++) {
    const footer = seriesFooter.exec(lines[at]!.text);
    if (!footer) continue;
    splitLine(lines, at, footer[0].length);
    const series = seriesAbove(source, lines, at, taken, footer.groups!);
    if (!series) continue;
    found.push(series.printed);
    if (series.from > 0) {
      splitLine(lines, series.first, series.from);
      series.first++;
      at++;
    }
    // A single row, and what it is printed behind, may be all of the line.
    const isOnlyRow = series.from === 0 && series.first === at - 1;
    const isWider = (lines[at - 1]?.text.length ?? 0) > (lines[at - 2]?.text.length ?? 0);
    rest.push(lines.slice(taken, isOnlyRow && isWider ? at : series.first));
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

function frameBelow(
  source: Source,
  lines: Line[],
  at: number,
): { readonly printed?: PrintedFrame; readonly next: number } {
  const first = blockBelow(lines, at);
  let { next } = first;
  const place = { source, rows: lines.slice(next - first.rows, next).map(({ start }) => start) };
  if (first.unsure) while (lines[next]?.text.length === lines[next - 1]!.text.length) next++;
  // The columns that it announces are those of a table that is not told.
  if (first.unsure?.continues) next = afterBlocks(lines, next);
  if (!first.columns) return { next: lines[at]!.continues ? afterBlocks(lines, next) : next };
  let { columns } = first;
  let refusal: LossLensError | undefined;
  for (let continues = lines[at]!.continues; continues; ) {
    const header = next + 1;
    const follows = lines[next]?.text === '';
    const block = follows ? blockBelow(lines, header, true) : undefined;
    if (!block?.columns || block.rows !== first.rows) {
      refusal = truncated(t('a line that ends with "\\", and not the columns that it announces'), { place });
      if (follows) next = afterBlocks(lines, next);
      break;
    }
    columns = [...columns, ...block.columns];
    next = block.next;
    continues = lines[header]!.continues;
  }
  const below = lines[next]?.text === '' ? next + 1 : next;
  const footer = frameFooter.exec(lines[below]?.text ?? '');
  const size = footer?.groups;
  if (footer) {
    splitLine(lines, below, footer[0].length);
    next = below + 1;
  }
  // Strings are cut to "…" inside; only a row or a column that is nothing else stands for others.
  const partly =
    columns.some(({ name }) => columnOfDots.test(name!)) ||
    Array.from({ length: first.rows }, (_, row) => row).some((row) =>
      columns.every(({ cells }) => dots.test(cells[row]!)),
    ) ||
    (size && (Number(size.rows) !== first.rows || Number(size.columns) !== columns.length));
  if (partly) {
    const whole = size ? t`a table of ${size.rows!} rows and ${size.columns!} columns` : t('a table');
    refusal ??= truncated(t`"..." in ${whole}`, { place });
  } else if (first.unsure) refusal ??= unsureOf(source, first.unsure);
  const last = lines[next - 1]!;
  return {
    printed: {
      kind: 'frame',
      start: lines[at]!.start + first.from,
      end: last.start + last.text.length,
      table: { columns, place },
      ...(refusal && { refusal }),
    },
    next,
  };
}

function unsureOf(source: Source, { start, text }: Line): LossLensError {
  return source.failure(
    'no-array',
    start,
    t('It is not sure whether this line is a row of the table above.'),
    {
      found: JSON.stringify(text.trim().slice(0, 30)),
      expected: t('an empty line below a table'),
    },
  );
}

/** After the further columns of a frame whose beginning is none that is understood. */
function afterBlocks(lines: readonly Line[], from: number): number {
  let at = from;
  const toEnd = (): boolean => {
    while (at < lines.length && lines[at]!.text !== '' && !lines[at]!.continues) at++;
    return lines[at]?.text === '';
  };
  for (let continues = true; continues && toEnd(); at += 2) continues = lines[at + 1]?.continues === true;
  toEnd();
  return Math.min(at, lines.length);
}
