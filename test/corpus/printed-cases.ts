/** What `printed.py` prints, and whether it is read back. */
import assert from 'node:assert/strict';
import { allocate, type DType, type NdArray } from '../../engine/array.ts';
import { LossLensError } from '../../engine/errors.ts';
import { parseArray } from '../../engine/formats/text.ts';
import { type PrintedArray, printedArrays } from '../../engine/printed/index.ts';

export interface ArrayCase {
  readonly dtype: DType;
  readonly origin?: string | null;
  readonly shape: readonly number[];
  /** Hexadecimal bytes. */
  readonly numbers: string;
  readonly original?: string;
}

export interface ColumnCase {
  readonly name: string | null;
  readonly cells: readonly string[] | null;
  readonly dtype?: string;
}

interface TableCase {
  readonly columns: readonly ColumnCase[];
  readonly partly: boolean;
  readonly series?: boolean;
}

export type PrintedCase = { readonly library: string; readonly text: string } & (
  | ArrayCase
  | { readonly refused: string }
  | (TableCase & { readonly html?: string; readonly partlyHtml?: boolean })
  | { readonly parts: readonly (ArrayCase & { readonly name: string })[] }
  | { readonly pieces: readonly (ArrayCase | TableCase)[] }
);

/**
 * `read`: all of it is what was printed; else why it was refused.
 * @throws AssertionError when it is read as something else, or is not refused though it should be
 */
export function judge(printed: PrintedCase): string {
  if ('refused' in printed) {
    const code = refusalOf(() => parseArray(printed.text));
    assert.ok(code !== undefined, 'is not refused');
    if (printed.refused !== 'any') assert.equal(code, printed.refused);
    return `rightly ${code}`;
  }
  if ('parts' in printed) return judgeParts(printed);
  if ('pieces' in printed) return judgePieces(printed);
  if ('columns' in printed) {
    const forms = [
      judgeColumns(printed, printed.partly, printedArrays({ kind: 'other', text: printed.text })),
    ];
    if (printed.html !== undefined) {
      const { html, text } = printed;
      forms.push(
        judgeColumns(printed, printed.partlyHtml === true, printedArrays({ kind: 'other', text, html })),
      );
    }
    return forms.find((form) => form !== 'read') ?? 'read';
  }
  let array: NdArray | undefined;
  const code = refusalOf(() => {
    array = parseArray(printed.text);
  });
  if (code !== undefined) return code;
  same(array!, printed);
  return 'read';
}

function judgeParts({
  text,
  parts,
}: {
  readonly text: string;
  readonly parts: readonly (ArrayCase & { readonly name: string })[];
}): string {
  const found = printedArrays({ kind: 'stream', text });
  assert.deepEqual(
    found.map(({ name }) => name),
    parts.map(({ name }) => name),
  );
  for (const [index, { read }] of found.entries()) {
    const code = refusalOf(read);
    if (code !== undefined) return code;
    same(read(), parts[index]!);
  }
  return 'read';
}

/** Every array that is found is one of a piece's, in their order; none of a piece that is only there in part is read. */
function judgePieces({
  text,
  pieces,
}: {
  readonly text: string;
  readonly pieces: readonly (ArrayCase | TableCase)[];
}): string {
  const expected = pieces.map(arraysOfPiece);
  let at = 0;
  let found = 0;
  for (const { name, read } of printedArrays({ kind: 'stream', text })) {
    if (refusalOf(read) !== undefined) continue;
    const array = read();
    const fits = (one: (array: NdArray, name: string | undefined) => void) => isMatch(() => one(array, name));
    while (at < expected.length && !expected[at]!.some(fits)) at++;
    assert.ok(
      at < expected.length,
      `${name}: ${array.dtype} [${array.shape}] ${array.data.slice(0, 6)} is none of them`,
    );
    const which = expected[at]!.findIndex(fits);
    expected[at]!.splice(which, 1);
    found++;
  }
  const most = pieces.flatMap(arraysOfPiece).length;
  return found === most ? 'read' : found === 0 ? 'nothing found' : 'in part';
}

function isMatch(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof assert.AssertionError) return false;
    throw error;
  }
}

