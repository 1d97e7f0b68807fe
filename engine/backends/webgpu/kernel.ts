/**
 * One kernel as WGSL. Three schedules, chosen by the caller:
 *
 *   invocation   an invocation for each row. Neighbouring invocations have neighbouring rows, so that they read memory
 *                side by side where the last dimension is one of the rows' own; right too where rows are short.
 *   workgroup    a workgroup for each row, its invocations side by side along it; reductions meet in workgroup memory.
 *   parts        either of them, each row cut into parts of its inner dimensions, for few and long rows: the parts'
 *                reductions are put down and merged by a kernel of their own (`mergeText`).
 *
 * Sums: an invocation adds at most 64 numbers before it adds that to what it has, and workgroups add in a tree. What
 * is summed across rows each invocation leaves in memory at its end, and `mergeText` adds it up: no atomics, the same
 * result in every run, and no barrier (which software adapters take long to compile) but where a row is shared.
 *
 * The text depends on the structure alone. Sizes, strides and numbers are words of a uniform block, so that one
 * pipeline serves all shapes.
 */
import type { Dims, Expr, Reduce, Reduction } from '../../language/expression.ts';
import { isTruth, operations } from '../../language/operations.ts';
import { computed, type Loop, rootOf, type Store } from '../../language/passes.ts';
import { functionsFor } from './math.ts';

/** What a kernel of this backend does with its rows. */
export interface Rows {
  readonly outer: Dims;
  readonly inner: Dims;
  /** Their tasks are stores, and reductions to one number. */
  readonly loops: readonly Loop[];
  readonly rowTasks: Loop['tasks'];
  /** Reductions of the row (the last loop's, where the row is cut into parts) that later kernels read. */
  readonly saves: readonly Reduce[];
  readonly schedule: 'invocation' | 'workgroup';
  /** Invocations in a workgroup: a power of two. */
  readonly invocations: number;
  readonly inParts: boolean;
}

/** What stands in one word of the uniform block. */
export type Word =
  | { readonly kind: 'rows' }
  /** Positions of a row, and of a part of it. */
  | { readonly kind: 'inner' }
  | { readonly kind: 'part' }
  | { readonly kind: 'parts' }
  | { readonly kind: 'size'; readonly dim: number }
  | { readonly kind: 'stride'; readonly array: string; readonly dim: number }
  /** Where in `scratch` what a reduction left begins, and the shares. */
  | { readonly kind: 'base'; readonly node: Reduce }
  | { readonly kind: 'shares' }
  /** A float32, known before the run begins. */
  | { readonly kind: 'number'; readonly node: Expr };

export interface KernelText {
  readonly text: string;
  readonly words: readonly Word[];
  /** The buffers in the order of their bindings, the uniform block before them. */
  readonly bindings: readonly string[];
  /** Reductions to one number: every invocation leaves its share of each, one reduction's shares after the other's. */
  readonly totals: readonly Reduce[];
}

export interface KernelContext {
  /** Elements to step along each dimension: of `input:x`, `gradient:x`, `elements`. */
  strides(array: string): readonly number[];
}

/**
 * The buffer in which kernels leave things for each other: what they reduced (numbers, then arrays over the dimensions
 * that are kept), then the shares of what is still to be merged.
 */
export const scratch = 'scratch';

/** Invocations that merge the shares of one result. */
const merging = 256;

/** An invocation's sum is folded after this many; a power of two. */
const fold = 64;

const dimsOf = (mask: Dims): number[] =>
  Array.from({ length: 32 - Math.clz32(mask) }, (_, d) => d).filter((d) => mask & (1 << d));

/** What a reduction of finite numbers starts from. */
const identity: Readonly<Record<Reduction, string>> = {
  sum: '0f',
  max: '-3.4028234663852886e38f',
  min: '3.4028234663852886e38f',
};

const combine: Readonly<Record<Reduction, (a: string, b: string) => string>> = {
  sum: (a, b) => `${a} + ${b}`,
  max: (a, b) => `larger(${a}, ${b})`,
  min: (a, b) => `smaller(${a}, ${b})`,
};

