/**
 * Cuts a problem's graph at its reductions into kernels: nests of loops that read the data once each where they can.
 *
 * A kernel runs over rows (its outer dimensions, which threads divide among themselves) and may loop several times
 * over the inner dimensions of each row: once for the largest logit, once for the sum of exponentials, once for the
 * gradient. What removes the outer dimensions too (a sum over everything, a gradient by a class weight) is
 * accumulated across rows and is known when the kernel has ended. Numbers without dimensions belong to no kernel: the
 * host computes them in between.
 *
 * Nothing here knows of lanes, memory or a backend's text.
 */
import {
  constant,
  type Dims,
  type Expr,
  type Extent,
  extent,
  type Gather,
  type Input,
  operands,
  type Reduce,
  topological,
} from './expression.ts';
import { operations } from './operations.ts';
import { countOf } from './space.ts';

/** The result of an expression put into memory, at every position of `dims`. */
export interface Store {
  readonly kind: 'store';
  readonly node: Expr;
  readonly dims: Dims;
  /** `elements`, or `gradient:` and an input's name. */
  readonly output: string;
}

/** A reduction across rows: a number, or one at every position of the dimensions that it keeps. */
export interface Accumulate {
  readonly kind: 'accumulate';
  readonly node: Reduce;
  readonly dims: Dims;
}

export type Task = Store | Accumulate;

/** One pass over the inner dimensions of a row. */
export interface Loop {
  /** Reductions of the inner dimensions, known to the row when the loop has ended. */
  readonly reductions: readonly Reduce[];
  readonly tasks: readonly Task[];
  /** What the loop computes or reads, operands first, back to what earlier loops have reduced. */
  readonly nodes: readonly Expr[];
}

export interface Kernel {
  readonly outer: Dims;
  readonly inner: Dims;
  readonly loops: readonly Loop[];
  /** Once a row, when the loops have ended (for a kernel without inner dimensions: at every position). */
  readonly rowTasks: readonly Task[];
  /**
   * An expensive value of an early loop that a later one needs again: kept where the later loop will store `output`,
   * rather than computed twice.
   */
  readonly kept?: { readonly node: Expr; readonly output: string; readonly madeIn: number };
}

export interface Outputs {
  readonly numbers: readonly Expr[];
  readonly stores: readonly Store[];
}

/**
 * Kernels in the order in which they run; each may read what the earlier ones accumulated. Not `fused`, no row has an
 * inside: every reduction is accumulated, by a kernel of its own where it keeps dimensions that others do not.
 */
export function passes({ numbers, stores }: Outputs, { fused = true } = {}): Kernel[] {
  const nodes = topological([...numbers, ...stores.map((store) => store.node)]);
  const inner = fused ? innerDims(nodes) : 0;
  return cut(nodes, stores, inner) ?? cut(nodes, stores, 0)!;
}

/** `undefined` where a task lies along a part of `inner` and needs what is reduced over the whole of it. */
function cut(nodes: readonly Expr[], stores: readonly Store[], inner: Dims): Kernel[] | undefined {
  const isInner = (node: Expr): node is Reduce =>
    node.kind === 'reduce' && node.dims !== 0 && node.over === inner;

  /** In which kernel, at the earliest, a node's value can be had: accumulated values only in the next one. */
  const phase = new Map<Expr, number>();
  for (const node of nodes) {
    const before = Math.max(0, ...operands(node).map((operand) => phase.get(operand)!));
    phase.set(node, node.kind === 'reduce' && !isInner(node) ? before + 1 : before);
  }

  const stored = stores.filter(({ node }) => node.dims !== 0);
  const last = Math.max(0, ...stored.map(({ node }) => phase.get(node)!));
  const accumulated = nodes.filter((node): node is Reduce => node.kind === 'reduce' && !isInner(node));
  /** Sums that no later kernel reads wait for the last one, which reads the same data anyway. */
  const due = (node: Reduce): number => {
    const earliest = phase.get(node)! - 1;
    const readers = nodes.filter((reader) => phase.get(reader)! > earliest && reaches(reader, node));
    const needed = readers.some(
      (reader) =>
        stored.some((store) => store.node === reader) ||
        accumulated.some((other) => other.arg === reader && other !== node),
    );
    return needed ? earliest : Math.max(earliest, last);
  };
  const tasks: { task: Task; phase: number }[] = [
    ...accumulated.map((node) => ({
      task: { kind: 'accumulate', node, dims: node.arg.dims } as const,
      phase: due(node),
    })),
    ...stored.map((task) => ({ task, phase: phase.get(task.node)! })),
  ];

  const kernels: Kernel[] = [];
  for (const step of [...new Set(tasks.map((task) => task.phase))].sort((a, b) => a - b)) {
    const groups = new Map<Dims, Task[]>();
    for (const { task, phase } of tasks) {
      if (phase !== step) continue;
      const outer = task.dims & ~inner;
      groups.set(outer, [...(groups.get(outer) ?? []), task]);
    }
    for (const [outer, group] of groups) {
      const isPartial = ({ dims }: Task): boolean => (dims & inner) !== 0 && (dims & inner) !== inner;
      const partial = group.filter(isPartial);
      if (computed(partial.map(rootOf), isInner).some(isInner)) return undefined;
      kernels.push(...flatKernels(partial));
      const others = group.filter((task) => !isPartial(task));
      if (others.length > 0) kernels.push(...kernelsOf(outer, inner, others, isInner));
    }
  }
  return kernels;
}

