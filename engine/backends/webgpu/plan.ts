/** Which kernels of WGSL a problem's passes become, on which schedule, and what lies where. */
import type { Expr, Reduce } from '../../language/expression.ts';
import {
  type Accumulate,
  computed,
  type Kernel,
  type Loop,
  passes,
  rootOf,
  type Task,
} from '../../language/passes.ts';
import { countOf } from '../../language/space.ts';
import type { Lowered } from '../lower.ts';
import { kernelText, type Rows } from './kernel/kernel.ts';
import { type Merge, mergeText, mergeWords } from './kernel/merge.ts';
import { scratch } from './kernel/pieces.ts';
import type { Word } from './kernel/text.ts';
import type { Dispatch } from './work.ts';

export interface NumberedDispatch extends Dispatch {
  /** The uniform block; numbers come with each run. */
  readonly words: readonly (number | Expr)[];
}

export interface Plan {
  readonly dispatches: readonly NumberedDispatch[];
  /** Reductions to one number, which lie at the start of `scratch`, in this order. */
  readonly totals: readonly Reduce[];
  /** How many float32 there are in `scratch`. */
  readonly scratchLength: number;
}

/** Invocations that keep a GPU busy. */
const enough = 2 ** 16;
const mostGroups = 1024;
/** From how many shares on a number is merged in two steps. */
const manyShares = 4096;
/** From how many positions on a row has a workgroup to itself. */
const longRow = 64;
/** Rows as long as this are cut into parts when there are too few of them. */
const veryLongRow = 4096;

const lastOf = (mask: number): number => 31 - Math.clz32(mask);

export function plan(lowered: Lowered): Plan {
  const fused = passes(lowered.outputs);
  const idles = fused.some(({ outer, inner }) => {
    const length = countOf(inner, lowered.sizes);
    return length >= veryLongRow && countOf(outer, lowered.sizes) * Math.min(length, 256) < enough / 4;
  });
  return new Planner(lowered, idles ? passes(lowered.outputs, { fused: false }) : fused).plan();
}

const mergeTexts = { sum: mergeText('sum'), max: mergeText('max'), min: mergeText('min') };

function accumulations({ loops, rowTasks }: Kernel): Accumulate[] {
  return [...loops.flatMap((loop) => loop.tasks), ...rowTasks].filter((task) => task.kind === 'accumulate');
}

function loopOf(reductions: readonly Reduce[], tasks: readonly Task[]): Loop {
  const roots = [...reductions.map((node) => node.arg), ...tasks.map(rootOf)];
  return { reductions, tasks, nodes: computed(roots, () => false) };
}

/** The reductions that these roots read out of memory. */
function reductionsRead(roots: readonly Expr[]): Reduce[] {
  return computed(roots, () => false).filter((node): node is Reduce => node.kind === 'reduce');
}

class Planner {
  readonly #lowered: Lowered;
  readonly #kernels: readonly Kernel[];
  readonly #dispatches: NumberedDispatch[] = [];
  readonly #totals: Reduce[] = [];
  readonly #bases = new Map<Reduce, number>();
  #scratchLength = 0;

  constructor(lowered: Lowered, kernels: readonly Kernel[]) {
    this.#lowered = lowered;
    this.#kernels = kernels;
  }

  plan(): Plan {
    for (const kernel of this.#kernels) {
      for (const { node } of accumulations(kernel)) if (node.dims === 0) this.#totals.push(this.#leave(node));
    }
    for (const kernel of this.#kernels) this.#kernel(kernel);
    return {
      dispatches: this.#dispatches,
      totals: this.#totals,
      scratchLength: this.#scratchLength,
    };
  }

  #count(dims: number): number {
    return countOf(dims, this.#lowered.sizes);
  }

  /** Gives a reduction its place in memory. */
  #leave(node: Reduce): Reduce {
    if (!this.#bases.has(node)) {
      this.#bases.set(node, this.#reserve(this.#count(node.dims)));
    }
    return node;
  }

