/** What both schedules of a kernel share: its function, the loop over items, and what is done at a vector. */
import type { Dims, Expr, Reduce } from '../../../language/expression.ts';
import type { Kernel, Loop, Task } from '../../../language/passes.ts';
import { countOf } from '../../../language/space.ts';
import type { Lanes } from '../math/emitter.ts';
import { Accumulators, type Sum } from './accumulators.ts';
import { Block, type Step } from './block.ts';
import { Contents } from './contents.ts';
import { edgesOf } from './edges.ts';
import { Loops } from './loops.ts';
import { Place } from './place.ts';
import { get, Text } from './text.ts';
import { Values } from './values.ts';
import { type Window, Windows, windowsOf } from './windows.ts';

/** Neighbouring positions that make one item for a thread. */
export const chunk = 1024;

/** From so many positions along the lanes on: of fewer too many are left over. From so many in all: their code takes twice as long to compile. */
const worthSideBySide = { lanes: 64, positions: 1 << 18 };

/** From so long a dimension on, asking whether a neighbour exists is left out where it surely does: what runs near the ends is slower. */
const worthLeavingOut = 32;

/** Rows of so many positions are kept in a window, up to half of a first cache: shorter ones are still there, longer ones do not stay. */
const worthKeeping = { lanes: 128, bytes: 16384 };

export interface KernelContext {
  readonly lanes: Lanes;
  /** Whether threads share the memory. */
  readonly shared: boolean;
  readonly rank: number;
  readonly sizes: readonly number[];
  /** `input:x`, `elements`, `gradient:x`, or `accumulated:n` for what an earlier kernel left. */
  step(array: string, dim: number): Step;
  /** The name of the array that an earlier kernel accumulated, for a reduction that is not this kernel's. */
  accumulated(node: Reduce): string;
}

export interface KernelText {
  readonly text: string;
  /** Arrays whose address and strides the parameter block holds, in its order. */
  readonly arrays: readonly string[];
  /** Numbers that the block holds after them, as float64. */
  readonly numbers: readonly Expr[];
  /** Reductions to one number: a float64 each at the start of the thread's accumulators. */
  readonly totals: readonly Reduce[];
  /** Reductions that keep dimensions: arrays `kept:0`, `kept:1` … among the thread's accumulators. */
  readonly keptReductions: readonly Reduce[];
  /** The outer dimensions that an item fixes, outermost first, and the lane dimension if items are chunks of it. */
  readonly itemDims: readonly number[];
  readonly chunked: number | undefined;
  /** Arrays `window:x` among the thread's accumulators. */
  readonly windows: readonly Window[];
}

/** The dimension that lanes run along, and whether it is one of the row's. */
export function lanesOf({ outer, inner }: Kernel): { readonly lane: number; readonly areInner: boolean } {
  const lane = 31 - Math.clz32(outer | inner);
  return { lane, areInner: (inner & (1 << lane)) !== 0 };
}

const dimsOf = (mask: Dims, rank: number): number[] =>
  Array.from({ length: rank }, (_, d) => d).filter((d) => mask & (1 << d));

/** What there is to do for one item. */
export interface Item {
  /** The first of its positions along the lanes, where it has not all of them. */
  readonly start?: string;
  readonly rows: () => void;
}

export abstract class Schedule {
  protected readonly kernel: Kernel;
  /** The dimension that lanes run along. */
  protected readonly lane: number;
  protected readonly contents: Contents;
  protected readonly text: Text;
  protected readonly block: Block;
  protected readonly place: Place;
  protected readonly windows: Windows;
  protected readonly values: Values;
  protected readonly accumulators: Accumulators;
  protected readonly loops: Loops;
  /** Which of the row's loops the code is in, or -1. */
  protected loop = -1;
  readonly #context: KernelContext;

