/** The part of a problem that one element is made of: the same program over that element's numbers alone. */
import { t } from '@vscode/l10n';
import type { Problem, Uniforms } from '../backends/backend.ts';
import { interpret } from '../backends/reference/interpreter.ts';
import { LossLensError } from '../errors.ts';
import { constant, type Dims, type Expr, type Input, topological } from '../language/expression.ts';
import type { PlacedArray } from '../language/space.ts';
import { countOf } from '../language/space.ts';

/** A position along every dimension of the space; only those that are pinned are looked at. */
export type Position = readonly number[];

/** Numbers that the interpreter computes in a second or two. */
const mostNumbers = 30_000_000;
/** Numbers that are kept for the next element: 80 MB. */
const mostKept = 10_000_000;

/** A value of a program and what it is made of, computed for one position. */
export interface Trace {
  readonly root: Expr;
  readonly sizes: readonly number[];
  /** Of every node under the root, row-major over what dimensions it has left. */
  readonly values: ReadonlyMap<Expr, Float64Array>;
  /** Of a node that reads an input: which, and where the dimensions that are gone have put it. */
  readonly reads: ReadonlyMap<Expr, Read>;
  /** The part of the problem that was computed. */
  readonly problem: Part;
}

export type Part = Pick<Problem, 'sizes' | 'dtype' | 'arrays'>;

export interface TraceOptions {
  /** Rounds at every step, as the kernels do in float32. */
  readonly everyStep?: boolean;
  /** Of the same problem, not rounded at every step. */
  readonly wholes?: Wholes;
}

export interface Read {
  readonly input: string;
  /** Flat offset into the input's own numbers. */
  readonly offset: number;
  /** Elements to step along each dimension that is left. */
  readonly strides: readonly number[];
}

/**
 * What of a problem stands for all elements alike (a mean's denominator, a sum over the batch), kept from one of them to
 * the next. Belongs to whoever explains several elements of one problem.
 */
export class Wholes {
  /** By the problem's own nodes. */
  readonly nodes = new Map<Expr, Expr>();
  readonly arrays: Record<string, PlacedArray> = {};
  readonly reads = new Map<Expr, Read>();
  readonly #values = new Map<Expr, Float64Array>();
  #uniforms: Uniforms = {};

  /** What is known of them: not those any more that read a uniform which is another now. */
  valuesFor(uniforms: Uniforms): ReadonlyMap<Expr, Float64Array> {
    const isOther = (node: Expr): boolean =>
      node.kind === 'uniform' && uniforms[node.name] !== this.#uniforms[node.name];
    for (const node of this.#values.keys()) {
      if (topological([node]).some(isOther)) this.#values.delete(node);
    }
    this.#uniforms = uniforms;
    return this.#values;
  }

  keep(values: ReadonlyMap<Expr, Float64Array>): void {
    const own = [...this.nodes.values()].flatMap((node) => {
      const value = values.get(node);
      return value ? [[node, value] as const] : [];
    });
    if (own.reduce((sum, [, { length }]) => sum + length, 0) > mostKept) return;
    for (const [node, value] of own) this.#values.set(node, value);
  }
}

/**
 * Computes `root` at one position of the dimensions `pinned`, by the problem's own program: what the reference backend
 * computes there, to the last bit.
 * @throws LossLensError `out-of-memory` where the element depends on more numbers than are quickly gone through.
 */
export function traced(
  problem: Part,
  root: Expr,
  pinned: Dims,
  position: Position,
  uniforms: Uniforms,
  { everyStep = false, wholes = new Wholes() }: TraceOptions = {},
): Trace {
  const { root: own, arrays, reads } = sliced(problem, root, pinned, position, wholes);
  const { sizes, dtype } = problem;
  const nodes = topological([own]);
  const numbers = nodes.reduce(
    (sum, node) => sum + countOf(node.kind === 'reduce' ? node.arg.dims : node.dims, sizes),
    0,
  );
  if (numbers > mostNumbers) {
    throw new LossLensError(
      'out-of-memory',
      t('This element depends on too much of the data to be followed.'),
      {
        found: t`${numbers.toLocaleString('en-US')} steps`,
        expected: t`at most ${mostNumbers.toLocaleString('en-US')}`,
      },
    );
  }
  const part = { sizes, dtype, arrays };
  const values = interpret(part, [own], uniforms, { everyStep, known: wholes.valuesFor(uniforms) });
  wholes.keep(values);
  return {
    root: own,
    sizes,
    values,
    reads: new Map([...reads].filter(([node]) => values.has(node))),
    problem: part,
  };
}