/** Kernels whose rows have no inside: one for each set of dimensions. */
function flatKernels(tasks: readonly Task[]): Kernel[] {
  const byDims = new Map<Dims, Task[]>();
  for (const task of tasks) byDims.set(task.dims, [...(byDims.get(task.dims) ?? []), task]);
  return [...byDims].map(([dims, own]) => ({ outer: dims, inner: 0, loops: [], rowTasks: own }));
}

/** The dimensions that loops run over inside a row: those that the first reduction with something left removes. */
function innerDims(nodes: readonly Expr[]): Dims {
  const first = nodes.find((node): node is Reduce => node.kind === 'reduce' && node.dims !== 0);
  return first?.over ?? 0;
}

function reaches(from: Expr, to: Expr): boolean {
  return topological([from]).includes(to);
}

/** What a task stores or reduces. */
export const rootOf = (task: Task): Expr => (task.kind === 'store' ? task.node : task.node.arg);

/** What a kernel must compute for some roots, operands first: up to numbers and to what earlier kernels accumulated. */
export function computed(roots: readonly Expr[], isInner: (node: Expr) => boolean): Expr[] {
  const order: Expr[] = [];
  const seen = new Set<Expr>();
  const visit = (node: Expr): void => {
    if (seen.has(node) || node.dims === 0) return;
    seen.add(node);
    if (node.kind === 'gather') visit(node.at);
    else if (node.kind !== 'neighbour' && (node.kind !== 'reduce' || isInner(node))) {
      for (const operand of operands(node)) visit(operand);
    }
    order.push(node);
  };
  for (const root of roots) visit(root);
  return order;
}

function kernelsOf(
  outer: Dims,
  inner: Dims,
  tasks: readonly Task[],
  isInner: (node: Expr) => node is Reduce,
): Kernel[] {
  const needed = computed(tasks.map(rootOf), isInner);
  const reductions = needed.filter(isInner);
  if (reductions.length === 0) return flatKernels(tasks);

  const stage = new Map<Expr, number>();
  for (const node of needed) {
    const before = Math.max(0, ...operands(node).map((operand) => stage.get(operand) ?? 0));
    stage.set(node, isInner(node) ? before + 1 : before);
  }
  const inside = tasks.filter((task) => (task.dims & inner) !== 0);
  const count =
    1 +
    Math.max(
      ...reductions.map((node) => stage.get(node.arg) ?? 0),
      ...inside.map((task) => stage.get(rootOf(task)) ?? 0),
    );
  const loops = Array.from({ length: count }, (_, s): Loop => {
    const own = reductions.filter((node) => (stage.get(node.arg) ?? 0) === s);
    const ownTasks = inside.filter((task) => (stage.get(rootOf(task)) ?? 0) === s);
    const roots = [...own.map((node) => node.arg), ...ownTasks.map(rootOf)];
    return { reductions: own, tasks: ownTasks, nodes: computed(roots, () => false) };
  });
  const rowTasks = tasks.filter((task) => (task.dims & inner) === 0);
  const kept = keep(loops, outer | inner, inner);
  return [{ outer, inner, loops, rowTasks, ...(kept && { kept }) }];
}

