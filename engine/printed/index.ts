/** The arrays that an output of a program shows: told apart, and called what the output or the code calls them. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../array.ts';
import { type ErrorCode, LossLensError } from '../errors.ts';
import { arrayOfPrinted, framesIn } from '../formats/frames.ts';
import { rowsIn } from '../formats/rows.ts';
import { arrayOfColumn, arrayOfTable, type Column, isElement, type Table } from '../formats/table.ts';
import { type Printed, printsOf, valuesOf } from './code.ts';
import { framesInHtml } from './html.ts';
import { labelBefore } from './labels.ts';
import { decimalsOf, once, type Place, type PrintedArray } from './printed.ts';
import { scan } from './scan.ts';

export type { PrintedArray } from './printed.ts';

/** One output, in the forms that its program gave it. */
export interface Output {
  /** What was written, or the text of a value. */
  readonly text?: string;
  readonly html?: string;
  /** `value`: of the cell's last expression; `stream`: what it printed. */
  readonly kind: 'stream' | 'value' | 'other';
  /** Python, of the cell. */
  readonly code?: string;
}

/** Tables are looked for in texts up to here; longer ones are arrays, or no one's to read. */
const longestTable = 20_000_000;
/** Rows whose digits are counted; those further down are printed alike. */
const mostLookedAt = 100;
/** Of terminals: colours, and the like. */
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;?]*[A-Za-z]`, 'g');

interface Found extends PrintedArray, Place {}

/**
 * The arrays in an output, in its order; of a table all of its columns together, if all hold numbers, and each that
 * does. Single numbers are no arrays. Nothing is executed.
 */
export function printedArrays(output: Output): PrintedArray[] {
  const frames = output.html === undefined ? [] : framesInHtml(output.html);
  if (frames.length > 0) {
    const names = output.code === undefined || output.kind !== 'value' ? [] : (valuesOf(output.code) ?? []);
    const name = frames.length === 1 && names.length === 1 ? names[0]!.name : undefined;
    return frames.flatMap(({ table, refusal }) => arraysOfTable(table, refusal, name, output.html!.length));
  }
  return output.text === undefined ? [] : inText(output.text.replace(escapes, ''), output);
}

function inText(text: string, { kind, code }: Output): PrintedArray[] {
  const { arrays, closed, complete } = scan(text);
  const found: Found[] = arrays.map((array) => ({ ...array, length: array.end - array.start }));
  const tables = complete && text.length <= longestTable ? tablesBetween(text, closed) : [];
  const rows = arrays.length + tables.length === 0 && text.length <= longestTable ? table(text) : [];
  if (rows.length > 0) return rows;
  const places = [...found, ...tables].sort((left, right) => left.start - right.start);
  const named = code === undefined ? undefined : namesFrom(text, places, kind, code);
  let from = 0;
  let shapeBefore = false;
  return places.flatMap((place, index): readonly PrintedArray[] => {
    const label = labelBefore(text, place.start, from);
    const between = text.slice(from, place.start);
    from = place.end;
    const name = label ?? ('arrays' in place ? place.name : undefined) ?? named?.[index];
    if ('arrays' in place) return place.arrays(name);
    const { length, decimals, read } = place;
    const printed = text.slice(place.start, place.end);
    shapeBefore =
      (name !== undefined && isShapeOf(name, printed, code)) ||
      (shapeBefore && /^ *(?:->|→) *$/.test(between));
    if (shapeBefore) return [];
    return [
      { length, read, ...(decimals !== undefined && { decimals }), ...(name !== undefined && { name }) },
    ];
  });
}

/** A short list of integers that is called a size or shape, or that the code has taken from the `.shape` of the array named. */
function isShapeOf(name: string, printed: string, code = ''): boolean {
  if (!/^\[(?:\d+(?:, )?){1,6}\]$/.test(printed)) return false;
  if (/(?:^|[\W_])(?:size|shape)$/i.test(name)) return true;
  return code.split('\n').some((line) => line.includes(name) && /\.shape\b|\.size\(|as_list\(/.test(line));
}

function refusalOf(read: () => NdArray): ErrorCode | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof LossLensError) return error.code;
    throw error;
  }
}

interface FoundTable extends Place {
  readonly name?: string;
  arrays(name: string | undefined): readonly PrintedArray[];
}

/** What pandas has printed between the places that are taken. */
function tablesBetween(text: string, taken: readonly Place[]): FoundTable[] {
  const found: FoundTable[] = [];
  let from = 0;
  for (const { start, end } of [...taken, { start: text.length, end: text.length }]) {
    const between = text.slice(from, start);
    if (between.includes('\n')) {
      for (const printed of framesIn(between)) {
        const { kind, table, refusal } = printed;
        const length = printed.end - printed.start;
        const place = { start: from + printed.start, end: from + printed.end };
        if (kind === 'frame') {
          found.push({ ...place, arrays: (name) => arraysOfTable(table, refusal, name, length) });
          continue;
        }
        if (!printed.dtype || refusalOf(() => arrayOfPrinted(printed)) === 'no-array') continue;
        const own = table.columns[0]!.name;
        found.push({
          ...place,
          ...(own !== undefined && { name: own }),
          arrays: (name) => [
            described(
              { length, read: once(() => arrayOfPrinted(printed)), ...(name !== undefined && { name }) },
              table.columns,
            ),
          ],
        });
      }
    }
    from = end;
  }
  return found;
}

/** Rows of CSV, when the text is nothing else. */
function table(text: string): PrintedArray[] {
  try {
    const rows = rowsIn(text);
    // Lines of prose have commas as well, but not numbers alone between them.
    const columns = rows?.columns ?? [];
    const header =
      columns[0]?.name !== undefined && columns.every(({ name }) => /^[\w ()."'%/-]+$/.test(name!));
    if (!rows || !(header || (columns.length > 1 && columns.every(({ cells }) => cells.every(isElement)))))
      return [];
    if (columns[0]!.cells.length < 2) return [];
    const [whole, ...others] = arraysOfTable(rows, undefined, undefined, text.length);
    if (!whole || columns.length > 1) return whole ? [whole, ...others] : [];
    return [{ ...whole, read: once(() => arrayOfColumn(rows, 0)) }];
  } catch (error) {
    if (error instanceof LossLensError) return [];
    throw error;
  }
}

function arraysOfTable(
  table: Table,
  refusal: LossLensError | undefined,
  name: string | undefined,
  length: number,
): PrintedArray[] {
  const part = (read: () => NdArray, name: string | undefined, columns: readonly Column[]): PrintedArray =>
    described({ length, read: once(read), ...(name !== undefined && { name }) }, columns);
  if (refusal) {
    const refuse = (): never => {
      throw refusal;
    };
    return [part(refuse, name, [])];
  }
  const { columns } = table;
  const numeric = columns.flatMap((column, index) =>
    column.cells.every(isElement) ? [part(() => arrayOfColumn(table, index), column.name, [column])] : [],
  );
  if (numeric.length < columns.length) {
    const last = numeric.pop();
    return last ? [...numeric, { ...last, leftOut: leftOut(columns) }] : [];
  }
  const whole = part(
    () => arrayOfTable(table),
    name ?? (columns.length === 1 ? columns[0]!.name : undefined),
    columns,
  );
  const mixed = columns.some(({ cells }) => /^[tf]/i.test(cells[0] ?? '')) && columns.length > 1;
  if (columns.length === 1) return [whole];
  return mixed ? numeric : [whole, ...numeric];
}

function leftOut(columns: readonly Column[]): NonNullable<PrintedArray['leftOut']> {
  const others = columns.filter(({ cells }) => !cells.every(isElement));
  const names = others.map(({ name }, index) => name ?? t`column ${index + 1}`);
  const [{ cells }] = others as [Column];
  const row = cells.findIndex((cell) => !isElement(cell));
  const hold =
    names.length === 1
      ? t`A column of this table does not surely hold numbers: ${names[0]!}.`
      : t`${names.length} columns of this table do not surely hold numbers: ${names.join(', ')}.`;
  const refusal = new LossLensError(
    'no-array',
    `${hold} ${t('Take the variable from the kernel instead, or make numbers of it first.')}`,
    {
      found: t`${JSON.stringify(cells[row]!.slice(0, 30))} in row ${row + 1} of ${names[0]!}`,
      expected: t('a number in every row'),
    },
  );
  return { columns: names, refusal };
}

/** With the digits that its cells are printed to. */
function described(array: PrintedArray, columns: readonly Column[]): PrintedArray {
  if (columns.length === 0) return array;
  const cells = columns.flatMap((column) => column.cells.slice(0, mostLookedAt)).join(' ');
  const float = /\d\.\d/.test(cells) ? decimalsOf(cells, { dtype: 'float64' }) : undefined;
  return float === undefined ? array : { ...array, decimals: float };
}

/** The names of all the arrays, when what the code prints is these and nothing else. */
function namesFrom(
  text: string,
  places: readonly Place[],
  kind: Output['kind'],
  code: string,
): readonly (string | undefined)[] | undefined {
  if (places.length === 0 || kind === 'other') return undefined;
  const values = kind === 'value' ? valuesOf(code) : printsOf(code);
  if (!values) return undefined;
  const names = values.filter(({ literal }) => literal === undefined);
  if (names.length !== places.length) return undefined;
  let others = '';
  let from = 0;
  for (const { start, end } of [...places, { start: text.length, end: text.length }]) {
    others += `${text.slice(from, start)} `;
    from = end;
  }
  for (const { literal } of values) if (literal !== undefined) others = others.replace(literal.trim(), ' ');
  const tuple = kind === 'value' && names.length > 1;
  const rest = others.replaceAll('Parameter containing:', '').replaceAll(/\s/g, '');
  const expected = tuple ? `(${','.repeat(names.length - 1)})` : '';
  return rest === expected ? names.map(({ name }: Printed) => name) : undefined;
}
