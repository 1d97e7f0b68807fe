/**
 * One kernel of the passes as WebAssembly text: SIMD over the last dimension of its nest.
 *
 * Two schedules. Where the last dimension is inside the row, lanes run along the row, sums are folded across lanes and
 * what belongs to the row is the same in every lane. Where it is one of the rows' own (a class axis in the middle, or
 * no inner dimension at all), lanes are neighbouring rows, and the inner loops step over memory with a stride.
 *
 * Sums: a lane adds at most `folded` numbers in the kernel's own precision, then the lanes are folded into float64.
 * Threads take ranges of items (a row, or a chunk of neighbouring positions); each has its own accumulators.
 */
import type { Dims, Expr, Reduce } from '../../language/expression.ts';
import { isTruth, operands } from '../../language/expression.ts';
import { operations } from '../../language/operations.ts';
import {
  type Accumulate,
  computed,
  type Kernel,
  type Loop,
  rootOf,
  type Store,
  type Task,
} from '../../language/passes.ts';
import { countOf } from '../../language/space.ts';
import { type Edge, edgesOf, without } from './edges.ts';
import { type Emitter, extremum, hasMultiplyAdd, type Lanes } from './math/emitter.ts';
import { type Window, windowsOf } from './windows.ts';

/** Neighbouring positions that make one item for a thread. */
export const chunk = 1024;

/** Roundings of a lane's sum before it is folded into float64: even of equal numbers, whose errors all go one way, it stays within 2⁻²⁰. */
const folded = 32;

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

/** How an array moves with a dimension. */
export type Step = 'none' | 'unit' | 'any';

export interface KernelContext {
  readonly lanes: Lanes;
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

/** Byte offsets in a kernel's parameter block: sizes, then arrays (address, strides), then numbers. */
export const blockOffsets = {
  size: (dim: number): number => 4 * dim,
  address: (rank: number, array: number): number => 4 * (rank + array * (1 + rank)),
  stride: (rank: number, array: number, dim: number): number => 4 * (rank + array * (1 + rank) + 1 + dim),
  numbers: (rank: number, arrays: number): number => Math.ceil((4 * (rank + arrays * (1 + rank))) / 8) * 8,
};

const dimsOf = (mask: Dims, rank: number): number[] =>
  Array.from({ length: rank }, (_, d) => d).filter((d) => mask & (1 << d));

export function kernelText(kernel: Kernel, context: KernelContext): KernelText {
  return new Writer(kernel, context).write();
}

const get = (name: string): string => `(local.get ${name})`;
const i32 = (value: number): string => `(i32.const ${value})`;

/** A number as WebAssembly text writes it. */
function numeral(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** What a reduction starts from. */
export const identity = ({ reduction }: Reduce): number =>
  ({ sum: 0, max: -Infinity, min: Infinity })[reduction];

/** Whether each thread has such an array among its accumulators. */
export const isOwn = (array: string): boolean => array.startsWith('kept:') || array.startsWith('window:');

/** A sum over everything. */
const isTotal = (task: Task): task is Accumulate =>
  task.kind === 'accumulate' && task.node.dims === 0 && task.node.reduction === 'sum';

/** One vector of rows: what is known of them, and what their inner loops accumulate. */
interface Row {
  readonly scope: Map<Expr, string>;
  readonly pairs: Map<Reduce, [string, string]>;
  readonly own: Map<Reduce, string>;
}

/** Vector accumulators, in turn for vectors side by side, and the float64 that they are folded into. */
interface Sum {
  readonly vectors: readonly string[];
  readonly total: string;
}

class Writer implements Emitter {
  readonly #kernel: Kernel;
  readonly #context: KernelContext;
  readonly multipliesAndAdds = hasMultiplyAdd;
  readonly #lanes: Lanes;
  readonly #count: number;
  readonly #bytes: number;
  readonly #rank: number;
  /** The dimension that lanes run along. */
  readonly #lane: number;
  readonly #laneIsInner: boolean;

  readonly #declarations: string[] = [];
  readonly #prologue: string[] = [];
  #lines: string[] = [];
  readonly #constants = new Map<string, string>();
  readonly #knownNumbers = new Map<string, number>();
  readonly #numbers: Expr[] = [];
  readonly #arrays: string[] = [];
  readonly #totals: Reduce[] = [];
  readonly #keptReductions: Reduce[] = [];
  #next = 0;

  /** Locals that hold nodes' values, innermost scope last. */
  #scopes: Map<Expr, string>[] = [new Map()];
  /** The current address of each array; the scopes mirror the loops. */
  #pointers: Map<string, string>[] = [];
  /** All ones in the lanes that count, in the last, partial vector. */
  #mask: string | undefined;
  /** How many lanes count there. */
  #left = '';
  /** The current position along each dimension, where a node needs it: an i32 local. */
  readonly #positions = new Map<number, string>();
  #lanePosition = '';
  /** Which of some vectors side by side the code is for. */
  #vector = 0;
  /** What the loops of a row have added up, in float64. */
  readonly #rowTotals = new Map<Expr, string>();
  /** What nodes select by that is true but near the ends of a dimension. */
  readonly #edges: readonly Edge[];
  /** What nodes come to in code that runs where all of those are true. */
  #farFromEdges: ((node: Expr) => Expr) | undefined;
  /** What is kept of inputs whose neighbours are read across the rows, and what of that in the code being written. */
  readonly #windows: readonly Window[];
  #open: readonly Window[] = [];
  /** How far away neighbours across the lanes lie, where that is known before the lanes run. */
  readonly #distances = new Map<Expr, string>();

  constructor(kernel: Kernel, context: KernelContext) {
    this.#kernel = kernel;
    this.#context = context;
    this.#lanes = context.lanes;
    this.#count = context.lanes === 'f32x4' ? 4 : 2;
    this.#bytes = context.lanes === 'f32x4' ? 4 : 8;
    this.#rank = context.rank;
    this.#lane = 31 - Math.clz32(kernel.outer | kernel.inner);
    this.#laneIsInner = (kernel.inner & (1 << this.#lane)) !== 0;
    this.#edges = edgesOf(this.#everyNode()).filter(({ dim }) => context.sizes[dim]! >= worthLeavingOut);
    this.#windows = this.#windowsWorthKeeping();
  }

  // Emitter

  local(): string {
    return this.#declare('v128');
  }

  emit(line: string): void {
    this.#lines.push(line);
  }

  constant(literal: string): string {
    const known = this.#constants.get(literal);
    if (known) return known;
    const local = this.#declare('v128');
    this.#prologue.push(`(local.set ${local} (v128.const ${literal}))`);
    this.#constants.set(literal, local);
    return local;
  }

  numberIn(local: string): number | undefined {
    return this.#knownNumbers.get(local);
  }

  #declare(type: 'v128' | 'i32' | 'f64'): string {
    const name = `$v${this.#next++}`;
    this.#declarations.push(`(local ${name} ${type})`);
    return name;
  }

  #set(type: 'v128' | 'i32' | 'f64', value: string): string {
    const name = this.#declare(type);
    this.emit(`(local.set ${name} ${value})`);
    return name;
  }

