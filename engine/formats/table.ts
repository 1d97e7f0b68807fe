/** Tables as text shows them: columns of cells, and what arrays they are. */
import { t } from '@vscode/l10n';
import { type NdArray, sizeOf } from '../array.ts';
import { type ErrorCode, type ErrorDetails, LossLensError } from '../errors.ts';
import { held, type SourceDType } from './dtypes.ts';
import { Elements } from './elements.ts';
import type { Source } from './source.ts';

export interface Column {
  /** Absent where the table has no header. */
  readonly name?: string;
  /** Top to bottom, without the blanks around them. */
  readonly cells: readonly string[];
}

export interface Table {
  readonly columns: readonly Column[];
  /** Where it stands, for what is read from lines: the offset of each row in the text. */
  readonly place?: { readonly source: Source; readonly rows: readonly number[] };
}

const wholeFrame = (): string =>
  t(
    "Print all of it: pd.set_option('display.max_rows', None, 'display.max_columns', None), or save the numbers with to_numpy() and np.save.",
  );
const numeral = /^[+-]?(?:(?:0|[1-9]\d*)(\.\d*)?|(\.\d+))(e[+-]?\d+)?$/i;
const truth = /^(?:true|false)$/i;
const nonFinite: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  infinity: Infinity,
  '-infinity': -Infinity,
};

/** Whether `text` is a number or a truth value, as the cells of an array are. */
export function isElement(text: string): boolean {
  return numeral.test(text) || truth.test(text) || Object.hasOwn(nonFinite, text.toLowerCase());
}

/**
 * All columns side by side: `[rows, columns]`. Integers alone are int64, truth values alone bool, anything else
 * float64; weak, as tables say nothing of their dtype.
 * @throws LossLensError `no-array` naming the first cell that is no number
 */
export function arrayOfTable(table: Table): NdArray {
  const { columns } = table;
  return arrayOf(table, [columns[0]?.cells.length ?? 0, columns.length], undefined);
}

/**
 * The column alone: `[rows]`, of `dtype` if the text says which, else as in `arrayOfTable`.
 * @throws LossLensError `no-array` naming the first cell that is no number, `dtype` for one that `dtype` does not hold
 */
export function arrayOfColumn({ columns, place }: Table, index: number, dtype?: SourceDType): NdArray {
  const column = columns[index]!;
  return arrayOf({ columns: [column], ...(place && { place }) }, [column.cells.length], dtype);
}

function arrayOf(table: Table, shape: readonly number[], given: SourceDType | undefined): NdArray {
  const { columns } = table;
  const elements = new Elements();
  const kinds = new Set<Kind>();
  const rows = columns[0]?.cells.length ?? 0;
  for (let row = 0; row < rows; row++) {
    for (const column of columns) {
      const kind = push(elements, column.cells[row] ?? '');
      if (!kind) throw noNumber(table, column, row);
      kinds.add(kind);
      if (kinds.size > 1 && kinds.has('truth')) {
        throw refusal(table, row, 'no-array', t('Truth values and numbers stand in one table.'), {
          found: t('True or False beside numbers'),
          expected: t('one kind of value'),
        });
      }
    }
  }
  const dtype = given ?? inferred(kinds);
  const wrong = elements.convert(0, dtype, false);
  if (wrong >= 0) {
    const row = Math.floor(wrong / columns.length);
    throw refusal(table, row, 'dtype', t`The dtype ${dtype} does not hold every element.`, {
      found: columns[wrong % columns.length]!.cells[row]!,
      expected: t`a number in the range of ${dtype}`,
    });
  }
  const { dtype: heldAs, origin } = held(dtype);
  return {
    dtype: heldAs,
    shape: sizeOf(shape) === 0 ? [0] : shape,
    data: elements.take(heldAs),
    ...(origin && { origin }),
    ...(given === undefined && { weak: true }),
  };
}

function inferred(kinds: ReadonlySet<Kind>): SourceDType {
  if (kinds.has('truth')) return 'bool';
  return kinds.has('float') || kinds.size === 0 ? 'float64' : 'int64';
}

type Kind = 'integer' | 'float' | 'truth';

function push(elements: Elements, cell: string): Kind | undefined {
  const match = numeral.exec(cell);
  if (match) {
    const [, fraction, bare, exponent] = match;
    const value = Number(cell);
    if (fraction !== undefined || bare !== undefined || exponent !== undefined) {
      elements.push(value);
      return 'float';
    }
    if (Number.isSafeInteger(value)) elements.push(value);
    else elements.pushWide(BigInt(cell), 0);
    return 'integer';
  }
  const lower = cell.toLowerCase();
  if (truth.test(cell)) {
    elements.push(lower === 'true' ? 1 : 0);
    return 'truth';
  }
  if (!Object.hasOwn(nonFinite, lower)) return undefined;
  elements.push(nonFinite[lower]!);
  return 'float';
}

function noNumber(table: Table, { name, cells }: Column, row: number): LossLensError {
  const cell = cells[row] ?? '';
  if (/^(?:\.{2,}|…)$/.test(cell)) return truncated(t('"..." in place of numbers'), table, row);
  const sentence =
    name === undefined
      ? t`Row ${row + 1} has no number.`
      : t`Row ${row + 1} has no number in column ${name}.`;
  return refusal(table, row, 'no-array', sentence, {
    found: cell === '' ? t('an empty cell') : JSON.stringify(cell.slice(0, 30)),
    expected: t('a number (for a missing one, nan)'),
  });
}

/** The refusal of a table of which only a part is shown. */
export function truncated(found: string, table: Pick<Table, 'place'>, row = 0): LossLensError {
  return refusal(table, row, 'incomplete', t`This is not the whole table. ${wholeFrame()}`, {
    found,
    expected: t('every row and column'),
  });
}

function refusal(
  { place }: Pick<Table, 'place'>,
  row: number,
  code: ErrorCode,
  sentence: string,
  details: ErrorDetails,
): LossLensError {
  return place
    ? place.source.failure(code, place.rows[row] ?? 0, sentence, details)
    : new LossLensError(code, sentence, details);
}