/** The first expensive value that a loop computes and the last loop, which stores over the same positions, needs again. */
function keep(loops: readonly Loop[], dims: Dims, inner: Dims): Kernel['kept'] {
  const final = loops.at(-1)!;
  const store = final.tasks.find(
    (task): task is Store =>
      task.kind === 'store' && task.dims === dims && task.output.startsWith('gradient:'),
  );
  if (!store || loops.length < 2) return undefined;
  for (const [madeIn, loop] of loops.slice(0, -1).entries()) {
    const node = loop.nodes.find(
      (candidate) =>
        candidate.kind === 'apply' &&
        operations[candidate.operation].expensive === true &&
        candidate.dims === dims &&
        (candidate.dims & inner) !== 0 &&
        final.nodes.includes(candidate),
    );
    if (node) return { node, output: store.output, madeIn };
  }
  return undefined;
}

/** A problem's dimensions with the ones of size 1 left out and neighbours that are always treated alike made one. */
export interface Coalesced {
  readonly sizes: readonly number[];
  /** For each of the new dimensions, the old ones that it is made of. */
  readonly groups: readonly (readonly number[])[];
  rewrite(node: Expr): Expr;
}

/**
 * Elementwise losses of any rank become one long loop, [N, H, W] around a class axis two dimensions.
 * `strides`: of every array that is read or stored, over the old dimensions.
 */
export function coalesce(
  sizes: readonly number[],
  roots: readonly Expr[],
  strides: readonly (readonly number[])[],
): Coalesced {
  const masks = new Set<Dims>();
  const alone = new Set<number>();
  for (const node of topological(roots)) {
    masks.add(node.dims);
    if (node.kind === 'reduce') masks.add(node.over);
    if (node.kind === 'index') alone.add(31 - Math.clz32(node.dims));
    if (node.kind === 'gather' || node.kind === 'neighbour') alone.add(31 - Math.clz32(node.along));
  }
  const groups: number[][] = [];
  for (let d = 0; d < sizes.length; d++) {
    if (sizes[d] === 1) continue;
    const group = groups.at(-1);
    const previous = group?.at(-1);
    const joins =
      previous !== undefined &&
      !alone.has(d) &&
      !alone.has(previous) &&
      [...masks].every((mask) => ((mask >> d) & 1) === ((mask >> previous) & 1)) &&
      strides.every((stride) => stride[previous] === stride[d]! * sizes[d]!);
    if (joins) group!.push(d);
    else groups.push([d]);
  }
  const remap = (mask: Dims): Dims =>
    groups.reduce((result, group, g) => (mask & (1 << group[0]!) ? result | (1 << g) : result), 0);

  /** An extent of a part of what was joined is only known as a number. */
  const extentOf = (of: Dims): Expr =>
    groups.some((group) => group.some((d) => ((of >> d) & 1) !== ((of >> group[0]!) & 1)))
      ? constant(countOf(of, sizes))
      : extent(remap(of));

  const done = new Map<Expr, Expr>();
  const rewrite = (node: Expr): Expr => {
    const known = done.get(node);
    if (known) return known;
    const result = node.kind === 'extent' ? extentOf(node.of) : withDims(node, remap, rewrite);
    done.set(node, result);
    return result;
  };
  return {
    sizes: groups.map((group) => group.reduce((product, d) => product * sizes[d]!, 1)),
    groups,
    rewrite,
  };
}

function withDims(
  node: Exclude<Expr, Extent>,
  remap: (mask: Dims) => Dims,
  rewrite: (node: Expr) => Expr,
): Expr {
  const dims = remap(node.dims);
  switch (node.kind) {
    case 'constant':
    case 'uniform':
      return node;
    case 'input':
      return { ...node, dims };
    case 'index':
      // Along a dimension of size 1 the only position is 0.
      return dims === 0 ? { kind: 'constant', value: 0, dims: 0 } : { ...node, dims };
    case 'gather': {
      const input = rewrite(node.input) as Input;
      const along = remap(node.along);
      return along === 0 ? input : ({ ...node, input, along, at: rewrite(node.at), dims } satisfies Gather);
    }
    case 'neighbour': {
      // A dimension of size 1 has no neighbours.
      const along = remap(node.along);
      return along === 0
        ? { kind: 'constant', value: 0, dims: 0 }
        : { ...node, input: rewrite(node.input) as Input, along, dims };
    }
    case 'apply':
      return { ...node, args: node.args.map(rewrite), dims };
    case 'reduce': {
      const over = remap(node.over);
      return over === 0 ? rewrite(node.arg) : { ...node, arg: rewrite(node.arg), over, dims };
    }
    case 'withGradient':
      return rewrite(node.value);
  }
}
