/** A row group: its columns side by side, each decoded in one piece. */
import { t } from '@vscode/l10n';
import type { ColumnMetaData, FileMetaData } from 'hyparquet/src/index.js';
import { allocate, type NdArray, type TypedArray } from '../../../array.ts';
import { LossLensError } from '../../../errors.ts';
import type { SourceDType } from '../../dtypes.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from '../bytes.ts';
import type { Decoders } from '../decoders.ts';
import { arrayOf, heldDType } from '../elements.ts';
import { columnFrom } from './column.ts';
import { guarded } from './metadata.ts';
import { readPages } from './pages.ts';
import { unpackerOf } from './unpack.ts';
import type { Leaf } from './values.ts';

/** Of one column in one row group, which is decoded at once. */
const mostInGroup = { values: 2 ** 26, bytes: 2 ** 28 };

export interface Table {
  readonly source: ByteSource;
  readonly decoders: Decoders;
  readonly metadata: FileMetaData;
  readonly rows: number;
}

/** Columns of several dtypes side by side are float64. */
export const common = ([first, ...others]: readonly Leaf[]): SourceDType =>
  others.every(({ dtype }) => dtype === first!.dtype) ? first!.dtype : 'float64';

/** The rows of one group. */
export async function group(table: Table, index: number, columns: readonly Leaf[]): Promise<NdArray> {
  if (columns.length === 1) return columnIn(table, index, columns[0]!);
  const dtype = common(columns);
  const rows = Number(table.metadata.row_groups[index]!.num_rows);
  checkHeld(t('A row group of the table'), rows * columns.length * 8);
  let data: TypedArray = allocate(heldDType(dtype), rows * columns.length);
  for (const [c, column] of columns.entries()) {
    const values = await columnIn(table, index, column);
    if (values.dtype === 'float64' && !(data instanceof Float64Array)) data = Float64Array.from(data, Number);
    if (data instanceof BigInt64Array) {
      for (let row = 0; row < rows; row++) data[row * columns.length + c] = values.data[row] as bigint;
    } else {
      for (let row = 0; row < rows; row++) data[row * columns.length + c] = Number(values.data[row]);
    }
  }
  const shape = [rows, columns.length];
  return data instanceof Float64Array ? { dtype: 'float64', shape, data } : arrayOf(data, dtype, shape);
}

async function columnIn(
  { source, decoders, metadata }: Table,
  index: number,
  column: Leaf,
): Promise<NdArray> {
  const { num_rows, columns } = metadata.row_groups[index]!;
  const meta = columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === column.name)?.meta_data;
  if (!meta)
    throw damaged(
      t('The Parquet file contradicts itself.'),
      t`no column '${column.name}' in group ${index + 1}`,
      t('all columns'),
    );
  const rows = Number(num_rows);
  const bytes = await chunkOf(source, meta, rows, column);
  const unpack = await unpackerOf(meta.codec, decoders);
  return guarded(() => {
    const unpacking = { codec: meta.codec, unpack, most: mostInGroup.bytes };
    const array = columnFrom(readPages(bytes, column, Number(meta.num_values), unpacking), column, rows);
    checkHeld(t`Column '${column.name}'`, array.data.byteLength);
    return array;
  });
}

/** The bytes of a column in a group, which holds no more of them than can be unpacked at once. */
async function chunkOf(
  source: ByteSource,
  meta: ColumnMetaData,
  rows: number,
  column: Leaf,
): Promise<Uint8Array> {
  const length = Number(meta.total_compressed_size);
  const values = Number(meta.num_values);
  checkHeld(
    t`A row group of column '${column.name}'`,
    Math.max(length, Number(meta.total_uncompressed_size)),
    mostInGroup.bytes,
  );
  if (values > mostInGroup.values || rows > mostInGroup.values) {
    throw new LossLensError(
      'too-large',
      t`A row group of column '${column.name}' is too long to be decoded at once.`,
      {
        found: t`${Math.max(values, rows)} values`,
        expected: t`at most ${mostInGroup.values}: write the file with a smaller row_group_size`,
      },
    );
  }
  if (values < rows || (column.repetition === 0 && values !== rows) || length < 0) {
    throw damaged(
      t('The Parquet file contradicts itself.'),
      t`${values} values in ${rows} rows`,
      t('one each'),
    );
  }
  return readBytes(source, Number(meta.dictionary_page_offset || meta.data_page_offset), length);
}