function arraysOfPiece(piece: ArrayCase | TableCase): ((array: NdArray, name: string | undefined) => void)[] {
  if (!('columns' in piece)) return [(array) => same(array, piece)];
  const { columns, partly, series } = piece;
  if (partly) return [];
  const whole =
    !series &&
    columns.every(({ cells }) => cells !== null) &&
    (columns.length === 1 || !columns.some(({ cells }) => /^[TF]/.test(cells![0]!)));
  const rows = columns[0]!.cells?.length ?? 0;
  return [
    ...(whole
      ? [
          (array: NdArray) => {
            assert.deepEqual(array.shape, [rows, columns.length]);
            sameNumbers(
              array,
              Array.from({ length: rows }, (_, row) => columns.map(({ cells }) => cells![row]!)).flat(),
            );
          },
        ]
      : []),
    ...columns
      .filter(({ cells }) => cells !== null && !(whole && columns.length === 1))
      .map((column) => (array: NdArray, name: string | undefined) => {
        if (!series) assert.equal(name, column.name);
        assert.equal(array.shape.length, 1);
        sameNumbers(array, column.cells!, column.dtype);
      }),
  ];
}

function judgeColumns(
  { columns, series }: Pick<TableCase, 'columns' | 'series'>,
  partly: boolean,
  found: readonly PrintedArray[],
): string {
  if (partly) {
    for (const { read } of found) assert.equal(refusalOf(read), 'incomplete');
    return 'rightly incomplete';
  }
  const numeric = columns.filter(({ cells }) => cells !== null);
  let left = numeric.length;
  for (const { name, read } of found) {
    const code = refusalOf(read);
    if (code !== undefined) return code;
    const array = read();
    if (array.shape.length === 2) {
      assert.equal(numeric.length, columns.length);
      const rows = columns[0]!.cells!.map((_, row) => columns.map(({ cells }) => cells![row]!));
      assert.deepEqual(array.shape, [rows.length, columns.length]);
      sameNumbers(array, rows.flat());
      if (columns.length === 1) left--;
      continue;
    }
    const column = series ? columns[0]! : columns.find((each) => each.name === name);
    if (series) assert.equal(name ?? null, column!.name);
    assert.ok(column?.cells, `there is no column of numbers called ${name}`);
    sameNumbers(array, column.cells, column.dtype);
    left--;
  }
  return left > 0 ? `${left === numeric.length ? 'nothing' : 'not every column'} found` : 'read';
}

function sameNumbers({ data, dtype, origin }: NdArray, cells: readonly string[], printed?: string): void {
  assert.equal(data.length, cells.length);
  if (printed !== undefined) assert.equal(origin ?? dtype, printed);
  for (const [index, cell] of cells.entries()) {
    const value = data[index]!;
    if (typeof value === 'bigint') assert.equal(String(value), cell);
    else {
      const expected = cell === 'True' ? 1 : cell === 'False' ? 0 : Number(cell.replace('inf', 'Infinity'));
      assert.ok(
        Object.is(value, dtype === 'float32' ? Math.fround(expected) : expected),
        `${value} for ${cell}`,
      );
    }
  }
}

function same(array: NdArray, expected: ArrayCase): void {
  const { dtype, shape, origin } = array;
  assert.deepEqual(
    { dtype, shape, origin },
    { dtype: expected.dtype, shape: expected.shape, origin: expected.origin ?? undefined },
  );
  assert.equal(bytesOf(array), normalised(expected.numbers, expected.dtype));
  if (expected.original !== undefined)
    assert.equal(bytesOf(array), normalised(expected.original, expected.dtype));
}

/** Hexadecimal, with one pattern for every NaN. */
function bytesOf({ data }: NdArray): string {
  const copy = data.slice();
  if (copy instanceof Float32Array || copy instanceof Float64Array) {
    for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) copy[i] = Number.NaN;
  }
  return Buffer.from(copy.buffer, copy.byteOffset, copy.byteLength).toString('hex');
}

function normalised(hex: string, dtype: DType): string {
  const bytes = Buffer.from(hex, 'hex');
  const data = allocate(dtype, bytes.length / allocate(dtype, 1).byteLength);
  Buffer.from(data.buffer).set(bytes);
  return bytesOf({ dtype, shape: [data.length], data });
}

function refusalOf(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof LossLensError)) throw error;
    return error.code;
  }
}