  #splatNumber(value: number): string {
    const rounded = this.#lanes === 'f32x4' ? Math.fround(value) : value;
    const local = this.constant(`${this.#lanes} ${Array(this.#count).fill(numeral(rounded)).join(' ')}`);
    this.#knownNumbers.set(local, rounded);
    return local;
  }

  // Structure

  write(): KernelText {
    const { outer, loops, rowTasks } = this.#kernel;
    const itemDims = dimsOf(outer, this.#rank).filter((d) => d !== this.#lane);
    for (const name of this.#everyArray()) this.#array(name);
    const totalLocals = this.#registerTotals([...loops.flatMap((loop) => loop.tasks), ...rowTasks]);

    const item = this.#declare('i32');
    const rest = this.#declare('i32');
    const { lines: body } = this.#capture(() => {
      this.emit(`(local.set ${rest} ${get(item)})`);
      let start = '';
      let count = '';
      if (this.#takesWholeRows) {
        start = this.#set('i32', i32(0));
        count = this.#set('i32', this.#size(this.#lane));
      } else if (!this.#laneIsInner) {
        const blocks = this.#set(
          'i32',
          `(i32.shr_u (i32.add ${this.#size(this.#lane)} ${i32(chunk - 1)}) ${i32(Math.log2(chunk))})`,
        );
        start = this.#set('i32', `(i32.mul (i32.rem_u ${get(rest)} ${get(blocks)}) ${i32(chunk)})`);
        this.emit(`(local.set ${rest} (i32.div_u ${get(rest)} ${get(blocks)}))`);
        count = this.#set('i32', `(i32.sub ${this.#size(this.#lane)} ${get(start)})`);
        this.emit(`(if (i32.gt_s ${get(count)} ${i32(chunk)}) (then (local.set ${count} ${i32(chunk)})))`);
      }
      for (const d of [...itemDims].reverse()) {
        const position = this.#set('i32', `(i32.rem_u ${get(rest)} ${this.#size(d)})`);
        this.emit(`(local.set ${rest} (i32.div_u ${get(rest)} ${this.#size(d)}))`);
        this.#positions.set(d, position);
      }
      const rows = new Map<string, string>();
      for (const array of this.#arrays.filter((name) => !name.startsWith('window:'))) {
        const terms = itemDims
          .filter((d) => this.#step(array, d) !== 'none')
          .map((d) => `(i32.mul ${get(this.#positions.get(d)!)} ${this.#stride(array, d)})`);
        if (start && this.#step(array, this.#lane) !== 'none') {
          terms.push(`(i32.mul ${get(start)} ${this.#stride(array, this.#lane)})`);
        }
        rows.set(
          array,
          this.#set(
            'i32',
            terms.reduce((sum, term) => `(i32.add ${sum} ${term})`, this.#address(array)),
          ),
        );
      }
      this.#pointers.push(rows);
      this.#scopes.push(new Map());
      if (this.#laneIsInner) this.#row(totalLocals);
      else this.#rowsInLanes(start, count, totalLocals, `(i32.eq ${get(item)} (local.get $begin))`);
      this.#scopes.pop();
      this.#pointers.pop();
    });

    const text = [
      '(module',
      '(import "env" "memory" (memory 1 65536 shared))',
      '(func (export "run") (param $block i32) (param $begin i32) (param $end i32) (param $sums i32)',
      ...this.#declarations,
      ...this.#prologue,
      `(local.set ${item} (local.get $begin))`,
      `(block $all (loop $items (br_if $all (i32.ge_u ${get(item)} (local.get $end)))`,
      ...body,
      `(local.set ${item} (i32.add ${get(item)} (i32.const 1)))`,
      '(br $items)))',
      ...[...totalLocals].map(
        ([node, local], i) =>
          `(f64.store offset=${8 * i} (local.get $sums) ${this.#fold(node, `(f64.load offset=${8 * i} (local.get $sums))`, get(local))})`,
      ),
      '))',
    ].join('\n');
    return {
      text,
      arrays: this.#arrays,
      numbers: this.#numbers,
      totals: this.#totals,
      keptReductions: this.#keptReductions,
      itemDims,
      chunked: this.#laneIsInner || this.#takesWholeRows ? undefined : this.#lane,
      windows: this.#windows,
    };
  }

  #capture(write: () => void): { lines: string[] } {
    const outside = this.#lines;
    this.#lines = [];
    write();
    const lines = this.#lines;
    this.#lines = outside;
    return { lines };
  }

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
    for (const { input } of this.#windows) names.add(`window:${input}`);
    return names;
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
      else if (task.node.dims !== 0) names.add(this.#accumulator(task.node));
    }
    return names;
  }

  #isInner = (node: Expr): boolean =>
    node.kind === 'reduce' && node.dims !== 0 && node.over === this.#kernel.inner;

  #registerTotals(tasks: readonly Task[]): Map<Reduce, string> {
    const locals = new Map<Reduce, string>();
    for (const task of tasks) {
      if (task.kind !== 'accumulate' || task.node.dims !== 0) continue;
      this.#totals.push(task.node);
      const local = this.#declare('f64');
      this.#prologue.push(`(local.set ${local} (f64.const ${numeral(identity(task.node))}))`);
      locals.set(task.node, local);
    }
    return locals;
  }

  #fold(node: Reduce, a: string, b: string): string {
    return `(f64.${node.reduction === 'sum' ? 'add' : node.reduction} ${a} ${b})`;
  }

  // The parameter block

  #array(name: string): number {
    const known = this.#arrays.indexOf(name);
    if (known >= 0) return known;
    this.#arrays.push(name);
    return this.#arrays.length - 1;
  }

  #accumulator(node: Reduce): string {
    let known = this.#keptReductions.indexOf(node);
    if (known < 0) {
      known = this.#keptReductions.length;
      this.#keptReductions.push(node);
    }
    return `kept:${known}`;
  }

  #word(offset: number): string {
    return this.#once(`word ${offset}`, 'i32', `(i32.load offset=${offset} (local.get $block))`);
  }

  readonly #loaded = new Map<string, string>();

  #once(key: string, type: 'i32' | 'v128', value: string): string {
    let local = this.#loaded.get(key);
    if (!local) {
      local = this.#declare(type);
      this.#prologue.push(`(local.set ${local} ${value})`);
      this.#loaded.set(key, local);
    }
    return get(local);
  }

  #size(dim: number): string {
    return this.#word(blockOffsets.size(dim));
  }

  #address(array: string): string {
    const own = this.#word(blockOffsets.address(this.#rank, this.#array(array)));
    return isOwn(array) ? `(i32.add (local.get $sums) ${own})` : own;
  }

  #stride(array: string, dim: number): string {
    if (this.#step(array, dim) === 'unit') return i32(array.startsWith('kept:') ? 8 : this.#bytes);
    return this.#word(blockOffsets.stride(this.#rank, this.#array(array), dim));
  }

  #step(array: string, dim: number): Step {
    if (array.startsWith('window:')) return dim === this.#lane ? 'unit' : 'none';
    if (!array.startsWith('kept:')) return this.#context.step(array, dim);
    const { dims } = this.#keptReductions[Number(array.slice(5))]!;
    if (!(dims & (1 << dim))) return 'none';
    return dims >> (dim + 1) === 0 ? 'unit' : 'any';
  }

  // Loops

  /** One row whose inner dimensions hold the lanes. */
  #row(totals: Map<Reduce, string>): void {
    for (const [s, loop] of this.#kernel.loops.entries()) {
      this.#rowValues(loop);
      this.#loopIndex = s;
      const sums = this.#beginSums(loop, totals);
      const extremes = this.#beginExtremes(loop);
      const inner = dimsOf(this.#kernel.inner, this.#rank).filter((d) => d !== this.#lane);
      const arrays = this.#loopArrays(loop, s);
      this.#nest(inner, arrays, () => {
        this.#openWindows(loop.nodes, i32(0));
        this.#lanesAlong(
          arrays,
          () => this.#size(this.#lane),
          i32(0),
          (vectors) => {
            for (let vector = 0; vector < vectors; vector++) {
              this.#vector = vector;
              this.#scopes.push(new Map());
              this.#innerBody(loop, s, sums, extremes, totals);
              this.#scopes.pop();
            }
            this.#vector = 0;
          },
          () => {
            for (const sum of sums.values()) this.#flush(sum);
          },
          this.#sideBySide(rowVectors),
        );
        this.#closeWindows();
      });
      for (const node of loop.reductions) {
        const total =
          node.reduction === 'sum'
            ? get(sums.get(node)!.total)
            : this.#acrossLanes(node, this.#merged(node, extremes.get(node)!));
        this.#scopes.at(-1)!.set(node, this.#set('v128', this.#splatF64(total)));
        if (node.reduction === 'sum') this.#rowTotals.set(node, total);
      }
      this.#loopIndex = -1;
    }
    for (const task of this.#kernel.rowTasks) {
      if (task.kind === 'store') {
        const value = this.#value(task.node);
        this.emit(
          `(${this.#lanes.slice(0, 3)}.store ${get(this.#pointer(task.output))} ${this.#lane0(value)})`,
        );
      } else {
        const value = this.#widened(this.#lane0(this.#value(task.node.arg)));
        if (task.node.dims === 0) this.#addTotal(totals, task.node, value);
        else this.#foldAt(task.node, get(this.#pointer(this.#accumulator(task.node))), value);
      }
    }
  }

  /**
   * Neighbouring rows in the lanes; their inner loops, if any, step over memory. `isFirst`: whether the thread begins with
   * this item.
   */
  #rowsInLanes(start: string, count: string, totals: Map<Reduce, string>, isFirst: string): void {
    const { loops, rowTasks } = this.#kernel;
    const sums = new Map<Reduce, Sum>();
    const extremes = new Map<Reduce, readonly string[]>();
    const vectors = loops.length > 0 || this.#takesWholeRows ? this.#sideBySide(lineVectors) : 1;
    for (const task of rowTasks) {
      if (isTotal(task))
        sums.set(task.node, { vectors: this.#zeros(vectors), total: totals.get(task.node)! });
    }
    for (const task of [...loops.flatMap((loop) => loop.tasks), ...rowTasks]) {
      if (task.kind !== 'accumulate' || task.node.dims !== 0 || task.node.reduction === 'sum') continue;
      extremes.set(task.node, [this.#extreme(task.node)]);
    }
    const arrays = new Set(this.#pointers.at(-1)!.keys());
    this.#openWindows(this.#everyNode(), isFirst);
    this.#itemValues();
    this.#lanesAlong(
      arrays,
      () => get(count),
      get(start),
      (vectors) => {
        const rows = Array.from(
          { length: vectors },
          (): Row => ({ scope: new Map(), pairs: new Map(), own: new Map() }),
        );
        const each = (write: (row: Row) => void): void => {
          for (const [vector, row] of rows.entries()) {
            this.#vector = vector;
            this.#scopes.push(row.scope);
            write(row);
            this.#scopes.pop();
          }
          this.#vector = 0;
        };
        for (const [s, loop] of loops.entries()) {
          const totalled = loop.tasks.flatMap((task) => (isTotal(task) ? [task.node] : []));
          each(({ pairs, own }) => {
            this.#rowValues(loop);
            for (const node of loop.reductions) {
              if (node.reduction === 'sum') pairs.set(node, [this.#zero(), this.#zero()]);
              else own.set(node, this.#extreme(node));
            }
            // A lane would add as many numbers as the row is long, so these sums are float64 throughout.
            for (const node of totalled) pairs.set(node, [this.#zero(), this.#zero()]);
          });
          this.#loopIndex = s;
          this.#nest(dimsOf(this.#kernel.inner, this.#rank), this.#loopArrays(loop, s), () => {
            each(({ pairs, own }) => {
              this.#scopes.push(new Map());
              for (const node of loop.reductions) {
                const value = this.#value(node.arg);
                const pair = pairs.get(node);
                if (pair) this.#addWide(pair, value);
                else this.#extend(node, own.get(node)!, value);
              }
              this.#keepValue(s);
              for (const task of loop.tasks) {
                if (isTotal(task)) {
                  this.#addWide(pairs.get(task.node)!, this.#masked(this.#value(task.node.arg), task.node));
                } else this.#laneTask(task, sums, extremes);
              }
              this.#scopes.pop();
            });
          });
          this.#loopIndex = -1;
          each(({ scope, pairs, own }) => {
            for (const node of loop.reductions) {
              const pair = pairs.get(node);
              scope.set(node, pair ? this.#set('v128', this.#narrowed(pair)) : own.get(node)!);
            }
            for (const node of totalled) this.#addTotal(totals, node, this.#sumOfPair(pairs.get(node)!));
          });
        }
        each(() => {
          for (const task of rowTasks) this.#laneTask(task, sums, extremes);
          this.#keepInWindows();
        });
      },
      () => {
        for (const sum of sums.values()) this.#flush(sum);
      },
      vectors,
    );
    this.#closeWindows();
    for (const [node, vectors] of extremes)
      this.#addTotal(totals, node, this.#acrossLanes(node, this.#merged(node, vectors)));
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
        if (node.along & ofItem && !this.#isInWindow(node))
          this.#distances.set(node, get(this.#set('i32', this.#distance(node))));
      } else if (
        node.kind !== 'gather' &&
        (node.dims & ~ofItem) === 0 &&
        operands(node).every((operand) => operand.dims === 0 || known.has(operand))
      ) {
        known.add(node);
        this.#value(node);
      }
    }
  }

  /** Values of the row that a loop needs, computed before it. */
  #rowValues(loop: Loop): void {
    for (const node of loop.nodes) {
      if ((node.dims & this.#kernel.inner) === 0) this.#value(node);
    }
  }

  #loopArrays(loop: Loop, s: number): Set<string> {
    const arrays = this.#arraysOf(loop.nodes, loop.tasks);
    const { kept } = this.#kernel;
    if (kept && (s === kept.madeIn || this.#readsKept(s))) arrays.add(kept.output);
    return arrays;
  }

  #readsKept(s: number): boolean {
    const { kept, loops } = this.#kernel;
    return kept !== undefined && s > kept.madeIn && loops[s]!.nodes.includes(kept.node);
  }

  /** Loops over some dimensions, outermost first, with the arrays' addresses moving along. */
  #nest(dims: readonly number[], arrays: Set<string>, body: () => void): void {
    const [d, ...others] = dims;
    if (d === undefined) {
      body();
      return;
    }
    const label = `$l${this.#next++}`;
    const position = this.#set('i32', i32(0));
    this.#positions.set(d, position);
    const moving = [...arrays].filter((array) => this.#step(array, d) !== 'none');
    const pointers = new Map(this.#pointers.at(-1));
    for (const array of moving) pointers.set(array, this.#set('i32', get(this.#pointer(array))));
    this.#pointers.push(pointers);
    this.emit(
      `(block ${label}_end (loop ${label} (br_if ${label}_end (i32.ge_u ${get(position)} ${this.#size(d)}))`,
    );
    this.#nest(others, arrays, body);
    for (const array of moving) {
      const pointer = pointers.get(array)!;
      this.emit(`(local.set ${pointer} (i32.add ${get(pointer)} ${this.#stride(array, d)}))`);
    }
    this.emit(`(local.set ${position} (i32.add ${get(position)} ${i32(1)}))`);
    this.emit(`(br ${label})))`);
    this.#pointers.pop();
    this.#positions.delete(d);
  }

  /**
   * `count` positions along the lane dimension, some vectors at a time, what is left with a mask; `fold` before sums of
   * as many vectors have been rounded `folded` times. `body` is told how many vectors it is for.
   */
  #lanesAlong(
    arrays: Set<string>,
    count: () => string,
    first: string,
    body: (vectors: number) => void,
    fold: () => void,
    vectors = 1,
  ): void {
    const label = `$l${this.#next++}`;
    const moving = [...arrays, ...this.#rowsInWindows()].filter(
      (array) => this.#step(array, this.#lane) !== 'none',
    );
    const pointers = new Map(this.#pointers.at(-1));
    for (const array of moving) pointers.set(array, this.#set('i32', get(this.#pointer(array))));
    this.#pointers.push(pointers);
    const remaining = this.#set('i32', count());
    const left = this.#declare('i32');
    this.#lanePosition = this.#set('i32', first);

    const once = (vectors: number): void => {
      this.#scopes.push(new Map());
      body(vectors);
      this.#scopes.pop();
    };
    const advance = (vectors: number): void => {
      const lanes = vectors * this.#count;
      for (const array of moving) {
        const pointer = pointers.get(array)!;
        const step =
          this.#step(array, this.#lane) === 'unit'
            ? i32(lanes * (array.startsWith('kept:') ? 8 : this.#bytes))
            : `(i32.mul ${this.#stride(array, this.#lane)} ${i32(lanes)})`;
        this.emit(`(local.set ${pointer} (i32.add ${get(pointer)} ${step}))`);
      }
      this.emit(`(local.set ${this.#lanePosition} (i32.add ${get(this.#lanePosition)} ${i32(lanes)}))`);
      this.emit(`(local.set ${left} (i32.sub ${get(left)} ${i32(lanes)}))`);
    };
    const run = (folded - vectors + 1) * vectors * this.#count;
    this.emit(
      `(block ${label}_all (loop ${label}_folds (br_if ${label}_all (i32.le_s ${get(remaining)} ${i32(0)}))`,
    );
    this.emit(
      `(local.set ${left} (select ${get(remaining)} ${i32(run)} (i32.lt_s ${get(remaining)} ${i32(run)})))`,
    );
    this.emit(`(local.set ${remaining} (i32.sub ${get(remaining)} ${get(left)}))`);

    const edges = this.#edges.filter(({ dim }) => dim === this.#lane || this.#positions.has(dim));
    const rest = `(block ${label}_none (loop ${label}_rest (br_if ${label}_none (i32.le_s ${get(left)} ${i32(0)}))`;
    // Near an edge a vector runs the body with a mask, before and after those that are far from all of them.
    if (edges.length > 0) this.emit(rest);
    const whole = edges.length > 0 ? this.#farFrom(edges, left) : left;
    if (edges.length > 0) this.#farFromEdges = without(edges);
    // One by one before those near an edge: the body with a mask takes several times as long.
    for (const some of edges.length > 0 && vectors > 1 ? [vectors, 1] : [vectors]) {
      const own = `${label}_${some}`;
      const lanes = i32(some * this.#count);
      this.emit(`(block ${own}_end (loop ${own} (br_if ${own}_end (i32.lt_s ${get(whole)} ${lanes}))`);
      once(some);
      advance(some);
      if (whole !== left) this.emit(`(local.set ${whole} (i32.sub ${get(whole)} ${lanes}))`);
      this.emit(`(br ${own})))`);
    }
    this.#farFromEdges = undefined;

    this.emit(edges.length > 0 ? `(br_if ${label}_none (i32.le_s ${get(left)} ${i32(0)}))` : rest);
    this.#mask = this.#set(
      'v128',
      this.#lanes === 'f32x4'
        ? `(i32x4.lt_s ${get(this.constant('i32x4 0 1 2 3'))} (i32x4.splat ${get(left)}))`
        : `(i64x2.lt_s ${get(this.constant('i64x2 0 1'))} (i64x2.splat (i64.extend_i32_s ${get(left)})))`,
    );
    this.#left = left;
    once(1);
    this.#mask = undefined;
    advance(1);
    this.emit(`(br ${label}_rest)))`);
    fold();
    this.emit(`(br ${label}_folds)))`);
    this.#pointers.pop();
  }

  /** How many of the positions that are left are far from the edges, from the current one on. */
  #farFrom(edges: readonly Edge[], left: string): string {
    const offsets = edges.filter(({ dim }) => dim === this.#lane).map(({ offset }) => offset);
    const room = this.#set(
      'i32',
      `(i32.sub (i32.sub ${this.#size(this.#lane)} ${i32(Math.max(0, ...offsets))}) ${get(this.#lanePosition)})`,
    );
    const isFar = edges
      .filter(({ dim }) => dim !== this.#lane)
      .map(({ dim, offset }) => this.#isInside(dim, offset))
      .reduce(
        (all, one) => `(i32.and ${all} ${one})`,
        `(i32.ge_s ${get(this.#lanePosition)} ${i32(-Math.min(0, ...offsets))})`,
      );
    const least = `(select ${get(room)} ${get(left)} (i32.lt_s ${get(room)} ${get(left)}))`;
    return this.#set('i32', `(select ${least} ${i32(0)} ${isFar})`);
  }

  /** Whether there is a position `offset` further along a dimension that is not the lanes'. */
  #isInside(dim: number, offset: number): string {
    return `(i32.lt_u (i32.add ${get(this.#positions.get(dim)!)} ${i32(offset)}) ${this.#size(dim)})`;
  }

  #beginSums(loop: Loop, totals: Map<Reduce, string>): Map<Reduce, Sum> {
    const sums = new Map<Reduce, Sum>();
    for (const node of loop.reductions) {
      if (node.reduction === 'sum')
        sums.set(node, {
          vectors: this.#zeros(this.#sideBySide(rowVectors)),
          total: this.#set('f64', '(f64.const 0)'),
        });
    }
    for (const task of loop.tasks) {
      if (isTotal(task))
        sums.set(task.node, {
          vectors: this.#zeros(this.#sideBySide(rowVectors)),
          total: totals.get(task.node)!,
        });
    }
    return sums;
  }

  #beginExtremes(loop: Loop): Map<Reduce, readonly string[]> {
    const extremes = new Map<Reduce, readonly string[]>();
    for (const node of loop.reductions) {
      if (node.reduction !== 'sum')
        extremes.set(
          node,
          Array.from({ length: this.#sideBySide(rowVectors) }, () => this.#extreme(node)),
        );
    }
    return extremes;
  }

  /** What a maximum or minimum begins with. */
  #extreme(node: Reduce): string {
    return this.#set('v128', get(this.#splatNumber(identity(node))));
  }

  #zeros(count: number): string[] {
    return Array.from({ length: count }, () => this.#zero());
  }

  #sideBySide(vectors: number): number {
    const { sizes } = this.#context;
    const isWorthIt =
      sizes[this.#lane]! >= worthSideBySide.lanes &&
      countOf(this.#kernel.outer | this.#kernel.inner, sizes) >= worthSideBySide.positions;
    return isWorthIt ? vectors : 1;
  }

  /** The accumulator whose turn it is. */
  #turn(vectors: readonly string[]): string {
    return vectors[this.#vector % vectors.length]!;
  }

  #addTo({ vectors }: Sum, value: string): void {
    const own = this.#turn(vectors);
    this.emit(`(local.set ${own} (${this.#lanes}.add ${get(own)} ${get(value)}))`);
  }

  /** All accumulators of a maximum or minimum in the first. */
  #merged(node: Reduce, [first, ...others]: readonly string[]): string {
    for (const other of others) this.#extend(node, first!, other);
    return first!;
  }

  /** What a loop does at each vector along the row. */
  #innerBody(
    loop: Loop,
    s: number,
    sums: Map<Reduce, Sum>,
    extremes: Map<Reduce, readonly string[]>,
    totals: Map<Reduce, string>,
  ): void {
    for (const node of loop.reductions) {
      const value = this.#masked(this.#value(node.arg), node);
      const sum = sums.get(node);
      if (sum) this.#addTo(sum, value);
      else this.#extend(node, this.#turn(extremes.get(node)!), value);
    }
    this.#keepValue(s);
    for (const task of loop.tasks) {
      if (task.kind === 'accumulate' && task.node.dims === 0 && task.node.reduction !== 'sum') {
        const value = this.#masked(this.#value(task.node.arg), task.node);
        this.#addTotal(totals, task.node, this.#acrossLanes(task.node, value));
      } else this.#laneTask(task, sums, extremes);
    }
    this.#keepInWindows();
  }

  /** Takes lanes into a running maximum or minimum. */
  #extend({ reduction }: Reduce, extreme: string, value: string): void {
    this.emit(
      `(local.set ${extreme} ${extremum(this, this.#lanes, reduction === 'max' ? 'max' : 'min', extreme, value)})`,
    );
  }

  /** Puts the expensive value where a later loop finds it; that one takes it up before a gradient is stored over it. */
  #keepValue(s: number): void {
    const { kept } = this.#kernel;
    if (kept?.madeIn === s) this.#storeLanes(kept.output, this.#value(kept.node));
    else if (kept && this.#readsKept(s)) this.#value(kept.node);
  }

  #laneTask(task: Task, sums: Map<Reduce, Sum>, extremes: Map<Reduce, readonly string[]>): void {
    if (task.kind === 'store') {
      this.#storeTask(task);
      return;
    }
    const value = this.#masked(this.#value(task.node.arg), task.node);
    const sum = sums.get(task.node);
    const extreme = extremes.get(task.node);
    if (sum) this.#addTo(sum, value);
    else if (extreme) this.#extend(task.node, this.#turn(extreme), value);
    else this.#foldKept(task, value);
  }

  #storeTask(task: Store): void {
    this.#storeLanes(task.output, this.#value(task.node));
  }

  /** Folds lanes into a reduction that keeps dimensions: each lane at its own place, or all at one. */
  #foldKept({ node }: Accumulate, value: string): void {
    const array = this.#accumulator(node);
    const pointer = get(this.#pointer(array));
    if (this.#step(array, this.#lane) === 'none') {
      const all = node.reduction === 'sum' ? this.#sumOfLanes(value) : this.#acrossLanes(node, value);
      this.#foldAt(node, pointer, all);
      return;
    }
    const stride = this.#stride(array, this.#lane);
    if (this.#step(array, this.#lane) === 'unit') {
      const halves = this.#lanes === 'f32x4' ? [this.#low(value), this.#high(value)] : [get(value)];
      const fold = node.reduction === 'sum' ? 'add' : node.reduction;
      halves.forEach((half, i) => {
        const offset = 8 * this.#place(0) + 16 * i;
        this.emit(
          `(v128.store offset=${offset} ${pointer} (f64x2.${fold} (v128.load offset=${offset} ${pointer}) ${half}))`,
        );
      });
      return;
    }
    for (let lane = 0; lane < this.#count; lane++) {
      const address = `(i32.add ${pointer} (i32.mul ${stride} ${i32(this.#place(lane))}))`;
      const own = this.#widened(`(${this.#lanes}.extract_lane ${lane} ${get(value)})`);
      this.#foldAt(node, address, own, lane);
    }
  }

  #foldAt(node: Reduce, address: string, value: string, lane?: number): void {
    const line = `(f64.store ${address} ${this.#fold(node, `(f64.load ${address})`, value)})`;
    if (lane === undefined) this.emit(line);
    else this.#ifCounts(lane, line);
  }

  #addTotal(totals: Map<Reduce, string>, node: Reduce, value: string): void {
    const total = totals.get(node)!;
    this.emit(`(local.set ${total} ${this.#fold(node, get(total), value)})`);
  }

  // Lanes

  #zero(): string {
    return this.#set('v128', get(this.constant('i64x2 0 0')));
  }

  #low(vector: string): string {
    return `(f64x2.promote_low_f32x4 ${get(vector)})`;
  }

  #high(vector: string): string {
    return `(f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 ${get(vector)} ${get(vector)}))`;
  }

  #sumOfLanes(vector: string): string {
    return this.#lanes === 'f32x4'
      ? this.#sumOfTwo(`(f64x2.add ${this.#low(vector)} ${this.#high(vector)})`)
      : this.#sumOfTwo(get(vector));
  }

  #sumOfPair([low, high]: [string, string]): string {
    return this.#sumOfTwo(this.#lanes === 'f32x4' ? `(f64x2.add ${get(low)} ${get(high)})` : get(low));
  }

  #sumOfTwo(vector: string): string {
    const pair = get(this.#set('v128', vector));
    return `(f64.add (f64x2.extract_lane 0 ${pair}) (f64x2.extract_lane 1 ${pair}))`;
  }

  /** Folds the vectors of a partial sum into its float64 and empties them. */
  #flush({ vectors: [first, ...others], total }: Sum): void {
    for (const other of others) {
      this.emit(`(local.set ${first} (${this.#lanes}.add ${get(first!)} ${get(other)}))`);
    }
    this.emit(`(local.set ${total} (f64.add ${get(total)} ${this.#sumOfLanes(first!)}))`);
    for (const vector of [first!, ...others]) {
      this.emit(`(local.set ${vector} ${get(this.constant('i64x2 0 0'))})`);
    }
  }

  #acrossLanes(node: Reduce, vector: string): string {
    const kind = this.#lanes.slice(0, 3);
    const lanes = Array.from(
      { length: this.#count },
      (_, lane) => `(${this.#lanes}.extract_lane ${lane} ${get(vector)})`,
    );
    return this.#widened(lanes.reduce((a, b) => `(${kind}.${node.reduction} ${a} ${b})`));
  }

  /** Adds a vector to a pair of float64 vectors (one, in float64). */
  #addWide([low, high]: [string, string], value: string): void {
    if (this.#lanes === 'f64x2') {
      this.emit(`(local.set ${low} (f64x2.add ${get(low)} ${get(value)}))`);
      return;
    }
    this.emit(`(local.set ${low} (f64x2.add ${get(low)} ${this.#low(value)}))`);
    this.emit(`(local.set ${high} (f64x2.add ${get(high)} ${this.#high(value)}))`);
  }

  #narrowed([low, high]: [string, string]): string {
    if (this.#lanes === 'f64x2') return get(low);
    return `(i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (f32x4.demote_f64x2_zero ${get(low)}) (f32x4.demote_f64x2_zero ${get(high)}))`;
  }

  #lane0(vector: string): string {
    return `(${this.#lanes}.extract_lane 0 ${get(vector)})`;
  }

  #widened(scalar: string): string {
    return this.#lanes === 'f32x4' ? `(f64.promote_f32 ${scalar})` : scalar;
  }

  #splatF64(scalar: string): string {
    return this.#lanes === 'f32x4' ? `(f32x4.splat (f32.demote_f64 ${scalar}))` : `(f64x2.splat ${scalar})`;
  }

  /** The value with its surplus lanes out of the reduction's way. */
  #masked(value: string, node: Reduce): string {
    if (!this.#mask) return value;
    const neutral = node.reduction === 'sum' ? this.constant('i64x2 0 0') : this.#splatNumber(identity(node));
    return this.#set('v128', `(v128.bitselect ${get(value)} ${get(neutral)} ${get(this.#mask)})`);
  }

  // Memory

  /** Where a lane stands among the vectors side by side. */
  #place(lane: number): number {
    return this.#vector * this.#count + lane;
  }

  #pointer(array: string): string {
    return this.#pointers.at(-1)!.get(array)!;
  }

  #loadSplat(address: string): string {
    return `(v128.load${8 * this.#bytes}_splat ${address})`;
  }

  #load(array: string, pointer = get(this.#pointer(array))): string {
    // Inside a row that the lanes do not belong to, and along dimensions that the array lacks, all lanes read one number.
    const step = this.#inLanes() ? this.#step(array, this.#lane) : 'none';
    if (step === 'unit') return `(v128.load offset=${this.#bytes * this.#place(0)} ${pointer})`;
    if (step === 'none') return this.#loadSplat(pointer);
    const result = this.#set('v128', get(this.constant('i64x2 0 0')));
    this.#loadLanes(
      result,
      (lane) => `(i32.add ${pointer} (i32.mul ${this.#stride(array, this.#lane)} ${i32(this.#place(lane))}))`,
    );
    return get(result);
  }

  /** Lanes one by one; those that do not count stay as they are, for a stride takes them far beyond the array. */
  #loadLanes(result: string, address: (lane: number) => string): void {
    for (let lane = 0; lane < this.#count; lane++) {
      this.#ifCounts(
        lane,
        `(local.set ${result} (v128.load${8 * this.#bytes}_lane ${lane} ${address(lane)} ${get(result)}))`,
      );
    }
  }

  /** One line about one lane, left out where that lane is surplus in the last, partial vector. */
  #ifCounts(lane: number, line: string): void {
    this.emit(this.#mask ? `(if (i32.gt_s ${get(this.#left)} ${i32(lane)}) (then ${line}))` : line);
  }

  /** Whether the code being written runs once a vector, not once a row. */
  #inLanes(): boolean {
    return !this.#laneIsInner || this.#pointers.length > 1;
  }

  #storeLanes(array: string, value: string): void {
    const pointer = get(this.#pointer(array));
    if (this.#step(array, this.#lane) === 'unit' && !this.#mask) {
      this.emit(`(v128.store offset=${this.#bytes * this.#place(0)} ${pointer} ${get(value)})`);
      return;
    }
    for (let lane = 0; lane < this.#count; lane++) {
      const address = `(i32.add ${pointer} (i32.mul ${this.#stride(array, this.#lane)} ${i32(this.#place(lane))}))`;
      this.#ifCounts(lane, `(v128.store${8 * this.#bytes}_lane ${lane} ${address} ${get(value)})`);
    }
  }

  // Values

  #value(asked: Expr): string {
    const node = this.#farFromEdges?.(asked) ?? asked;
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const known = this.#scopes[i]!.get(node);
      if (known) return known;
    }
    const local = this.#compute(node);
    const scope = node.dims === 0 ? this.#scopes[0]! : this.#scopes.at(-1)!;
    scope.set(node, local);
    return local;
  }

  #compute(node: Expr): string {
    if (node.dims === 0) return this.#number(node);
    const { kept } = this.#kernel;
    if (kept?.node === node && this.#currentLoopReadsKept())
      return this.#set('v128', this.#load(kept.output));
    switch (node.kind) {
      case 'input':
        return this.#set('v128', this.#load(this.#rowOf(node.name)));
      case 'index':
        return this.#index(31 - Math.clz32(node.dims));
      case 'gather':
        return this.#gather(node);
      case 'neighbour':
        return this.#neighbour(node);
      case 'reduce':
        return this.#set('v128', this.#load(this.#context.accumulated(node)));
      case 'apply': {
        // A norm is rounded once, from the sum of squares as it was added up.
        const total = node.operation === 'sqrt' && this.#rowTotals.get(node.args[0]!);
        if (total) return this.#set('v128', this.#splatF64(`(f64.sqrt ${total})`));
        const args = node.args.map((arg) => this.#value(arg));
        return operations[node.operation].wasm!(this, this.#lanes, args);
      }
      default:
        throw new Error(`a kernel holds no '${node.kind}' with dimensions`);
    }
  }

  #loopIndex = -1;

  #currentLoopReadsKept(): boolean {
    return this.#loopIndex >= 0 && this.#readsKept(this.#loopIndex);
  }

  /** A number known before the kernel runs: a constant, or a place in the parameter block. */
  #number(node: Expr): string {
    if (node.kind === 'constant') return this.#splatNumber(node.value);
    let slot = this.#numbers.indexOf(node);
    if (slot < 0) {
      slot = this.#numbers.length;
      this.#numbers.push(node);
    }
    const offset = blockOffsets.numbers(this.#rank, this.#arrays.length) + 8 * slot;
    const address = `(f64.load offset=${offset} (local.get $block))`;
    const splat = this.#splatF64(address);
    const local = this.#declare('v128');
    this.#prologue.push(
      `(local.set ${local} ${isTruth(node) ? `(${this.#lanes}.ne ${splat} ${get(this.constant('i64x2 0 0'))})` : splat})`,
    );
    return local;
  }

  /** Positions along one dimension, as numbers. */
  #index(dim: number): string {
    if (dim !== this.#lane) return this.#set('v128', this.#splatInteger(get(this.#positions.get(dim)!)));
    const places = Array.from({ length: this.#count }, (_, lane) => this.#place(lane));
    return this.#set(
      'v128',
      `(${this.#lanes}.add ${this.#splatInteger(get(this.#lanePosition))} ${get(this.constant(`${this.#lanes} ${places.join(' ')}`))})`,
    );
  }

  #splatInteger(integer: string): string {
    return this.#lanes === 'f32x4'
      ? `(f32x4.splat (f32.convert_i32_s ${integer}))`
      : `(f64x2.splat (f64.convert_i32_s ${integer}))`;
  }

  #gather(node: Expr & { kind: 'gather' }): string {
    const array = `input:${node.input.name}`;
    const along = 31 - Math.clz32(node.along);
    const at = this.#value(node.at);
    const kind = this.#lanes === 'f32x4' ? 'i32.trunc_sat_f32_s' : 'i32.trunc_sat_f64_s';
    const offset = (lane: number): string =>
      `(i32.mul (${kind} (${this.#lanes}.extract_lane ${lane} ${get(at)})) ${this.#stride(array, along)})`;
    const base = get(this.#gatherBase(array, along));
    const moves = along !== this.#lane && this.#step(array, this.#lane) !== 'none';
    const differs = moves || (node.at.dims & (1 << this.#lane)) !== 0;
    if (!this.#inLanes() || !differs) {
      return this.#set('v128', this.#loadSplat(`(i32.add ${base} ${offset(0)})`));
    }
    const result = this.#set('v128', get(this.constant('i64x2 0 0')));
    this.#loadLanes(result, (lane) => {
      const own = `(i32.add ${base} ${offset(lane)})`;
      return moves
        ? `(i32.add ${own} (i32.mul ${this.#stride(array, this.#lane)} ${i32(this.#place(lane))}))`
        : own;
    });
    return result;
  }

  /**
   * A load some positions away. Along the lanes it may reach a vector beyond either end, where there is padding; along
   * another dimension it stays where it is at the ends. What it finds there is never used.
   */
  #neighbour(node: Expr & { kind: 'neighbour' }): string {
    if (this.#isInWindow(node))
      return this.#set('v128', this.#load(this.#rowOf(node.input.name, node.offset)));
    const array = node.along === 1 << this.#lane ? this.#rowOf(node.input.name) : `input:${node.input.name}`;
    const distance = this.#distances.get(node) ?? this.#distance(node);
    return this.#set('v128', this.#load(array, `(i32.add ${get(this.#pointer(array))} ${distance})`));
  }

  #distance(node: Expr & { kind: 'neighbour' }): string {
    const along = 31 - Math.clz32(node.along);
    return this.#distanceAlong(`input:${node.input.name}`, along, node.offset);
  }

  #distanceAlong(array: string, along: number, offset: number): string {
    const distance = `(i32.mul ${this.#stride(array, along)} ${i32(offset)})`;
    if (along === this.#lane) return distance;
    return `(select ${distance} ${i32(0)} ${this.#isInside(along, offset)})`;
  }

  // Windows

  #windowsWorthKeeping(): Window[] {
    const { outer, inner, loops } = this.#kernel;
    const { sizes } = this.#context;
    const across = (this.#laneIsInner ? inner : loops.length === 0 ? outer : 0) & ~(1 << this.#lane);
    const dim = 31 - Math.clz32(across);
    const lanes = sizes[this.#lane]!;
    if (dim < 0 || sizes[dim]! < worthLeavingOut || lanes < worthKeeping.lanes) return [];
    if (this.#sideBySide(lineVectors) === 1) return [];
    return windowsOf(this.#everyNode(), dim, this.#lane).filter(
      ({ input, rows }) =>
        this.#step(`input:${input}`, this.#lane) === 'unit' &&
        rows.length * lanes * this.#bytes <= worthKeeping.bytes,
    );
  }

  /** Whether an item is a row, so that the item before is the row before. */
  get #takesWholeRows(): boolean {
    return !this.#laneIsInner && this.#windows.length > 0;
  }

  /** Points at the rows in the windows of what nodes read, and fills them where the row before was another's: `isFirst`. */
  #openWindows(nodes: readonly Expr[], isFirst: string): void {
    const pointers = new Map(this.#pointers.at(-1));
    this.#pointers.push(pointers);
    this.#open = this.#windows.filter(({ first }) => nodes.includes(first));
    for (const { input, dim, rows } of this.#open) {
      const [from, window] = [`input:${input}`, `window:${input}`];
      const position = get(this.#positions.get(dim)!);
      const length = `(i32.mul ${this.#size(this.#lane)} ${i32(this.#bytes)})`;
      const fill = rows.map((offset) => {
        const place = `(i32.rem_u (i32.add ${position} ${i32(offset + rows.length)}) ${i32(rows.length)})`;
        const row = this.#set(
          'i32',
          `(i32.add ${this.#address(window)} (i32.mul ${place} ${this.#stride(window, dim)}))`,
        );
        pointers.set(`${window} ${offset}`, row);
        const there = `(i32.add ${get(this.#pointer(from))} ${this.#distanceAlong(from, dim, offset)})`;
        return `(memory.copy ${get(row)} ${there} ${length})`;
      });
      this.emit(`(if (i32.or (i32.eqz ${position}) ${isFirst}) (then ${fill.join('\n')}))`);
    }
  }

  /** The names of what points at the rows in open windows. */
  #rowsInWindows(): string[] {
    return this.#open.flatMap(({ input, rows }) => rows.map((offset) => `window:${input} ${offset}`));
  }

  #closeWindows(): void {
    this.#pointers.pop();
    this.#open = [];
  }

  /** Puts what comes first of a row where the row that goes has been read for the last time. */
  #keepInWindows(): void {
    for (const { input, rows, first } of this.#open) {
      const value = get(this.#value(first));
      const row = get(this.#pointer(`window:${input} ${rows[0]}`));
      this.emit(`(v128.store offset=${this.#bytes * this.#place(0)} ${row} ${value})`);
    }
  }

  #windowOf(input: string): Window | undefined {
    return this.#open.find((window) => window.input === input);
  }

  /** Where the row is read that is `offset` from the current one. */
  #rowOf(input: string, offset = 0): string {
    return this.#windowOf(input) ? `window:${input} ${offset}` : `input:${input}`;
  }

  #isInWindow(node: Expr & { kind: 'neighbour' }): boolean {
    const window = this.#windowOf(node.input.name);
    return window !== undefined && node.along === window.first.along && node.offset < window.first.offset;
  }

  /** Where the array stands at the current position, but for the dimension that is gathered along. */
  #gatherBase(array: string, along: number): string {
    const current = this.#pointer(array);
    const isLane = along === this.#lane;
    if (isLane && this.#inLanes()) {
      return this.#set(
        'i32',
        `(i32.sub ${get(current)} (i32.mul ${get(this.#lanePosition)} ${this.#stride(array, along)}))`,
      );
    }
    const position = this.#positions.get(along);
    if (position === undefined) return current;
    return this.#set(
      'i32',
      `(i32.sub ${get(current)} (i32.mul ${get(position)} ${this.#stride(array, along)}))`,
    );
  }
}
