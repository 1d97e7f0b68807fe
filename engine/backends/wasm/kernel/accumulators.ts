/** What reductions are accumulated in: vectors while lanes run, which are folded into float64. */
import type { Reduce } from '../../../language/expression.ts';
import type { Accumulate, Task } from '../../../language/passes.ts';
import { extremum } from '../math/emitter.ts';
import type { Block } from './block.ts';
import type { Place } from './place.ts';
import { get, i32, numeral, type Text } from './text.ts';

/** What a reduction starts from. */
export const identity = ({ reduction }: Reduce): number =>
  ({ sum: 0, max: -Infinity, min: Infinity })[reduction];

/** A sum over everything. */
export const isTotal = (task: Task): task is Accumulate =>
  task.kind === 'accumulate' && task.node.dims === 0 && task.node.reduction === 'sum';

/** Vector accumulators, in turn for vectors side by side, and the float64 that they are folded into. */
export interface Sum {
  readonly vectors: readonly string[];
  readonly total: string;
}

const foldedWith = ({ reduction }: Reduce, a: string, b: string): string =>
  `(f64.${reduction === 'sum' ? 'add' : reduction} ${a} ${b})`;

export class Accumulators {
  /** Reductions to one number, and the float64 of each that the whole function adds to. */
  readonly totals = new Map<Reduce, string>();
  readonly #text: Text;
  readonly #block: Block;
  readonly #place: Place;

  constructor(text: Text, block: Block, place: Place) {
    this.#text = text;
    this.#block = block;
    this.#place = place;
  }

  /** Begins the totals of these tasks. */
  begin(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (task.kind !== 'accumulate' || task.node.dims !== 0) continue;
      const local = this.#text.declare('f64');
      this.#text.before(`(local.set ${local} (f64.const ${numeral(identity(task.node))}))`);
      this.totals.set(task.node, local);
    }
  }

  /** The lines that fold the totals into the thread's accumulators. */
  end(): string[] {
    return Array.from(this.totals).map(
      ([node, local], i) =>
        `(f64.store offset=${8 * i} (local.get $sums) ${foldedWith(node, `(f64.load offset=${8 * i} (local.get $sums))`, get(local))})`,
    );
  }

  addTotal(node: Reduce, value: string): void {
    const total = this.totals.get(node)!;
    this.#text.emit(`(local.set ${total} ${foldedWith(node, get(total), value)})`);
  }

  // Vectors

  /** The accumulator whose turn it is. */
  turn(vectors: readonly string[]): string {
    return vectors[this.#place.vector % vectors.length]!;
  }

  add({ vectors }: Sum, value: string): void {
    const own = this.turn(vectors);
    this.#text.emit(`(local.set ${own} (${this.#text.lanes}.add ${get(own)} ${get(value)}))`);
  }

  /** Folds the vectors of a partial sum into its float64 and empties them. */
  flush({ vectors: [first, ...others], total }: Sum): void {
    const text = this.#text;
    for (const other of others) {
      text.emit(`(local.set ${first} (${text.lanes}.add ${get(first!)} ${get(other)}))`);
    }
    text.emit(`(local.set ${total} (f64.add ${get(total)} ${text.sumOfLanes(first!)}))`);
    for (const vector of [first!, ...others]) {
      text.emit(`(local.set ${vector} ${get(text.constant('i64x2 0 0'))})`);
    }
  }

  /** What a maximum or minimum begins with. */
  extreme(node: Reduce): string {
    return this.#text.set('v128', get(this.#text.splatNumber(identity(node))));
  }

  /** Takes lanes into a running maximum or minimum. */
  extend({ reduction }: Reduce, extreme: string, value: string): void {
    const text = this.#text;
    text.emit(
      `(local.set ${extreme} ${extremum(text, text.lanes, reduction === 'max' ? 'max' : 'min', extreme, value)})`,
    );
  }

  /** All accumulators of a maximum or minimum, as one float64. */
  merged(node: Reduce, [first, ...others]: readonly string[]): string {
    for (const other of others) this.extend(node, first!, other);
    return this.#text.acrossLanes(node, first!);
  }

  /** The value with its surplus lanes out of the reduction's way. */
  masked(value: string, node: Reduce): string {
    const [text, { mask }] = [this.#text, this.#place];
    if (!mask) return value;
    const neutral = node.reduction === 'sum' ? text.constant('i64x2 0 0') : text.splatNumber(identity(node));
    return text.set('v128', `(v128.bitselect ${get(value)} ${get(neutral)} ${get(mask)})`);
  }

  // Arrays

  /** Folds lanes into a reduction that keeps dimensions: each lane at its own place, or all at one. */
  fold(node: Reduce, value: string): void {
    const [text, block, place] = [this.#text, this.#block, this.#place];
    const array = block.accumulator(node);
    const pointer = get(place.pointer(array));
    const step = block.step(array, place.lane);
    if (step === 'none') {
      const all = node.reduction === 'sum' ? text.sumOfLanes(value) : text.acrossLanes(node, value);
      this.foldAt(node, pointer, all);
      return;
    }
    if (step === 'unit') {
      const folded = node.reduction === 'sum' ? 'add' : node.reduction;
      text.halves(value).forEach((half, i) => {
        const offset = 8 * place.ahead(0) + 16 * i;
        text.emit(
          `(v128.store offset=${offset} ${pointer} (f64x2.${folded} (v128.load offset=${offset} ${pointer}) ${half}))`,
        );
      });
      return;
    }
    const stride = block.stride(array, place.lane);
    for (let lane = 0; lane < text.count; lane++) {
      const address = `(i32.add ${pointer} (i32.mul ${stride} ${i32(place.ahead(lane))}))`;
      const own = text.widened(`(${text.lanes}.extract_lane ${lane} ${get(value)})`);
      this.foldAt(node, address, own, lane);
    }
  }

  foldAt(node: Reduce, address: string, value: string, lane?: number): void {
    const line = `(f64.store ${address} ${foldedWith(node, `(f64.load ${address})`, value)})`;
    if (lane === undefined) this.#text.emit(line);
    else this.#place.ifCounts(lane, line);
  }
}