const header = (bindings: readonly string[], words: number): string =>
  [
    `@group(0) @binding(0) var<uniform> words: array<vec4u, ${Math.max(1, Math.ceil(words / 4))}>;`,
    ...bindings.map((name, i) => {
      const access = name.startsWith('input:') ? 'read' : 'read_write';
      return `@group(0) @binding(${i + 1}) var<storage, ${access}> ${variable(i)}: array<f32>;`;
    }),
  ].join('\n');

const variable = (binding: number): string => `array${binding}`;
const word = (i: number): string => `words[${i >> 2}].${'xyzw'[i & 3]}`;

const entry = (invocations: number): string => `@compute @workgroup_size(${invocations})
fn main(
  @builtin(local_invocation_index) own: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {`;

/** One number out of a workgroup's invocations: all of them must call it, and all get the result. */
const acrossWorkgroup = (reduction: Reduction, invocations: number): string => `
fn ${reduction}OfWorkgroup(own: u32, value: f32) -> f32 {
  lanes[own] = value;
  workgroupBarrier();
  for (var step = ${invocations / 2}u; step > 0u; step /= 2u) {
    if (own < step) { lanes[own] = ${combine[reduction]('lanes[own]', 'lanes[own + step]')}; }
    workgroupBarrier();
  }
  let result = lanes[0];
  workgroupBarrier();
  return result;
}`;

const workgroupFunctions = (reductions: Iterable<Reduction>, invocations: number): string => {
  const texts = [...reductions].map((reduction) => acrossWorkgroup(reduction, invocations));
  return texts.length === 0 ? '' : [`var<workgroup> lanes: array<f32, ${invocations}>;`, ...texts].join('\n');
};

/** What a merge is told: how many results, each of how many shares, and where in `scratch` they and it lie. */
export interface Merge {
  readonly results: number;
  readonly shares: number;
  readonly from: number;
  /** From a share to the next one of its result, and from a result's first to the next one's. */
  readonly step: number;
  readonly stride: number;
  readonly to: number;
}

export const mergeWords = ({ results, shares, from, step, stride, to }: Merge): number[] => [
  results,
  shares,
  from,
  step,
  stride,
  to,
];

/** The kernel that merges shares; its words are `mergeWords`, its one buffer `scratch`. */
export function mergeText(reduction: Reduction): string {
  const [results, shares, from, step, stride, to] = mergeWords({
    results: 0,
    shares: 1,
    from: 2,
    step: 3,
    stride: 4,
    to: 5,
  }).map(word);
  const memory = variable(0);
  const share = `${memory}[${from} + i * ${step} + result * ${stride}]`;
  const text = [
    header([scratch], 6),
    workgroupFunctions([reduction], merging),
    entry(merging),
    `for (var result = group.x; result < ${results}; result += groups.x) {`,
    `var merged = ${identity[reduction]};`,
    `for (var i = own; i < ${shares}; i += ${merging}u) {`,
    `merged = ${combine[reduction]('merged', share)};`,
    '}',
    `merged = ${reduction}OfWorkgroup(own, merged);`,
    `if (own == 0u) { ${memory}[${to} + result] = merged; }`,
    '}',
    '}',
  ].join('\n');
  return `${text}\n${functionsFor(text)}`;
}

export function kernelText(rows: Rows, context: KernelContext): KernelText {
  return new Writer(rows, context).write();
}

/** A sum in two steps, so that its error does not grow with how many numbers it has. */
interface Sum {
  readonly recent: string;
  readonly total: string;
}

class Writer {
  readonly #rows: Rows;
  readonly #context: KernelContext;
  readonly #words: Word[] = [];
  readonly #wordKeys: string[] = [];
  readonly #bindings: string[] = [];
  readonly #totals = new Map<Reduce, string>();
  readonly #acrossWorkgroup = new Set<Reduction>();
  readonly #prologue: string[] = [];
  #lines: string[] = [];
  #next = 0;
  /** Variables that hold nodes' values and arrays' offsets: the kernel's, the row's, the position's. */
  #scopes: Map<Expr | string, string>[] = [new Map()];
  readonly #positions = new Map<number, string>();

  constructor(rows: Rows, context: KernelContext) {
    this.#rows = rows;
    this.#context = context;
  }

