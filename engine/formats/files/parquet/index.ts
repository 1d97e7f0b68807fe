/**
 * Parquet: each column of numbers, or of lists of numbers of one length, is an array; where every column holds plain
 * numbers, the whole table is one, too. Row groups are decoded one at a time. Missing values are NaN, which makes
 * float64 of whole numbers, as in pandas.
 */

import { t } from '@vscode/l10n';
import { parquetSchema, type SchemaTree } from 'hyparquet/src/index.js';
import { allocate, type NdArray } from '../../../array.ts';
import { LossLensError } from '../../../errors.ts';
import type { SourceDType } from '../../dtypes.ts';
import { type ByteSource, checkHeld } from '../bytes.ts';
import type { Decoders } from '../decoders.ts';
import { arrayOf, heldDType, widthOf } from '../elements.ts';
import type { FileArray, Reading } from '../file-array.ts';
import { allColumns, type Refused, readEach } from '../several.ts';
import { ragged } from './column.ts';
import { common, group, type Table } from './group.ts';
import { guarded, metadataOf, rowsOf } from './metadata.ts';
import { ParquetStream } from './stream.ts';
import type { Leaf } from './values.ts';

const mostColumns = 10_000;
/** What pandas adds to keep its index. */
const indexColumn = /^__index_level_\d+__$/;

export async function readParquet(
  source: ByteSource,
  decoders: Decoders,
): Promise<readonly (FileArray | Refused)[]> {
  const metadata = await metadataOf(source);
  const table = { source, decoders, metadata, rows: rowsOf(metadata) };
  const fields = guarded(() => parquetSchema(metadata))
    .children.filter(({ element }) => !indexColumn.test(element.name))
    .slice(0, mostColumns);
  const columns: Leaf[] = [];
  const arrays = await readEach(
    fields,
    ({ element }) => element.name,
    (field, name) => {
      const column = columnOf(field, name);
      columns.push(column);
      return offer(table, [column], name);
    },
  );
  const isTable =
    fields.length > 1 &&
    columns.length === fields.length &&
    columns.every(({ repetition }) => repetition === 0);
  return isTable ? [...arrays, offer(table, columns, allColumns())] : arrays;
}

function columnOf(field: SchemaTree, name: string): Leaf {
  const path = [field];
  for (let leaf = field; leaf.children.length === 1 && path.length < 16; path.push(leaf))
    leaf = leaf.children[0]!;
  const leaf = path.at(-1)!;
  const count = (is: (repetition: string) => boolean): number =>
    path.filter(({ element }) => is(element.repetition_type ?? 'REQUIRED')).length;
  const repetition = count((each) => each === 'REPEATED');
  const { type, type_length: typeLength = 0, repetition_type: own, scale } = leaf.element;
  const { logical_type: logical, converted_type: converted } = leaf.element;
  const dtype = leaf.children.length === 0 ? dtypeOf(leaf.element) : undefined;
  if (type && dtype && (repetition > 0 || leaf === field)) {
    const isDecimal = logical?.type === 'DECIMAL' || converted === 'DECIMAL';
    return {
      name,
      dtype,
      type,
      typeLength,
      ...(isDecimal && { scale: scale ?? 0 }),
      optional: own === 'OPTIONAL',
      definition: count((each) => each !== 'REQUIRED'),
      repetition,
    };
  }
  throw new LossLensError('dtype', t`Column '${name}' does not hold numbers.`, {
    found:
      leaf.children.length > 0
        ? t('a record')
        : ((logical?.type ?? converted ?? type)?.toLowerCase() ?? t('nothing')),
    expected: t('numbers, truth values, or lists of them'),
  });
}

function dtypeOf({
  type,
  logical_type: logical,
  converted_type: converted,
}: SchemaTree['element']): SourceDType | undefined {
  if (logical?.type === 'FLOAT16') return type === 'FIXED_LEN_BYTE_ARRAY' ? 'float16' : undefined;
  const integer =
    logical?.type === 'INTEGER'
      ? `${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}`
      : /^U?INT_/.exec(converted ?? '')?.input;
  if (integer !== undefined) {
    const isWritten = /^U?INT_(8|16|32|64)$/.test(integer) && (type === 'INT32' || type === 'INT64');
    return isWritten ? (integer.toLowerCase().replace('_', '') as SourceDType) : undefined;
  }
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return 'float64';
  if (logical || converted) return undefined;
  switch (type) {
    case 'BOOLEAN':
      return 'bool';
    case 'INT32':
      return 'int32';
    case 'INT64':
      return 'int64';
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    default:
      return undefined;
  }
}

function offer(table: Table, columns: readonly Leaf[], name: string): FileArray {
  const dtype = common(columns);
  const [first] = columns as [Leaf];
  const shape = columns.length === 1 ? [table.rows] : [table.rows, columns.length];
  const width = columns.length * widthOf(dtype);
  const isList = first.repetition > 0;
  return {
    name,
    dtype,
    ...(!isList && { shape }),
    bytes: table.rows * width,
    load: (reading) => load(table, columns, reading),
    ...(!isList && { stream: async () => new ParquetStream(table, columns) }),
  };
}

async function load(table: Table, columns: readonly Leaf[], reading?: Reading): Promise<NdArray> {
  checkHeld(t('The table'), table.rows * columns.length * 8);
  const groups: NdArray[] = [];
  for (const index of table.metadata.row_groups.keys()) {
    reading?.signal.throwIfAborted();
    groups.push(await group(table, index, columns));
    reading?.report((index + 1) / table.metadata.row_groups.length);
  }
  const [first] = groups;
  if (!first)
    return arrayOf(
      allocate(heldDType(common(columns)), 0),
      common(columns),
      columns.length === 1 ? [0] : [0, columns.length],
    );
  const shape = first.shape.slice(1);
  const other = groups.find((one) => String(one.shape.slice(1)) !== String(shape));
  if (other)
    throw ragged(columns[0]!.name, t`a list of ${other.shape[1]!}`, t`${shape[0]!} as in the first row`);
  // One group has missing values and another has none.
  const isOf = (dtype: NdArray['dtype']): boolean => groups.every((one) => one.dtype === dtype);
  const dtype = isOf(first.dtype) ? first.dtype : 'float64';
  const data = allocate(
    dtype,
    groups.reduce((sum, one) => sum + one.data.length, 0),
  );
  let at = 0;
  for (const one of groups) {
    if (dtype === one.dtype) (data as Float64Array).set(one.data as Float64Array, at);
    else for (let i = 0; i < one.data.length; i++) data[at + i] = Number(one.data[i]);
    at += one.data.length;
  }
  return { ...first, dtype, shape: [table.rows, ...shape], data };
}