  #reserve(length: number): number {
    this.#scratchLength += length;
    return this.#scratchLength - length;
  }

  #kernel(kernel: Kernel): void {
    const kept = accumulations(kernel).filter(({ node }) => node.dims !== 0);
    const stays = (task: Task): boolean => task.kind === 'store' || task.node.dims === 0;
    const own = new Set(kernel.loops.flatMap((loop) => loop.reductions));
    const saves = reductionsRead(kept.map(rootOf)).filter((node) => own.has(node) && !this.#bases.has(node));
    const loops = kernel.loops
      .map(({ reductions, tasks }) => loopOf(reductions, tasks.filter(stays)))
      .filter(({ reductions, tasks }) => reductions.length + tasks.length > 0);
    const rowTasks = kernel.rowTasks.filter(stays);
    if (saves.length + rowTasks.length > 0 || loops.some(({ tasks }) => tasks.length > 0)) {
      for (const node of saves) this.#leave(node);
      this.#dispatch({ outer: kernel.outer, inner: kernel.inner, loops, rowTasks, saves });
    }

    // What keeps dimensions: rows over those, each reduced on its own.
    const groups = Map.groupBy(kept, ({ node }) => `${node.dims} ${node.over}`);
    for (const group of groups.values()) {
      const nodes = group.map(({ node }) => this.#leave(node));
      const { dims, over } = nodes[0]!;
      this.#dispatch(
        { outer: dims, inner: over, loops: [loopOf(nodes, [])], rowTasks: [], saves: nodes },
        true,
      );
    }
  }

  #dispatch(what: Pick<Rows, 'outer' | 'inner' | 'loops' | 'rowTasks' | 'saves'>, mayCut = false): void {
    const rowCount = this.#count(what.outer);
    const length = this.#count(what.inner);
    const together = what.inner !== 0 && lastOf(what.inner) > lastOf(what.outer) && length >= longRow;
    const invocations = together && length < 512 ? 64 : 256;
    const atOnce = rowCount * (together ? Math.min(length, invocations) : 1);
    const mostParts = Math.ceil(length / (together ? 4 * invocations : 64));
    const wanted = mayCut ? Math.max(1, Math.min(Math.floor(enough / atOnce), mostParts)) : 1;
    const part = Math.ceil(length / wanted);
    const parts = Math.ceil(length / part);

    const schedule = together ? 'workgroup' : 'invocation';
    const { text, words, bindings, totals } = kernelText(
      { ...what, schedule, invocations, inParts: parts > 1 },
      { strides: (array) => this.#strides(array) },
    );
    const items = rowCount * parts;
    const groups = Math.min(mostGroups, together ? items : Math.ceil(items / invocations));
    const ofTotal = groups * invocations;
    const ofSave = parts > 1 ? items : 0;
    const shares = this.#reserve(totals.length * ofTotal + what.saves.length * ofSave);
    const numberOf = (word: Word): number | Expr => {
      switch (word.kind) {
        case 'rows':
          return rowCount;
        case 'inner':
          return length;
        case 'part':
          return part;
        case 'parts':
          return parts;
        case 'size':
          return this.#lowered.sizes[word.dim]!;
        case 'stride':
          return this.#strides(word.array)[word.dim]!;
        case 'base':
          return this.#bases.get(word.node)!;
        case 'shares':
          return shares;
        case 'number':
          return word.node;
      }
    };
    this.#dispatches.push({ text, bindings, words: words.map(numberOf), groups });

    for (const [k, node] of totals.entries())
      this.#mergeTotal(node, shares + k * ofTotal, ofTotal, invocations);
    for (const [k, node] of (ofSave > 0 ? what.saves : []).entries()) {
      const from = shares + k * ofSave;
      this.#merge(node, { results: rowCount, shares: parts, from, step: rowCount, stride: 1 });
    }
  }

  /** One number out of many shares: of each workgroup first, then of all. */
  #mergeTotal(node: Reduce, from: number, shares: number, invocations: number): void {
    if (shares < manyShares) {
      this.#merge(node, { results: 1, shares, from, step: 1, stride: 0 });
      return;
    }
    const groups = shares / invocations;
    const to = this.#reserve(groups);
    this.#merge(node, { results: groups, shares: invocations, from, step: 1, stride: invocations, to });
    this.#merge(node, { results: 1, shares: groups, from: to, step: 1, stride: 0 });
  }

  #merge(node: Reduce, what: Omit<Merge, 'to'> & { readonly to?: number }): void {
    this.#dispatches.push({
      text: mergeTexts[node.reduction],
      bindings: [scratch],
      words: mergeWords({ to: this.#bases.get(node)!, ...what }),
      groups: Math.min(mostGroups, what.results),
    });
  }

  #strides(array: string): readonly number[] {
    return array === 'elements'
      ? this.#lowered.elementStrides!
      : this.#lowered.arrays[array.slice(array.indexOf(':') + 1)]!.strides;
  }
}
