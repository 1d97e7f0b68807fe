/** Products of matrices: Gemm and MatMul. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { columnStart, type Matrices, packRows, panelWidth, strip } from '../matrix.ts';
import { broadcastShape, repeated, walk } from './indices.ts';
import { type Operator, type OperatorCall, type Step, written } from './operator.ts';

/** A · B, of stacks of matrices that are repeated to one shape; either may depend on the image. */
function matrixProduct(call: OperatorCall, sizes: ProductSizes): Step {
  const { rows, depth, columns, left, right, shape } = sizes;
  const count = left.length;
  return {
    shape,
    run([givenA, givenB]) {
      const [a, b] = [givenA!, givenB!];
      const y = new Float64Array(count * rows * columns);
      for (let s = 0; s < count; s++) {
        const [A, B] = [matrix(a, left[s]!, rows, depth), matrix(b, right[s]!, depth, columns)];
        addProduct(call.matrices, A, B, y, s * rows * columns);
      }
      return {
        output: y,
        back(slope) {
          const belowA = call.varies(0) ? new Float64Array(a.length) : undefined;
          const belowB = call.varies(1) ? new Float64Array(b.length) : undefined;
          for (let s = 0; s < count; s++) {
            const S = matrix(slope, s * rows * columns, rows, columns);
            const [A, B] = [matrix(a, left[s]!, rows, depth), matrix(b, right[s]!, depth, columns)];
            if (belowA) addProduct(call.matrices, S, transposed(B), belowA, left[s]!);
            if (belowB) addProduct(call.matrices, transposed(A), S, belowB, right[s]!);
          }
          return [belowA, belowB];
        },
      };
    },
  };
}

interface ProductSizes {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** Where each matrix of the stack begins. */
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** A matrix within an array. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
}

const matrix = (data: Float64Array, start: number, rows: number, columns: number): Matrix => ({
  rows,
  columns,
  at: (row, column) => data[start + row * columns + column]!,
});

const transposed = ({ rows, columns, at }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  at: (row, column) => at(column, row),
});

/** y += A · B, a strip of columns at a time. */
function addProduct(matrices: Matrices, a: Matrix, b: Matrix, y: Float64Array, to: number): void {
  const [rows, depth, columns] = [a.rows, a.columns, b.columns];
  if (rows * depth * columns === 0) return;
  const packed = packRows(rows, depth, a.at);
  const { right, result, stride, multiply } = matrices.product(packed, depth, Math.min(strip, columns));
  for (let start = 0; start < columns; start += strip) {
    const width = Math.min(strip, columns - start);
    for (let c = 0; c < width; c++) {
      const column = columnStart(c, depth);
      for (let k = 0; k < depth; k++) right[column + k * panelWidth] = b.at(k, start + c);
    }
    multiply();
    for (let r = 0; r < rows; r++) {
      const row = to + r * columns + start;
      for (let c = 0; c < width; c++) y[row + c]! += result[r * stride + c]!;
    }
  }
}

const misfit = (call: OperatorCall): never =>
  call.refuse(
    (node) => t`${node} is given matrices that do not fit.`,
    `${written(call.input(0).shape)} · ${written(call.input(1).shape)}`,
    t('as many columns in the first as rows in the second'),
  );

const matMul: Operator = (call) => {
  const [a, b] = [call.input(0).shape, call.input(1).shape];
  // A vector is a row on the left, a column on the right, and its extent of 1 is taken off afterwards.
  const [first, second] = [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b];
  const [rows, depth] = first.slice(-2) as [number, number];
  const [height, columns] = second.slice(-2) as [number, number];
  const [outerA, outerB] = [first.slice(0, -2), second.slice(0, -2)];
  const stack = broadcastShape([outerA, outerB]);
  if (depth !== height || !stack) return misfit(call);
  const starts = (outer: readonly number[], size: number): Int32Array =>
    (repeated(outer, stack) ?? walk([sizeOf(outer)], [1])).map((matrix) => matrix * size);
  const shape = [...stack, ...(a.length === 1 ? [] : [rows]), ...(b.length === 1 ? [] : [columns])];
  return matrixProduct(call, {
    rows,
    depth,
    columns,
    left: starts(outerA, rows * depth),
    right: starts(outerB, depth * columns),
    shape,
  });
};

/** α·A·B + β·C, each matrix turned over if so wished. */
const gemm: Operator = (call) => {
  const [turnA, turnB] = [call.flag('transA'), call.flag('transB')];
  const oriented = (index: number, turn: boolean): [number, number] => {
    const [rows, columns] = call.input(index).shape as [number, number];
    return turn ? [columns, rows] : [rows, columns];
  };
  const [rows, depth] = oriented(0, turnA);
  const [height, columns] = oriented(1, turnB);
  if (depth !== height) return misfit(call);
  const alpha = call.number('alpha', 1);
  const beta = call.number('beta', 1);
  const shape = [rows, columns];
  const added = call.inputs[2];
  const placeC = added && repeated(added.shape, shape);
  const single = Int32Array.of(0);
  const inner = matrixProduct(call, { rows, depth, columns, left: single, right: single, shape });
  return {
    shape,
    run([a, b, c]) {
      const ran = inner.run([turnA ? turned(a!, depth, rows) : a!, turnB ? turned(b!, columns, depth) : b!]);
      const output = ran.output.map((own, i) => alpha * own + (c ? beta * c[placeC ? placeC[i]! : i]! : 0));
      return {
        output,
        back(slope) {
          const [belowA, belowB] = ran.back(slope.map((own) => alpha * own));
          const belowC = c && call.varies(2) ? new Float64Array(c.length) : undefined;
          if (belowC) {
            for (let i = 0; i < slope.length; i++) belowC[placeC ? placeC[i]! : i]! += beta * slope[i]!;
          }
          return [
            belowA && turnA ? turned(belowA, rows, depth) : belowA,
            belowB && turnB ? turned(belowB, depth, columns) : belowB,
            belowC,
          ];
        },
      };
    },
  };
};

/** The transpose of a matrix [rows, columns]. */
function turned(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c]!;
  }
  return result;
}

export const products: Readonly<Record<string, Operator>> = { Gemm: gemm, MatMul: matMul };
