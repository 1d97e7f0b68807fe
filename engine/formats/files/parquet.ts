/**
 * Parquet: each column of numbers, or of lists of numbers of one length, is an array; where every column holds plain
 * numbers, the whole table is one, too. Row groups are decoded one at a time. Missing values are NaN, which makes
 * float64 of whole numbers, as in pandas.
 */

import { parquetHeader } from 'hyparquet/src/column.js';
import type {
  AsyncBuffer,
  ColumnMetaData,
  DecodedArray,
  FileMetaData,
  SchemaTree,
} from 'hyparquet/src/index.js';
import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet/src/index.js';
import { compressors } from 'hyparquet-compressors';
import { allocate, type NdArray, sizeOf, type TypedArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import type { RowStream } from '../../streaming/rows.ts';
import type { SourceDType } from '../dtypes.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from './bytes.ts';
import { arrayOf, heldDType, widthOf } from './elements.ts';
import type { FileArray, Reading } from './file-array.ts';
import { allColumns, type Refused, readEach } from './several.ts';

/** Of one column in one row group, which is decoded at once. */
const mostInGroup = { values: 2 ** 26, bytes: 2 ** 28 };
const mostColumns = 10_000;
/** What pandas adds to keep its index. */
const indexColumn = /^__index_level_\d+__$/;

interface Table {
  readonly source: ByteSource;
  readonly metadata: FileMetaData;
  readonly rows: number;
}

interface Column {
  readonly name: string;
  readonly dtype: SourceDType;
  readonly isList: boolean;
}

export async function readParquet(source: ByteSource): Promise<readonly (FileArray | Refused)[]> {
  const metadata = await guarded(() => parquetMetadataAsync(bufferOf(source), { geoparquet: false }));
  const table = { source, metadata, rows: rowsOf(metadata) };
  const fields = (await guarded(async () => parquetSchema(metadata))).children
    .filter(({ element }) => !indexColumn.test(element.name))
    .slice(0, mostColumns);
  const columns: Column[] = [];
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
    fields.length > 1 && columns.length === fields.length && columns.every(({ isList }) => !isList);
  return isTable ? [...arrays, offer(table, columns, allColumns)] : arrays;
}

function rowsOf({ num_rows, row_groups }: FileMetaData): number {
  const inGroups = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (inGroups !== Number(num_rows) || row_groups.some((group) => Number(group.num_rows) < 0)) {
    throw damaged('The Parquet file contradicts itself.', `${inGroups} rows in groups`, `${num_rows}`);
  }
  return inGroups;
}

function columnOf(field: SchemaTree, name: string): Column {
  let leaf = field;
  let isList = leaf.element.repetition_type === 'REPEATED';
  for (let depth = 0; leaf.children.length === 1 && depth < 16; depth++) {
    leaf = leaf.children[0]!;
    isList ||= leaf.element.repetition_type === 'REPEATED';
  }
  const dtype = leaf.children.length === 0 ? dtypeOf(leaf.element) : undefined;
  if (dtype && (isList || leaf === field)) return { name, dtype, isList };
  const { type, logical_type: logical, converted_type: converted } = leaf.element;
  throw new LossLensError('dtype', `Column '${name}' does not hold numbers.`, {
    found: (leaf.children.length > 0
      ? 'a record'
      : (logical?.type ?? converted ?? type ?? 'nothing')
    ).toLowerCase(),
    expected: 'numbers, truth values, or lists of them',
  });
}

function dtypeOf({
  type,
  logical_type: logical,
  converted_type: converted,
}: SchemaTree['element']): SourceDType | undefined {
  if (logical?.type === 'FLOAT16') return 'float16';
  if (logical?.type === 'INTEGER') {
    return `${logical.isSigned ? 'int' : 'uint'}${logical.bitWidth}` as SourceDType;
  }
  if (converted && /^U?INT_(8|16|32|64)$/.test(converted)) {
    return converted.toLowerCase().replace('_', '') as SourceDType;
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

function offer(table: Table, columns: readonly Column[], name: string): FileArray {
  const dtype = common(columns);
  const [first] = columns as [Column];
  const shape = columns.length === 1 ? [table.rows] : [table.rows, columns.length];
  const width = columns.length * widthOf(dtype);
  return {
    name,
    dtype,
    ...(!first.isList && { shape }),
    bytes: table.rows * width,
    load: (reading) => load(table, columns, reading),
    ...(!first.isList && { stream: async () => new ParquetStream(table, columns) }),
  };
}

/** Columns of several dtypes side by side are float64. */
const common = ([first, ...others]: readonly Column[]): SourceDType =>
  others.every(({ dtype }) => dtype === first!.dtype) ? first!.dtype : 'float64';

async function load(table: Table, columns: readonly Column[], reading?: Reading): Promise<NdArray> {
  checkHeld('The table', table.rows * columns.length * 8);
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
  if (other) throw ragged(columns[0]!.name, `a list of ${other.shape[1]}`, `${shape[0]} as in the first row`);
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

/** The rows of one group. */
async function group(table: Table, index: number, columns: readonly Column[]): Promise<NdArray> {
  if (columns.length === 1) return columnIn(table, index, columns[0]!);
  const dtype = common(columns);
  const rows = Number(table.metadata.row_groups[index]!.num_rows);
  checkHeld('A row group of the table', rows * columns.length * 8);
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

async function columnIn({ source, metadata }: Table, index: number, column: Column): Promise<NdArray> {
  const { row_groups: groups } = metadata;
  const rows = Number(groups[index]!.num_rows);
  const rowStart = groups.slice(0, index).reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
  const chunk = groups[index]!.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === column.name);
  if (!chunk?.meta_data)
    throw damaged(
      'The Parquet file contradicts itself.',
      `no column '${column.name}' in group ${index + 1}`,
      'all columns',
    );
  const file = await chunkBuffer(source, chunk.meta_data, rows, column);
  const parts: { readonly rowStart: number; readonly columnData: DecodedArray }[] = [];
  await guarded(() =>
    parquetRead({
      file,
      metadata,
      columns: [column.name],
      rowStart,
      rowEnd: rowStart + rows,
      compressors: bounded,
      geoparquet: false,
      onChunk: (part) => parts.push(part),
    }),
  );
  const found = parts.reduce((sum, { columnData }) => sum + columnData.length, 0);
  if (found !== rows)
    throw damaged('The Parquet file contradicts itself.', `${found} rows of '${column.name}'`, `${rows}`);
  parts.sort((a, b) => a.rowStart - b.rowStart);
  return numbers(
    parts.map(({ columnData }) => columnData),
    rows,
    column,
  );
}

/** The chunk's bytes, at their place; its pages are known to hold no more values than it says. */
async function chunkBuffer(
  source: ByteSource,
  meta: ColumnMetaData,
  rows: number,
  column: Column,
): Promise<AsyncBuffer> {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const length = Number(meta.total_compressed_size);
  const values = Number(meta.num_values);
  checkHeld(
    `A row group of column '${column.name}'`,
    Math.max(length, Number(meta.total_uncompressed_size)),
    mostInGroup.bytes,
  );
  if (values > mostInGroup.values || rows > mostInGroup.values) {
    throw new LossLensError(
      'too-large',
      `A row group of column '${column.name}' is too long to be decoded at once.`,
      {
        found: `${Math.max(values, rows)} values`,
        expected: `at most ${mostInGroup.values}: write the file with a smaller row_group_size`,
      },
    );
  }
  if (!column.isList && values !== rows) {
    throw damaged('The Parquet file contradicts itself.', `${values} values in ${rows} rows`, 'one each');
  }
  const bytes = await readBytes(source, start, length);
  await guarded(async () => checkPages(bytes, values));
  return {
    byteLength: source.size,
    slice(from, to = source.size) {
      if (from < start || to > start + length) throw new Error('a page outside its column');
      return bytes.slice(from - start, to - start).buffer as ArrayBuffer;
    },
  };
}

function checkPages(bytes: Uint8Array, values: number): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let counted = 0;
  // As the library ends: behind the last page may be a byte.
  while (reader.offset < bytes.length - 1) {
    const before = reader.offset;
    const page = parquetHeader(reader);
    const own = (page.data_page_header ?? page.data_page_header_v2)?.num_values ?? 0;
    const second = page.data_page_header_v2;
    const dictionary = page.dictionary_page_header?.num_values ?? 0;
    counted += own;
    const sizes = [page.compressed_page_size, page.uncompressed_page_size, own, dictionary];
    reader.offset += page.compressed_page_size;
    const isSound =
      sizes.every((size) => Number.isInteger(size) && size >= 0) &&
      page.uncompressed_page_size <= mostInGroup.bytes &&
      dictionary <= 8 * Math.max(page.uncompressed_page_size, 1) &&
      counted <= values &&
      reader.offset > before &&
      reader.offset <= bytes.length &&
      (!second || hasLevels(second, page.compressed_page_size));
    if (!isSound)
      throw damaged(
        'The Parquet file contradicts itself.',
        'a page larger than its column',
        `${values} values`,
      );
  }
}

/** A length that is missing becomes a place that is no number, from which the library reads for ever. */
function hasLevels(
  page: NonNullable<ReturnType<typeof parquetHeader>['data_page_header_v2']>,
  bytes: number,
): boolean {
  const { num_values, num_nulls, num_rows } = page;
  const lengths = [page.definition_levels_byte_length, page.repetition_levels_byte_length];
  return (
    [...lengths, num_nulls, num_rows].every((count) => Number.isInteger(count) && count >= 0) &&
    num_nulls <= num_values &&
    num_rows <= num_values &&
    lengths[0]! + lengths[1]! <= bytes
  );
}

const bounded = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, length: number): Uint8Array => {
      if (!(length <= mostInGroup.bytes)) throw new Error(`a page of ${length} bytes`);
      return unpack!(input, length);
    },
  ]),
);