  write(): KernelText {
    const { outer, inner, loops, rowTasks, saves, schedule, invocations, inParts } = this.#rows;
    for (const task of [...loops.flatMap((loop) => loop.tasks), ...rowTasks]) {
      if (task.kind === 'accumulate') this.#totals.set(task.node, this.#name());
    }
    const alone = schedule === 'invocation';
    const count = inParts
      ? `${this.#word({ kind: 'rows' })} * ${this.#word({ kind: 'parts' })}`
      : this.#word({ kind: 'rows' });
    const body = this.#captured(() => {
      if (inParts) {
        this.#emit(`let row = item % ${this.#word({ kind: 'rows' })};`);
        this.#emit(`let part = item / ${this.#word({ kind: 'rows' })};`);
      } else this.#emit('let row = item;');
      this.#decode('row', dimsOf(outer));
      this.#scopes.push(new Map());
      for (const loop of loops) this.#loop(loop, dimsOf(inner));
      this.#afterLoops(saves);
      this.#scopes.pop();
    });
    const first = alone ? `group.x * ${invocations}u + own` : 'group.x';
    const step = alone ? `groups.x * ${invocations}u` : 'groups.x';
    const totals = this.#captured(() => this.#leaveTotals());
    const text = [
      header(this.#bindings, this.#words.length),
      workgroupFunctions(this.#acrossWorkgroup, invocations),
      entry(invocations),
      ...this.#prologue,
      ...[...this.#totals].map(([node, name]) => `var ${name} = ${identity[node.reduction]};`),
      `for (var item = ${first}; item < ${count}; item += ${step}) {`,
      ...body,
      '}',
      ...totals,
      '}',
    ].join('\n');
    return {
      text: `${text}\n${functionsFor(text)}`,
      words: this.#words,
      bindings: this.#bindings,
      totals: [...this.#totals.keys()],
    };
  }

  // Text

  #emit(line: string): void {
    this.#lines.push(line);
  }

  #captured(write: () => void): string[] {
    const outside = this.#lines;
    this.#lines = [];
    write();
    const lines = this.#lines;
    this.#lines = outside;
    return lines;
  }

  #name(): string {
    return `v${this.#next++}`;
  }

  #let(value: string): string {
    const name = this.#name();
    this.#emit(`let ${name} = ${value};`);
    return name;
  }

  #var(value: string): string {
    const name = this.#name();
    this.#emit(`var ${name} = ${value};`);
    return name;
  }

  #word(of: Word): string {
    const key = Object.values(of)
      .map((part) => (typeof part === 'object' ? this.#identify(part) : part))
      .join(' ');
    let i = this.#wordKeys.indexOf(key);
    if (i < 0) {
      i = this.#words.push(of) - 1;
      this.#wordKeys.push(key);
    }
    return word(i);
  }

  readonly #identities = new Map<Expr, number>();

  #identify(node: Expr): number {
    const known = this.#identities.get(node) ?? this.#identities.size;
    this.#identities.set(node, known);
    return known;
  }

  #array(name: string): string {
    let i = this.#bindings.indexOf(name);
    if (i < 0) i = this.#bindings.push(name) - 1;
    return variable(i);
  }

  // Structure

  /** Where a flat position is along each dimension, the last one fastest. */
  #decode(flat: string, dims: readonly number[]): void {
    let rest = flat;
    for (const [i, d] of [...dims].reverse().entries()) {
      if (i === dims.length - 1) {
        this.#positions.set(d, rest);
        return;
      }
      const size = this.#word({ kind: 'size', dim: d });
      this.#positions.set(d, this.#let(`${rest} % ${size}`));
      rest = this.#let(`${rest} / ${size}`);
    }
  }

  /** One pass over (a part of) the row. */
  #loop(loop: Loop, inner: readonly number[]): void {
    const alone = this.#rows.schedule === 'invocation';
    for (const node of loop.nodes) if ((node.dims & this.#rows.inner) === 0) this.#value(node);

    const sums = new Map<Reduce, Sum>();
    const extremes = new Map<Reduce, string>();
    for (const node of loop.reductions) {
      if (node.reduction === 'sum') sums.set(node, { recent: this.#var('0f'), total: this.#var('0f') });
      else extremes.set(node, this.#var(identity[node.reduction]));
    }
    let begin = '0u';
    let end = this.#word({ kind: 'inner' });
    if (this.#rows.inParts) {
      begin = this.#let(`part * ${this.#word({ kind: 'part' })}`);
      end = this.#let(`min(${begin} + ${this.#word({ kind: 'part' })}, ${end})`);
    }
    const i = this.#name();
    const turn = this.#var('0u');
    const first = alone ? begin : `${begin} + own`;
    this.#emit(`for (var ${i} = ${first}; ${i} < ${end}; ${i} += ${alone ? 1 : this.#rows.invocations}u) {`);
    this.#decode(i, inner);
    this.#scopes.push(new Map());
    for (const node of loop.reductions) {
      const value = this.#value(node.arg);
      const name = sums.get(node)?.recent ?? extremes.get(node)!;
      this.#emit(`${name} = ${combine[node.reduction](name, value)};`);
    }
    for (const task of loop.tasks) this.#task(task);
    if (sums.size > 0) {
      this.#emit(`${turn} += 1u;`);
      this.#emit(`if (${turn} == ${fold}u) {`);
      this.#emit(`${turn} = 0u;`);
      for (const { recent, total } of sums.values()) {
        this.#emit(`${total} += ${recent};`);
        this.#emit(`${recent} = 0f;`);
      }
      this.#emit('}');
    }
    this.#scopes.pop();
    this.#emit('}');
    for (const d of inner) this.#positions.delete(d);
    for (const node of loop.reductions) {
      const sum = sums.get(node);
      const own = sum ? `${sum.total} + ${sum.recent}` : extremes.get(node)!;
      this.#scopes.at(-1)!.set(node, this.#let(alone ? own : this.#ofWorkgroup(node.reduction, own)));
    }
  }

  #ofWorkgroup(reduction: Reduction, value: string): string {
    this.#acrossWorkgroup.add(reduction);
    return `${reduction}OfWorkgroup(own, ${value})`;
  }

  /** What is done once a row. */
  #afterLoops(saves: readonly Reduce[]): void {
    const { rowTasks, schedule, inParts } = this.#rows;
    if (rowTasks.length === 0 && saves.length === 0) return;
    if (schedule === 'workgroup') this.#emit('if (own == 0u) {');
    this.#scopes.push(new Map());
    for (const task of rowTasks) this.#task(task);
    for (const [k, node] of saves.entries()) {
      const value = this.#value(node);
      if (inParts) {
        const before = `${k}u * ${this.#word({ kind: 'rows' })} * ${this.#word({ kind: 'parts' })}`;
        this.#emit(
          `${this.#array(scratch)}[${this.#word({ kind: 'shares' })} + ${before} + item] = ${value};`,
        );
      } else {
        const at = `${this.#word({ kind: 'base', node })} + ${this.#compact(node.dims)}`;
        this.#emit(`${this.#array(scratch)}[${at}] = ${value};`);
      }
    }
    this.#scopes.pop();
    if (schedule === 'workgroup') this.#emit('}');
  }

  #task(task: Store | Loop['tasks'][number]): void {
    const value = this.#value(rootOf(task));
    if (task.kind === 'store') {
      const array = this.#array(task.output);
      this.#emit(`${array}[${this.#offset(task.output, task.dims)}] = ${value};`);
      return;
    }
    const total = this.#totals.get(task.node)!;
    this.#emit(`${total} = ${combine[task.node.reduction](total, value)};`);
  }

  /** Each invocation's share of what is reduced across all rows. */
  #leaveTotals(): void {
    const { invocations } = this.#rows;
    for (const [k, name] of [...this.#totals.values()].entries()) {
      const at = `(${k}u * groups.x + group.x) * ${invocations}u + own`;
      this.#emit(`${this.#array(scratch)}[${this.#word({ kind: 'shares' })} + ${at}] = ${name};`);
    }
  }

  // Values

  #value(node: Expr): string {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const known = this.#scopes[i]!.get(node);
      if (known) return known;
    }
    if (node.dims === 0) return this.#number(node);
    const name = this.#let(this.#compute(node));
    this.#scopes.at(-1)!.set(node, name);
    return name;
  }

  #compute(node: Expr): string {
    switch (node.kind) {
      case 'input':
        return this.#load(`input:${node.name}`, this.#offset(`input:${node.name}`, node.dims));
      case 'index':
        return `f32(${this.#positions.get(31 - Math.clz32(node.dims))!})`;
      case 'gather': {
        const array = `input:${node.input.name}`;
        const at = this.#value(node.at);
        const along = this.#scaled(array, 31 - Math.clz32(node.along), `u32(${at})`);
        return this.#load(array, `${this.#offset(array, node.input.dims & ~node.along)} + ${along}`);
      }
      case 'neighbour': {
        // At the ends it stays where it is: what it finds there is never used.
        const array = `input:${node.input.name}`;
        const dim = 31 - Math.clz32(node.along);
        const size = this.#word({ kind: 'size', dim });
        const here = this.#positions.get(dim)!;
        const there = this.#let(`u32(i32(${here}) + (${node.offset}))`);
        const position = this.#let(`select(${here}, ${there}, ${there} < ${size})`);
        const along = this.#scaled(array, dim, position);
        return this.#load(array, `${this.#offset(array, node.input.dims & ~node.along)} + ${along}`);
      }
      case 'reduce':
        return this.#load(scratch, `${this.#word({ kind: 'base', node })} + ${this.#compact(node.dims)}`);
      case 'apply':
        return operations[node.operation].wgsl!(...node.args.map((arg) => this.#value(arg)));
      default:
        throw new Error(`a kernel holds no '${node.kind}' with dimensions`);
    }
  }

  #load(array: string, offset: string): string {
    return `${this.#array(array)}[${offset}]`;
  }

  /** Where an array stands, over some of its dimensions; those of the rows are added up once a row. */
  #offset(array: string, dims: Dims): string {
    const strides = this.#context.strides(array);
    const present = dimsOf(dims).filter((d) => strides[d] !== 0);
    const sum = (of: readonly number[], base: string): string => {
      const terms = of.map((d) => this.#scaled(array, d, this.#positions.get(d)!));
      return [...(base ? [base] : []), ...terms].join(' + ') || '0u';
    };
    const isInner = (d: number): boolean => (this.#rows.inner & (1 << d)) !== 0;
    return sum(
      present.filter(isInner),
      sum(
        present.filter((d) => !isInner(d)),
        '',
      ),
    );
  }

  #scaled(array: string, dim: number, position: string): string {
    if (this.#context.strides(array)[dim] === 1) return position;
    return `${position} * ${this.#word({ kind: 'stride', array, dim })}`;
  }

  /** The flat position in a row-major array over these dimensions. */
  #compact(dims: Dims): string {
    return dimsOf(dims).reduce((flat, d) => {
      const position = this.#positions.get(d)!;
      return flat === '' ? position : `(${flat}) * ${this.#word({ kind: 'size', dim: d })} + ${position}`;
    }, '');
  }

  /** A number without dimensions: written out, a word of the block, or computed from what earlier kernels reduced. */
  #number(node: Expr): string {
    if (node.kind === 'constant' && Number.isFinite(Math.fround(node.value))) {
      return literal(node.value);
    }
    const outside = this.#lines;
    this.#lines = this.#prologue;
    const value = this.#let(this.#numberText(node));
    this.#lines = outside;
    this.#scopes[0]!.set(node, value);
    return value;
  }

  #numberText(node: Expr): string {
    if (!readsReductions(node)) {
      const value = `bitcast<f32>(${this.#word({ kind: 'number', node })})`;
      return isTruth(node) ? `${value} != 0f` : value;
    }
    if (node.kind === 'reduce') return this.#load(scratch, this.#word({ kind: 'base', node }));
    if (node.kind === 'apply') {
      return operations[node.operation].wgsl!(...node.args.map((arg) => this.#value(arg)));
    }
    throw new Error(`'${node.kind}' is no number`);
  }
}

/** Whether a number is known only after an earlier kernel. */
function readsReductions(node: Expr): boolean {
  if (node.kind === 'reduce') return true;
  return node.kind === 'apply' && node.args.some(readsReductions);
}

/** A float32 as WGSL writes it. */
function literal(value: number): string {
  const text = `${Math.fround(value)}f`;
  return text.startsWith('-') ? `(${text})` : text;
}

/** The reductions that these roots read out of memory. */
export function reductionsRead(roots: readonly Expr[]): Reduce[] {
  return computed(roots, () => false).filter((node): node is Reduce => node.kind === 'reduce');
}
