/**
 * One kernel of the passes as WebAssembly text: SIMD over the last dimension of its nest.
 *
 * Two schedules. Where the last dimension is inside the row, lanes run along the row, sums are folded across lanes and
 * what belongs to the row is the same in every lane. Where it is one of the rows' own (a class axis in the middle, or
 * no inner dimension at all), lanes are neighbouring rows, and the inner loops step over memory with a stride.
 *
 * Sums: a lane adds a limited count of numbers in the kernel's own precision, then the lanes are folded into float64.
 * Threads take ranges of items (a row, or a chunk of neighbouring positions); each has its own accumulators.
 */
import { type Dims, type Expr, operands, type Reduce } from '../../../language/expression.ts';
import { computed, type Kernel, type Loop, rootOf, type Task } from '../../../language/passes.ts';
import { countOf } from '../../../language/space.ts';
import type { Lanes } from '../math/emitter.ts';
import { Accumulators, isTotal, type Sum } from './accumulators.ts';
import { Block, type Step } from './block.ts';
import { edgesOf } from './edges.ts';
import { Loops } from './loops.ts';
import { Place } from './place.ts';
import { get, i32, Text } from './text.ts';
import { Values } from './values.ts';
import { type Window, Windows, windowsOf } from './windows.ts';

/** Neighbouring positions that make one item for a thread. */
export const chunk = 1024;

/**
 * Vectors side by side where inner loops step over memory: with a stride of a power of two the lines that a loop reads
 * push each other out of the caches, so a line is read whole while it is there.
 */
const lineVectors = 8;

/** Vectors side by side along a row, each with its own accumulators: a running maximum waits five cycles for the one before. */
const rowVectors = 4;

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

export function kernelText(kernel: Kernel, context: KernelContext): KernelText {
  return new Schedule(kernel, context).write();
}

const dimsOf = (mask: Dims, rank: number): number[] =>
  Array.from({ length: rank }, (_, d) => d).filter((d) => mask & (1 << d));

/** One vector of rows: what is known of them, and what their inner loops accumulate. */
interface Row {
  readonly scope: Map<Expr, string>;
  readonly pairs: Map<Reduce, readonly [string, string]>;
  readonly own: Map<Reduce, string>;
}

class Schedule {
  readonly #kernel: Kernel;
  readonly #context: KernelContext;
  /** The dimension that lanes run along. */
  readonly #lane: number;
  readonly #laneIsInner: boolean;
  readonly #text: Text;
  readonly #block: Block;
  readonly #place: Place;
  readonly #windows: Windows;
  readonly #values: Values;
  readonly #accumulators: Accumulators;
  readonly #loops: Loops;
  /** Which of the row's loops the code is in. */
  #loop = -1;