function numbers(parts: readonly DecodedArray[], rows: number, column: Column): NdArray {
  const first = parts.find((part) => part.length > 0)?.[0];
  const inner = column.isList ? shapeOf(first) : [];
  const perRow = sizeOf(inner);
  checkHeld(`Column '${column.name}'`, rows * perRow * 8);
  const kind = heldDType(column.dtype);
  let data: TypedArray = allocate(kind, rows * perRow);
  let at = 0;
  const put = (value: unknown): void => {
    if (value === null || value === undefined) {
      if (!(data instanceof Float32Array || data instanceof Float64Array))
        data = Float64Array.from(data, Number);
      data[at++] = Number.NaN;
    } else if (data instanceof BigInt64Array) {
      const whole = BigInt(value as bigint);
      if (whole !== BigInt.asIntN(64, whole)) {
        throw new LossLensError(
          'dtype',
          `Column '${column.name}' has a number beyond int64, as which uint64 is held.`,
          {
            found: `${whole}`,
            expected: 'at most 9223372036854775807',
          },
        );
      }
      data[at++] = whole;
    } else data[at++] = Number(value);
  };
  for (const part of parts) {
    if (!column.isList && part.constructor === data.constructor && !(part instanceof BigUint64Array)) {
      (data as Float64Array).set(part as Float64Array, at);
      at += part.length;
    } else for (const value of part as readonly unknown[]) each(value, inner, 0, put, column);
  }
  const shape = [rows, ...inner];
  return data instanceof Float64Array
    ? { dtype: 'float64', shape, data }
    : arrayOf(data, column.dtype, shape);
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || ArrayBuffer.isView(value);

function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  for (let level = value; isList(level); level = level[0]) shape.push(level.length);
  return shape;
}