  constructor(kernel: Kernel, context: KernelContext) {
    const { lane, areInner } = lanesOf(kernel);
    const text = new Text(context.lanes);
    const block = new Block(text, context.rank, lane, (array, dim) => context.step(array, dim));
    const place = new Place(text, block, lane, areInner);
    this.kernel = kernel;
    this.#context = context;
    this.lane = lane;
    this.text = text;
    this.block = block;
    this.place = place;
    this.contents = new Contents(kernel, block, (node) => context.accumulated(node));
    this.windows = new Windows(text, block, place, this.#windowsWorthKeeping(areInner));
    this.values = new Values(text, block, place, this.windows, {
      accumulated: (node) => context.accumulated(node),
      kept: (node) =>
        kernel.kept?.node === node && this.contents.readsKept(this.loop) ? kernel.kept.output : undefined,
    });
    const edges = edgesOf(this.contents.nodes).filter(({ dim }) => context.sizes[dim]! >= worthLeavingOut);
    this.accumulators = new Accumulators(text, block, place);
    this.loops = new Loops(text, block, place, this.values, this.windows, edges);
  }

  /**
   * Begins an item.
   * @param rest  the local that holds its number; left with what of it numbers the other outer dimensions
   * @param isFirst  whether the thread begins with it
   */
  protected abstract item(rest: string, isFirst: string): Item;

  /** Whether items are chunks of the lanes' dimension. */
  protected abstract get isChunked(): boolean;

  write(): KernelText {
    const { text, block, place } = this;
    const itemDims = dimsOf(this.kernel.outer, this.#context.rank).filter((d) => d !== this.lane);
    for (const name of this.contents.arrays) block.array(name);
    for (const { input } of this.windows.all) block.array(`window:${input}`);
    this.accumulators.begin(this.contents.tasks);

    const item = text.declare('i32');
    const rest = text.declare('i32');
    const body = text.capture(() => {
      text.emit(`(local.set ${rest} ${get(item)})`);
      const { start, rows } = this.item(rest, `(i32.eq ${get(item)} (local.get $begin))`);
      for (const d of [...itemDims].reverse()) {
        const position = text.set('i32', `(i32.rem_u ${get(rest)} ${block.size(d)})`);
        text.emit(`(local.set ${rest} (i32.div_u ${get(rest)} ${block.size(d)}))`);
        place.positions.set(d, position);
      }
      const pointers = new Map<string, string>();
      for (const array of block.arrays.filter((name) => !name.startsWith('window:'))) {
        const terms = itemDims
          .filter((d) => block.step(array, d) !== 'none')
          .map((d) => `(i32.mul ${get(place.positions.get(d)!)} ${block.stride(array, d)})`);
        if (start && block.step(array, this.lane) !== 'none') {
          terms.push(`(i32.mul ${get(start)} ${block.stride(array, this.lane)})`);
        }
        const address = terms.reduce((sum, term) => `(i32.add ${sum} ${term})`, block.address(array));
        pointers.set(array, text.set('i32', address));
      }
      place.enter(pointers);
      this.values.scope(rows);
      place.leave();
    });

    const lines = [
      '(module',
      `(import "env" "memory" (memory 1 65536${this.#context.shared ? ' shared' : ''}))`,
      '(func (export "run") (param $block i32) (param $begin i32) (param $end i32) (param $sums i32)',
      ...text.beginning,
      `(local.set ${item} (local.get $begin))`,
      `(block $all (loop $items (br_if $all (i32.ge_u ${get(item)} (local.get $end)))`,
      ...body,
      `(local.set ${item} (i32.add ${get(item)} (i32.const 1)))`,
      '(br $items)))',
      ...this.accumulators.end(),
      '))',
    ];
    return {
      text: lines.join('\n'),
      arrays: block.arrays,
      numbers: block.numbers,
      totals: [...this.accumulators.totals.keys()],
      keptReductions: block.keptReductions,
      itemDims,
      chunked: this.isChunked ? this.lane : undefined,
      windows: this.windows.all,
    };
  }

  /** The row's own dimensions. */
  protected get inner(): number[] {
    return dimsOf(this.kernel.inner, this.#context.rank);
  }

  /** Values of the row that a loop needs, computed before it. */
  protected rowValues(loop: Loop): void {
    for (const node of loop.nodes) {
      if ((node.dims & this.kernel.inner) === 0) this.values.of(node);
    }
  }

  protected laneTask(
    task: Task,
    sums: ReadonlyMap<Reduce, Sum>,
    extremes: ReadonlyMap<Reduce, readonly string[]>,
  ): void {
    const { accumulators } = this;
    if (task.kind === 'store') {
      this.place.store(task.output, this.values.of(task.node));
      return;
    }
    const value = accumulators.masked(this.values.of(task.node.arg), task.node);
    const sum = sums.get(task.node);
    const extreme = extremes.get(task.node);
    if (sum) accumulators.add(sum, value);
    else if (extreme) accumulators.extend(task.node, accumulators.turn(extreme), value);
    else accumulators.fold(task.node, value);
  }

  /** Puts the expensive value where a later loop finds it; that one takes it up before a gradient is stored over it. */
  protected keepValue(s: number): void {
    const { kept } = this.kernel;
    if (kept?.madeIn === s) this.place.store(kept.output, this.values.of(kept.node));
    else if (kept && this.contents.readsKept(s)) this.values.of(kept.node);
  }

  /** How many vectors run side by side, where it is worth it `vectors` of them. */
  protected sideBySide(vectors: number): number {
    return this.#isWorthSideBySide ? vectors : 1;
  }

  get #isWorthSideBySide(): boolean {
    const { sizes } = this.#context;
    return (
      sizes[this.lane]! >= worthSideBySide.lanes &&
      countOf(this.kernel.outer | this.kernel.inner, sizes) >= worthSideBySide.positions
    );
  }

  #windowsWorthKeeping(areInner: boolean): Window[] {
    const { outer, inner, loops } = this.kernel;
    const { sizes } = this.#context;
    const across = (areInner ? inner : loops.length === 0 ? outer : 0) & ~(1 << this.lane);
    const dim = 31 - Math.clz32(across);
    const lanes = sizes[this.lane]!;
    if (dim < 0 || sizes[dim]! < worthLeavingOut || lanes < worthKeeping.lanes) return [];
    if (!this.#isWorthSideBySide) return [];
    return windowsOf(this.contents.nodes, dim, this.lane).filter(
      ({ input, rows }) =>
        this.#context.step(`input:${input}`, this.lane) === 'unit' &&
        rows.length * lanes * this.text.bytes <= worthKeeping.bytes,
    );
  }
}
