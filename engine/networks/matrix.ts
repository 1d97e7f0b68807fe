/** Products of matrices, the bulk of a network's work: both factors are packed into panels and multiplied by WebAssembly. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../errors.ts';

/** Rows of a panel of the left factor, and columns of one of the right. */
export const panelWidth = 4;

/** Columns that are multiplied at once: with a depth of 64 channels of 3 × 3 they take a megabyte. */
export const strip = 256;

/** Where a column's numbers begin among the panels of the right factor; the next one of it is a panel's width on. */
export const columnStart = (column: number, depth: number): number =>
  Math.floor(column / panelWidth) * panelWidth * depth + (column % panelWidth);

const panelsOf = (count: number): number => Math.ceil(count / panelWidth);

/** Panels of the rows of a matrix [rows, depth]; missing rows are 0. `at` reads an element. */
export function packRows(rows: number, depth: number, at: (row: number, k: number) => number): Float64Array {
  const panels = new Float64Array(panelsOf(rows) * panelWidth * depth);
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / panelWidth) * panelWidth * depth + (row % panelWidth);
    for (let k = 0; k < depth; k++) panels[start + k * panelWidth] = at(row, k);
  }
  return panels;
}

/** A product that is about to be computed, again and again with the same left factor. */
export interface Product {
  /** To be filled: panel by panel, for each step of the depth its four columns. */
  readonly right: Float64Array;
  /** [rows, stride], row-major; what is beyond the rows and columns means nothing. */
  readonly result: Float64Array;
  readonly stride: number;
  multiply(): void;
}

type Multiply = (
  left: number,
  right: number,
  depth: number,
  result: number,
  rowPanels: number,
  columnPanels: number,
) => void;

/** One memory for all products of a network: each takes it over from the one before. */
export class Matrices {
  readonly #memory: WebAssembly.Memory;
  readonly #multiply: Multiply;

  constructor(module: WebAssembly.Module) {
    this.#memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#multiply = exports['multiply'] as Multiply;
  }

  /**
   * @param left  from `packRows`
   * @param depth  at least 1
   */
  product(left: Float64Array, depth: number, columns: number): Product {
    const rows = left.length / depth;
    const stride = panelsOf(columns) * panelWidth;
    const [right, result] = [left.length, left.length + stride * depth];
    this.#reserve(8 * (result + rows * stride));
    const { buffer } = this.#memory;
    new Float64Array(buffer, 0, left.length).set(left);
    return {
      right: new Float64Array(buffer, 8 * right, stride * depth),
      result: new Float64Array(buffer, 8 * result, rows * stride),
      stride,
      multiply: () => this.#multiply(0, 8 * right, depth, 8 * result, rows / panelWidth, stride / panelWidth),
    };
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / 65_536));
    } catch {
      throw new LossLensError('out-of-memory', t('A layer of the network is too large to be computed.'), {
        found: t`${bytes} bytes for a product of matrices`,
        expected: t('what WebAssembly can address, up to 4 GiB'),
      });
    }
  }
}