  constructor(kernel: Kernel, context: KernelContext) {
    this.#kernel = kernel;
    this.#context = context;
    this.#lane = 31 - Math.clz32(kernel.outer | kernel.inner);
    this.#laneIsInner = (kernel.inner & (1 << this.#lane)) !== 0;
    const text = new Text(context.lanes);
    const block = new Block(text, context.rank, this.#lane, (array, dim) => context.step(array, dim));
    const place = new Place(text, block, this.#lane, this.#laneIsInner);
    const windows = new Windows(text, block, place, this.#windowsWorthKeeping(text.bytes));
    const values = new Values(text, block, place, windows, {
      accumulated: (node) => context.accumulated(node),
      kept: (node) =>
        kernel.kept?.node === node && this.#readsKept(this.#loop) ? kernel.kept.output : undefined,
    });
    const edges = edgesOf(this.#everyNode()).filter(({ dim }) => context.sizes[dim]! >= worthLeavingOut);
    this.#text = text;
    this.#block = block;
    this.#place = place;
    this.#windows = windows;
    this.#values = values;
    this.#accumulators = new Accumulators(text, block, place);
    this.#loops = new Loops(text, block, place, values, windows, edges);
  }

  write(): KernelText {
    const [text, block, place] = [this.#text, this.#block, this.#place];
    const { outer, loops, rowTasks } = this.#kernel;
    const itemDims = dimsOf(outer, this.#context.rank).filter((d) => d !== this.#lane);
    for (const name of this.#everyArray()) block.array(name);
    this.#accumulators.begin([...loops.flatMap((loop) => loop.tasks), ...rowTasks]);

    const item = text.declare('i32');
    const rest = text.declare('i32');
    const body = text.capture(() => {
      text.emit(`(local.set ${rest} ${get(item)})`);
      let start = '';
      let count = '';
      if (this.#takesWholeRows) {
        start = text.set('i32', i32(0));
        count = text.set('i32', block.size(this.#lane));
      } else if (!this.#laneIsInner) {
        const blocks = text.set(
          'i32',
          `(i32.shr_u (i32.add ${block.size(this.#lane)} ${i32(chunk - 1)}) ${i32(Math.log2(chunk))})`,
        );
        start = text.set('i32', `(i32.mul (i32.rem_u ${get(rest)} ${get(blocks)}) ${i32(chunk)})`);
        text.emit(`(local.set ${rest} (i32.div_u ${get(rest)} ${get(blocks)}))`);
        count = text.set('i32', `(i32.sub ${block.size(this.#lane)} ${get(start)})`);
        text.emit(`(if (i32.gt_s ${get(count)} ${i32(chunk)}) (then (local.set ${count} ${i32(chunk)})))`);
      }
      for (const d of [...itemDims].reverse()) {
        const position = text.set('i32', `(i32.rem_u ${get(rest)} ${block.size(d)})`);
        text.emit(`(local.set ${rest} (i32.div_u ${get(rest)} ${block.size(d)}))`);
        place.positions.set(d, position);
      }
      const rows = new Map<string, string>();
      for (const array of block.arrays.filter((name) => !name.startsWith('window:'))) {
        const terms = itemDims
          .filter((d) => block.step(array, d) !== 'none')
          .map((d) => `(i32.mul ${get(place.positions.get(d)!)} ${block.stride(array, d)})`);
        if (start && block.step(array, this.#lane) !== 'none') {
          terms.push(`(i32.mul ${get(start)} ${block.stride(array, this.#lane)})`);
        }
        const address = terms.reduce((sum, term) => `(i32.add ${sum} ${term})`, block.address(array));
        rows.set(array, text.set('i32', address));
      }
      place.enter(rows);
      this.#values.scope(() => {
        if (this.#laneIsInner) this.#row();
        else this.#rowsInLanes(start, count, `(i32.eq ${get(item)} (local.get $begin))`);
      });
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
      ...this.#accumulators.end(),
      '))',
    ];
    return {
      text: lines.join('\n'),
      arrays: block.arrays,
      numbers: block.numbers,
      totals: [...this.#accumulators.totals.keys()],
      keptReductions: block.keptReductions,
      itemDims,
      chunked: this.#laneIsInner || this.#takesWholeRows ? undefined : this.#lane,
      windows: this.#windows.all,
    };
  }

  // Lanes along the row

  #row(): void {
    const [text, block, place, accumulators] = [this.#text, this.#block, this.#place, this.#accumulators];
    for (const [s, loop] of this.#kernel.loops.entries()) {
      this.#rowValues(loop);
      this.#loop = s;
      const sums = this.#beginSums(loop);
      const extremes = this.#beginExtremes(loop);
      const inner = dimsOf(this.#kernel.inner, this.#context.rank).filter((d) => d !== this.#lane);
      const arrays = this.#loopArrays(loop, s);
      this.#loops.nest(inner, arrays, () => {
        this.#windows.open(loop.nodes, i32(0));
        this.#loops.lanes({
          arrays,
          count: () => block.size(this.#lane),
          first: i32(0),
          vectors: this.#sideBySide(rowVectors),
          body: (vectors) => {
            for (let vector = 0; vector < vectors; vector++) {
              place.vector = vector;
              this.#values.scope(() => this.#innerBody(loop, s, sums, extremes));
            }
            place.vector = 0;
          },
          fold: () => {
            for (const sum of sums.values()) accumulators.flush(sum);
          },
        });
        this.#windows.close();
      });
      for (const node of loop.reductions) {
        const sum = sums.get(node);
        const total = sum ? get(sum.total) : accumulators.merged(node, extremes.get(node)!);
        this.#values.set(node, text.set('v128', text.splatF64(total)), sum && total);
      }
      this.#loop = -1;
    }
    for (const task of this.#kernel.rowTasks) {
      if (task.kind === 'store') {
        const value = this.#values.of(task.node);
        const pointer = get(place.pointer(task.output));
        text.emit(`(${text.lanes.slice(0, 3)}.store ${pointer} ${text.lane0(value)})`);
      } else {
        const value = text.widened(text.lane0(this.#values.of(task.node.arg)));
        if (task.node.dims === 0) accumulators.addTotal(task.node, value);
        else accumulators.foldAt(task.node, get(place.pointer(block.accumulator(task.node))), value);
      }
    }
  }

  /** What a loop does at each vector along the row. */
  #innerBody(
    loop: Loop,
    s: number,
    sums: ReadonlyMap<Reduce, Sum>,
    extremes: ReadonlyMap<Reduce, readonly string[]>,
  ): void {
    const accumulators = this.#accumulators;
    for (const node of loop.reductions) {
      const value = accumulators.masked(this.#values.of(node.arg), node);
      const sum = sums.get(node);
      if (sum) accumulators.add(sum, value);
      else accumulators.extend(node, accumulators.turn(extremes.get(node)!), value);
    }
    this.#keepValue(s);
    for (const task of loop.tasks) {
      if (task.kind === 'accumulate' && task.node.dims === 0 && task.node.reduction !== 'sum') {
        const value = accumulators.masked(this.#values.of(task.node.arg), task.node);
        accumulators.addTotal(task.node, this.#text.acrossLanes(task.node, value));
      } else this.#laneTask(task, sums, extremes);
    }
    this.#windows.keep((node) => this.#values.of(node));
  }

  #beginSums(loop: Loop): Map<Reduce, Sum> {
    const text = this.#text;
    const zeros = (): string[] => text.zeros(this.#sideBySide(rowVectors));
    const sums = new Map<Reduce, Sum>();
    for (const node of loop.reductions) {
      if (node.reduction === 'sum')
        sums.set(node, { vectors: zeros(), total: text.set('f64', '(f64.const 0)') });
    }
    for (const task of loop.tasks) {
      if (isTotal(task))
        sums.set(task.node, { vectors: zeros(), total: this.#accumulators.totals.get(task.node)! });
    }
    return sums;
  }

  #beginExtremes(loop: Loop): Map<Reduce, readonly string[]> {
    const extremes = new Map<Reduce, readonly string[]>();
    for (const node of loop.reductions) {
      if (node.reduction === 'sum') continue;
      const length = this.#sideBySide(rowVectors);
      extremes.set(
        node,
        Array.from({ length }, () => this.#accumulators.extreme(node)),
      );
    }
    return extremes;
  }

  // Neighbouring rows in the lanes

  /** The rows' inner loops, if any, step over memory. `isFirst`: whether the thread begins with this item. */
  #rowsInLanes(start: string, count: string, isFirst: string): void {
    const [text, place, values, accumulators] = [this.#text, this.#place, this.#values, this.#accumulators];
    const { loops, rowTasks } = this.#kernel;
    const sums = new Map<Reduce, Sum>();
    const extremes = new Map<Reduce, readonly string[]>();
    const vectors = loops.length > 0 || this.#takesWholeRows ? this.#sideBySide(lineVectors) : 1;
    for (const task of rowTasks) {
      if (isTotal(task))
        sums.set(task.node, {
          vectors: text.zeros(vectors),
          total: accumulators.totals.get(task.node)!,
        });
    }
    for (const task of [...loops.flatMap((loop) => loop.tasks), ...rowTasks]) {
      if (task.kind !== 'accumulate' || task.node.dims !== 0 || task.node.reduction === 'sum') continue;
      extremes.set(task.node, [accumulators.extreme(task.node)]);
    }
    const arrays = place.pointed;
    this.#windows.open(this.#everyNode(), isFirst);
    this.#itemValues();
    this.#loops.lanes({
      arrays,
      count: () => get(count),
      first: get(start),
      vectors,
      body: (vectors) => {
        const rows = Array.from(
          { length: vectors },
          (): Row => ({ scope: new Map(), pairs: new Map(), own: new Map() }),
        );
        const each = (write: (row: Row) => void): void => {
          for (const [vector, row] of rows.entries()) {
            place.vector = vector;
            values.scope(() => write(row), row.scope);
          }
          place.vector = 0;
        };
        for (const [s, loop] of loops.entries()) {
          const totalled = loop.tasks.flatMap((task) => (isTotal(task) ? [task.node] : []));
          each(({ pairs, own }) => {
            this.#rowValues(loop);
            for (const node of loop.reductions) {
              if (node.reduction === 'sum') pairs.set(node, [text.zero(), text.zero()]);
              else own.set(node, accumulators.extreme(node));
            }
            // A lane would add as many numbers as the row is long, so these sums are float64 throughout.
            for (const node of totalled) pairs.set(node, [text.zero(), text.zero()]);
          });
          this.#loop = s;
          const inner = dimsOf(this.#kernel.inner, this.#context.rank);
          this.#loops.nest(inner, this.#loopArrays(loop, s), () => {
            each(({ pairs, own }) => {
              values.scope(() => {
                for (const node of loop.reductions) {
                  const value = values.of(node.arg);
                  const pair = pairs.get(node);
                  if (pair) text.addToPair(pair, value);
                  else accumulators.extend(node, own.get(node)!, value);
                }
                this.#keepValue(s);
                for (const task of loop.tasks) {
                  if (isTotal(task)) {
                    const value = accumulators.masked(values.of(task.node.arg), task.node);
                    text.addToPair(pairs.get(task.node)!, value);
                  } else this.#laneTask(task, sums, extremes);
                }
              });
            });
          });
          this.#loop = -1;
          each(({ pairs, own }) => {
            for (const node of loop.reductions) {
              const pair = pairs.get(node);
              values.set(node, pair ? text.set('v128', text.narrowed(pair)) : own.get(node)!);
            }
            for (const node of totalled) accumulators.addTotal(node, text.sumOfPair(pairs.get(node)!));
          });
        }
        each(() => {
          for (const task of rowTasks) this.#laneTask(task, sums, extremes);
          this.#windows.keep((node) => values.of(node));
        });
      },
      fold: () => {
        for (const sum of sums.values()) accumulators.flush(sum);
      },
    });
    this.#windows.close();
    for (const [node, vectors] of extremes) accumulators.addTotal(node, accumulators.merged(node, vectors));
  }

  /** What is the same for all rows of an item, computed before the lanes run along them. */
  #itemValues(): void {
    const { loops, rowTasks, outer } = this.#kernel;
    const ofItem = outer & ~(1 << this.#lane);
    const known = new Set<Expr>();
    for (const node of computed(
      [...loops.flatMap((loop) => loop.tasks), ...rowTasks].map(rootOf),
      this.#isInner,
    )) {
      if (node.kind === 'neighbour') {
        if (node.along & ofItem && !this.#windows.holds(node)) this.#values.setDistance(node);
      } else if (
        node.kind !== 'gather' &&
        (node.dims & ~ofItem) === 0 &&
        operands(node).every((operand) => operand.dims === 0 || known.has(operand))
      ) {
        known.add(node);
        this.#values.of(node);
      }
    }
  }

  // Both

  /** Values of the row that a loop needs, computed before it. */
  #rowValues(loop: Loop): void {
    for (const node of loop.nodes) {
      if ((node.dims & this.#kernel.inner) === 0) this.#values.of(node);
    }
  }

  #laneTask(
    task: Task,
    sums: ReadonlyMap<Reduce, Sum>,
    extremes: ReadonlyMap<Reduce, readonly string[]>,
  ): void {
    const accumulators = this.#accumulators;
    if (task.kind === 'store') {
      this.#place.store(task.output, this.#values.of(task.node));
      return;
    }
    const value = accumulators.masked(this.#values.of(task.node.arg), task.node);
    const sum = sums.get(task.node);
    const extreme = extremes.get(task.node);
    if (sum) accumulators.add(sum, value);
    else if (extreme) accumulators.extend(task.node, accumulators.turn(extreme), value);
    else accumulators.fold(task.node, value);
  }

  /** Puts the expensive value where a later loop finds it; that one takes it up before a gradient is stored over it. */
  #keepValue(s: number): void {
    const { kept } = this.#kernel;
    if (kept?.madeIn === s) this.#place.store(kept.output, this.#values.of(kept.node));
    else if (kept && this.#readsKept(s)) this.#values.of(kept.node);
  }

  #readsKept(s: number): boolean {
    const { kept, loops } = this.#kernel;
    return kept !== undefined && s > kept.madeIn && loops[s]!.nodes.includes(kept.node);
  }

  #sideBySide(vectors: number): number {
    const { sizes } = this.#context;
    const isWorthIt =
      sizes[this.#lane]! >= worthSideBySide.lanes &&
      countOf(this.#kernel.outer | this.#kernel.inner, sizes) >= worthSideBySide.positions;
    return isWorthIt ? vectors : 1;
  }

  /** Whether an item is a row, so that the item before is the row before. */
  get #takesWholeRows(): boolean {
    return !this.#laneIsInner && this.#windows.all.length > 0;
  }

  #windowsWorthKeeping(bytes: number): Window[] {
    const { outer, inner, loops } = this.#kernel;
    const { sizes } = this.#context;
    const across = (this.#laneIsInner ? inner : loops.length === 0 ? outer : 0) & ~(1 << this.#lane);
    const dim = 31 - Math.clz32(across);
    const lanes = sizes[this.#lane]!;
    if (dim < 0 || sizes[dim]! < worthLeavingOut || lanes < worthKeeping.lanes) return [];
    if (this.#sideBySide(lineVectors) === 1) return [];
    return windowsOf(this.#everyNode(), dim, this.#lane).filter(
      ({ input, rows }) =>
        this.#context.step(`input:${input}`, this.#lane) === 'unit' &&
        rows.length * lanes * bytes <= worthKeeping.bytes,
    );
  }

  // What the kernel holds

  #everyNode(): Expr[] {
    const { loops, rowTasks } = this.#kernel;
    return [...loops.flatMap(({ nodes }) => nodes), ...computed(rowTasks.map(rootOf), () => false)];
  }

  #everyArray(): Set<string> {
    const names = new Set<string>();
    const { loops, rowTasks } = this.#kernel;
    for (const loop of loops) for (const name of this.#arraysOf(loop.nodes, loop.tasks)) names.add(name);
    const rowNodes = computed(rowTasks.map(rootOf), () => false);
    for (const name of this.#arraysOf(rowNodes, rowTasks)) names.add(name);
    for (const { input } of this.#windows.all) names.add(`window:${input}`);
    return names;
  }

  #loopArrays(loop: Loop, s: number): Set<string> {
    const arrays = this.#arraysOf(loop.nodes, loop.tasks);
    const { kept } = this.#kernel;
    if (kept && (s === kept.madeIn || this.#readsKept(s))) arrays.add(kept.output);
    return arrays;
  }

  /** Arrays that nodes read and tasks write. */
  #arraysOf(nodes: readonly Expr[], tasks: readonly Task[]): Set<string> {
    const names = new Set<string>();
    for (const node of nodes) {
      if (node.kind === 'input') names.add(`input:${node.name}`);
      if (node.kind === 'gather' || node.kind === 'neighbour') names.add(`input:${node.input.name}`);
      if (node.kind === 'reduce' && node.dims !== 0 && !this.#isInner(node))
        names.add(this.#context.accumulated(node));
    }
    for (const task of tasks) {
      if (task.kind === 'store') names.add(task.output);
      else if (task.node.dims !== 0) names.add(this.#block.accumulator(task.node));
    }
    return names;
  }

  #isInner = (node: Expr): boolean =>
    node.kind === 'reduce' && node.dims !== 0 && node.over === this.#kernel.inner;
}