function each(
  value: unknown,
  shape: readonly number[],
  depth: number,
  put: (value: unknown) => void,
  column: Column,
): void {
  if (depth === shape.length) {
    if (isList(value)) throw ragged(column.name, 'a list', 'a number as in the first row');
    put(value);
    return;
  }
  if (!isList(value) || value.length !== shape[depth]) {
    throw ragged(
      column.name,
      isList(value) ? `a list of ${value.length}` : 'no list',
      `${shape[depth]} as in the first row`,
    );
  }
  for (let i = 0; i < value.length; i++) each(value[i], shape, depth + 1, put, column);
}

const ragged = (name: string, found: string, expected: string): LossLensError =>
  new LossLensError('ragged', `The lists of column '${name}' differ in length.`, { found, expected });

class ParquetStream implements RowStream {
  readonly rows: number;
  readonly shape: readonly number[];
  readonly dtype: NdArray['dtype'];
  readonly #table: Table;
  readonly #columns: readonly Column[];
  #group: NdArray | undefined;
  #next = 0;
  #used = 0;
  #at = 0;

  constructor(table: Table, columns: readonly Column[]) {
    this.#table = table;
    this.#columns = columns;
    this.rows = table.rows;
    this.shape = columns.length === 1 ? [] : [columns.length];
    this.dtype = heldDType(common(columns));
  }

  async next(count: number): Promise<NdArray> {
    const perRow = sizeOf(this.shape);
    const rows = Math.min(count, this.rows - this.#at);
    const data = allocate(this.dtype, rows * perRow);
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
    return arrayOf(data, common(this.#columns), [rows, ...this.shape]);
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
        'Whole numbers are missing in the table, which makes other numbers of all of them.',
        {
          found: `nulls in ${this.#columns.map(({ name }) => name).join(', ')}`,
          expected: 'a column without nulls, or of floating-point numbers',
        },
      );
    }
  }
}

function bufferOf(source: ByteSource): AsyncBuffer {
  return {
    byteLength: source.size,
    async slice(start, end = source.size) {
      const from = Math.max(0, start);
      checkHeld('The description in the Parquet file', end - from, mostInGroup.bytes);
      return (await readBytes(source, from, Math.max(0, Math.min(end, source.size) - from)))
        .buffer as ArrayBuffer;
    },
  };
}

/** The library's errors, as ours. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LossLensError) throw error;
    throw damaged(
      'The Parquet file cannot be read.',
      error instanceof Error ? error.message : String(error),
      'a Parquet file',
    );
  }
}
