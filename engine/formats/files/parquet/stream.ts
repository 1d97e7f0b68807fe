/** The rows of a Parquet file one after the other, with one row group in memory. */
import { t } from '@vscode/l10n';
import { allocate, type NdArray, sizeOf, type TypedArray } from '../../../array.ts';
import { LossLensError } from '../../../errors.ts';
import type { RowStream } from '../../../streaming/rows.ts';
import { arrayOf, heldDType } from '../elements.ts';
import { common, group, type Table } from './group.ts';
import type { Leaf } from './values.ts';

export class ParquetStream implements RowStream {
  readonly rows: number;
  readonly shape: readonly number[];
  readonly dtype: NdArray['dtype'];
  readonly #table: Table;
  readonly #columns: readonly Leaf[];
  #group: NdArray | undefined;
  #next = 0;
  #used = 0;
  #at = 0;

  constructor(table: Table, columns: readonly Leaf[]) {
    this.#table = table;
    this.#columns = columns;
    this.rows = table.rows;
    this.shape = columns.length === 1 ? [] : [columns.length];
    this.dtype = heldDType(common(columns));
  }

  async next(count: number, into?: TypedArray): Promise<NdArray> {
    const perRow = sizeOf(this.shape);
    const rows = Math.min(count, this.rows - this.#at);
    const data = into?.subarray(0, rows * perRow) ?? allocate(this.dtype, rows * perRow);
    for (let filled = 0; filled < rows; ) {
      if (!this.#group || this.#used === this.#group.shape[0]) await this.#open();
      const { data: from, shape } = this.#group!;
      const taken = Math.min(rows - filled, shape[0]! - this.#used);
      const part = from.subarray(this.#used * perRow, (this.#used + taken) * perRow);
      (data as Float64Array).set(part as Float64Array, filled * perRow);
      this.#used += taken;
      filled += taken;
    }
    this.#at += rows;
    return arrayOf(data as TypedArray, common(this.#columns), [rows, ...this.shape]);
  }

  fraction(): number {
    return this.rows === 0 ? 1 : this.#at / this.rows;
  }

  async #open(): Promise<void> {
    this.#group = await group(this.#table, this.#next++, this.#columns);
    this.#used = 0;
    if (this.#group.dtype !== this.dtype) {
      throw new LossLensError(
        'not-streamable',
        t('Whole numbers are missing in the table, which makes other numbers of all of them.'),
        {
          found: t`nulls in ${this.#columns.map(({ name }) => name).join(', ')}`,
          expected: t('a column without nulls, or of floating-point numbers'),
        },
      );
    }
  }
}
