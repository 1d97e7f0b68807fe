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
}

export interface Read {
  readonly input: string;
  /** Flat offset into the input's own numbers. */
  readonly offset: number;
  /** Elements to step along each dimension that is left. */
  readonly strides: readonly number[];
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
  options: TraceOptions = {},
): Trace {
  const { root: own, arrays, reads } = sliced(problem, root, pinned, position);
  const { sizes, dtype } = problem;
  const numbers = topological([own]).reduce(
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
  return { root: own, sizes, values: interpret(part, [own], uniforms, options), reads, problem: part };
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
): { root: Expr; arrays: Record<string, PlacedArray>; reads: Map<Expr, Read> } {
  const taken: Record<string, PlacedArray> = {};
  const reads = new Map<Expr, Read>();
  /** The same node may be needed at the element's own position and, in a sum over all of them, everywhere. */
  const done = new Map<Expr, Map<Dims, Expr>>();

  const inputAt = ({ name, dims }: Input, at: Position, gone: Dims): Input => {
    const { data, strides } = arrays[name]!;
    const offset = strides.reduce((sum, stride, d) => (gone & (1 << d) ? sum + stride * at[d]! : sum), 0);
    const left = strides.map((stride, d) => (gone & (1 << d) ? 0 : stride));
    const own = `${name}@${offset},${dims & ~gone}`;
    taken[own] = { data: data.subarray(offset) as typeof data, strides: left };
    const node: Input = { kind: 'input', name: own, dims: dims & ~gone };
    reads.set(node, { input: name, offset, strides: left });
    return node;
  };

  const rewrite = (node: Expr, context: Dims): Expr => {
    const gone = context & node.dims;
    let known = done.get(node);
    if (!known) {
      known = new Map();
      done.set(node, known);
    }
    const before = known.get(gone);
    if (before) return before;
    const result = without(node, gone);
    known.set(gone, result);
    return result;
  };

  const without = (node: Expr, gone: Dims): Expr => {
    const dims = node.dims & ~gone;
    switch (node.kind) {
      case 'constant':
      case 'uniform':
      case 'extent':
        return node;
      case 'index':
        return gone === 0 ? node : constant(position[only(node.dims)]!);
      case 'input':
        return inputAt(node, position, gone);
      case 'gather': {
        const input = inputAt(node.input, position, gone & node.input.dims & ~node.along);
        const gathered: Expr = { ...node, input, at: rewrite(node.at, gone), dims };
        reads.set(gathered, reads.get(input)!);
        return gathered;
      }
      case 'neighbour': {
        const along = only(node.along);
        if (gone & node.along) {
          const at = position[along]! + node.offset;
          if (at < 0 || at >= sizes[along]!) return constant(0);
          return inputAt(node.input, position.with(along, at), gone);
        }
        const input = inputAt(node.input, position, gone);
        const read: Expr = { ...node, input, dims };
        reads.set(read, reads.get(input)!);
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
  return { root: rewrite(root, pinned), arrays: taken, reads };
}

const only = (dims: Dims): number => 31 - Math.clz32(dims);
