/** Text to an array, whatever wrote it. */
import type { NdArray } from '../array.ts';
import { LossLensError } from '../errors.ts';
import { arrayOfPrinted, framesIn } from './frames.ts';
import { parseLiteral } from './literal/index.ts';
import { literalOf, rowsIn } from './rows.ts';
import { arrayOfColumn, arrayOfTable } from './table.ts';

/**
 * Reads an array from `text`: literals, calls that make arrays and what libraries print for one, as `parseLiteral`;
 * a Series (`[rows]`) or a DataFrame (`[rows, columns]`, without its index) as pandas prints it; rows of CSV or TSV
 * (`[rows, columns]`; a single row or column `[n]`), whose header is passed.
 *
 * Series have the dtype that their last line names. Numbers of other tables are int64, float64 or bool, and `weak`.
 *
 * @throws LossLensError as `parseLiteral` does, and `incomplete` for tables of which only a part is printed
 */
export function parseArray(text: string): NdArray {
  try {
    return parseLiteral(text);
  } catch (error) {
    const other =
      error instanceof LossLensError && (error.code === 'no-array' || error.code === 'incomplete')
        ? parseTable(text)
        : undefined;
    if (!other) throw error;
    return other;
  }
}

function parseTable(text: string): NdArray | undefined {
  const plain = plainRows(text);
  if (plain) return plain;
  const [printed, another] = framesIn(text);
  const alone =
    printed && !another && `${text.slice(0, printed.start)}${text.slice(printed.end)}`.trim() === '';
  if (alone) return arrayOfPrinted(printed);
  const rows = rowsIn(text);
  if (!rows) return undefined;
  const { columns } = rows;
  if (columns.length === 1) return arrayOfColumn(rows, 0);
  return withoutOnlyRow(arrayOfTable(rows));
}

function plainRows(text: string): NdArray | undefined {
  const literal = literalOf(text);
  try {
    return literal === undefined ? undefined : withoutOnlyRow(parseLiteral(literal));
  } catch (error) {
    // Its places are not those of the text.
    if (error instanceof LossLensError) return undefined;
    throw error;
  }
}

function withoutOnlyRow(array: NdArray): NdArray {
  return array.shape[0] === 1 ? { ...array, shape: array.shape.slice(1) } : array;
}
