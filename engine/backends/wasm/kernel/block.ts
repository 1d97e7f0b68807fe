/** The block of parameters that a kernel gets: sizes, where arrays lie and how they move, and numbers. */
import type { Expr, Reduce } from '../../../language/expression.ts';
import { isTruth } from '../../../language/operations.ts';
import { get, i32, type Text } from './text.ts';

/** How an array moves with a dimension. */
export type Step = 'none' | 'unit' | 'any';

/** Byte offsets: sizes, then arrays (address, strides), then numbers as float64. */
export const blockOffsets = {
  size: (dim: number): number => 4 * dim,
  address: (rank: number, array: number): number => 4 * (rank + array * (1 + rank)),
  stride: (rank: number, array: number, dim: number): number => 4 * (rank + array * (1 + rank) + 1 + dim),
  numbers: (rank: number, arrays: number): number => Math.ceil((4 * (rank + arrays * (1 + rank))) / 8) * 8,
};

/** Whether each thread has such an array among its accumulators. */
const isOwn = (array: string): boolean => array.startsWith('kept:') || array.startsWith('window:');

/** What is asked for of the block is loaded once, before all loops. All arrays have to be known before the first number. */
export class Block {
  readonly arrays: string[] = [];
  readonly numbers: Expr[] = [];
  /** Reductions that keep dimensions: arrays `kept:0`, `kept:1` … among the thread's accumulators. */
  readonly keptReductions: Reduce[] = [];
  readonly #text: Text;
  readonly #rank: number;
  readonly #lane: number;
  readonly #given: (array: string, dim: number) => Step;
  readonly #loaded = new Map<number, string>();

  /**
   * @param lane  the dimension that lanes run along
   * @param given  how the problem's own arrays move
   */
  constructor(text: Text, rank: number, lane: number, given: (array: string, dim: number) => Step) {
    this.#text = text;
    this.#rank = rank;
    this.#lane = lane;
    this.#given = given;
  }

  /** Makes room for an array, once. */
  array(name: string): number {
    const known = this.arrays.indexOf(name);
    if (known >= 0) return known;
    this.arrays.push(name);
    return this.arrays.length - 1;
  }

  /** The name of the array that a reduction is folded into. */
  accumulator(node: Reduce): string {
    let known = this.keptReductions.indexOf(node);
    if (known < 0) {
      known = this.keptReductions.length;
      this.keptReductions.push(node);
    }
    return `kept:${known}`;
  }

  size(dim: number): string {
    return this.#word(blockOffsets.size(dim));
  }

  address(array: string): string {
    const own = this.#word(blockOffsets.address(this.#rank, this.array(array)));
    return isOwn(array) ? `(i32.add (local.get $sums) ${own})` : own;
  }

  /** In bytes. */
  stride(array: string, dim: number): string {
    if (this.step(array, dim) === 'unit') return i32(this.bytesOf(array));
    return this.#word(blockOffsets.stride(this.#rank, this.array(array), dim));
  }

  step(array: string, dim: number): Step {
    if (array.startsWith('window:')) return dim === this.#lane ? 'unit' : 'none';
    if (!array.startsWith('kept:')) return this.#given(array, dim);
    const { dims } = this.keptReductions[Number(array.slice(5))]!;
    if (!(dims & (1 << dim))) return 'none';
    return dims >> (dim + 1) === 0 ? 'unit' : 'any';
  }

  /** Of one element. */
  bytesOf(array: string): number {
    return array.startsWith('kept:') ? 8 : this.#text.bytes;
  }

  /** A vector of a number that is known before the kernel runs. */
  number(node: Expr): string {
    let slot = this.numbers.indexOf(node);
    if (slot < 0) {
      slot = this.numbers.length;
      this.numbers.push(node);
    }
    const text = this.#text;
    const offset = blockOffsets.numbers(this.#rank, this.arrays.length) + 8 * slot;
    const splat = text.splatF64(`(f64.load offset=${offset} (local.get $block))`);
    const local = text.declare('v128');
    text.before(
      `(local.set ${local} ${isTruth(node) ? `(${text.lanes}.ne ${splat} ${get(text.constant('i64x2 0 0'))})` : splat})`,
    );
    return local;
  }

  #word(offset: number): string {
    let local = this.#loaded.get(offset);
    if (!local) {
      local = this.#text.declare('i32');
      this.#text.before(`(local.set ${local} (i32.load offset=${offset} (local.get $block)))`);
      this.#loaded.set(offset, local);
    }
    return get(local);
  }
}