/** The trace of one node of another trace, at one place of what dimensions it has left. */
export function narrowed(
  trace: Trace,
  node: Expr,
  place: Position,
  uniforms: Uniforms,
  options: TraceOptions,
): Trace {
  const inner = traced(trace.problem, node, node.dims, place, uniforms, options);
  const outer = new Map<string, Read>();
  for (const [reader, from] of trace.reads) if (reader.kind === 'input') outer.set(reader.name, from);
  const reads = [...inner.reads].map(([reader, { input, offset, strides }]) => {
    const from = outer.get(input)!;
    return [reader, { input: from.input, offset: from.offset + offset, strides }] as const;
  });
  return { ...inner, reads: new Map(reads) };
}

function sliced(
  { sizes, arrays }: Part,
  root: Expr,
  pinned: Dims,
  position: Position,
  wholes: Wholes,
): { root: Expr; arrays: Record<string, PlacedArray>; reads: Map<Expr, Read> } {
  const own: Pick<Wholes, 'arrays' | 'reads'> = { arrays: {}, reads: new Map() };
  /** The same node may be needed at the element's own position and, in a sum over all of them, everywhere. */
  const done = new Map([[0, wholes.nodes]]);

  const inputAt = ({ name, dims }: Input, at: Position, gone: Dims, into = own): Input => {
    const { data, strides } = arrays[name]!;
    const offset = strides.reduce((sum, stride, d) => (gone & (1 << d) ? sum + stride * at[d]! : sum), 0);
    const left = strides.map((stride, d) => (gone & (1 << d) ? 0 : stride));
    const view = `${name}@${offset},${dims & ~gone}`;
    into.arrays[view] = { data: data.subarray(offset) as typeof data, strides: left };
    const node: Input = { kind: 'input', name: view, dims: dims & ~gone };
    into.reads.set(node, { input: name, offset, strides: left });
    return node;
  };

  const rewrite = (node: Expr, context: Dims): Expr => {
    const gone = context & node.dims;
    let known = done.get(gone);
    if (!known) {
      known = new Map();
      done.set(gone, known);
    }
    const before = known.get(node);
    if (before) return before;
    const result = without(node, gone);
    known.set(node, result);
    return result;
  };

  const without = (node: Expr, gone: Dims): Expr => {
    const dims = node.dims & ~gone;
    const into = gone === 0 ? wholes : own;
    switch (node.kind) {
      case 'constant':
      case 'uniform':
      case 'extent':
        return node;
      case 'index':
        return gone === 0 ? node : constant(position[only(node.dims)]!);
      case 'input':
        return inputAt(node, position, gone, into);
      case 'gather': {
        const input = inputAt(node.input, position, gone & node.input.dims & ~node.along, into);
        const gathered: Expr = { ...node, input, at: rewrite(node.at, gone), dims };
        into.reads.set(gathered, into.reads.get(input)!);
        return gathered;
      }
      case 'neighbour': {
        const along = only(node.along);
        if (gone & node.along) {
          const at = position[along]! + node.offset;
          if (at < 0 || at >= sizes[along]!) return constant(0);
          return inputAt(node.input, position.with(along, at), gone, into);
        }
        const input = inputAt(node.input, position, gone, into);
        const read: Expr = { ...node, input, dims };
        into.reads.set(read, into.reads.get(input)!);
        return read;
      }
      case 'apply':
        return { ...node, args: node.args.map((arg) => rewrite(arg, gone)), dims };
      case 'reduce':
        return { ...node, arg: rewrite(node.arg, gone), dims };
      case 'withGradient':
        return rewrite(node.value, gone);
    }
  };
  return {
    root: rewrite(root, pinned),
    arrays: { ...wholes.arrays, ...own.arrays },
    reads: new Map([...wholes.reads, ...own.reads]),
  };
}

const only = (dims: Dims): number => 31 - Math.clz32(dims);
