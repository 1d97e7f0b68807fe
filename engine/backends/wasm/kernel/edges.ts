/** Conditions that ask whether a neighbour exists: true everywhere but near the ends of a dimension. */
import { apply, type Expr, mul } from '../../../language/expression.ts';

export interface Edge {
  readonly dim: number;
  /** How many positions further along the neighbour is; negative before. */
  readonly offset: number;
}

/** The edge that a condition of `insideAt` asks for. */
function edgeOf(node: Expr): Edge | undefined {
  if (node.kind !== 'apply') return undefined;
  const [first, second] = node.args;
  if (node.operation === 'less' && second?.kind === 'extent') {
    const edge = movedIndex(first!);
    return edge && edge.offset > 0 && second.of === 1 << edge.dim ? edge : undefined;
  }
  if (node.operation === 'lessEqual' && first?.kind === 'constant' && first.value === 0) {
    const edge = movedIndex(second!);
    return edge && edge.offset < 0 ? edge : undefined;
  }
  return undefined;
}

function movedIndex(node: Expr): Edge | undefined {
  if (node.kind !== 'apply' || node.operation !== 'add') return undefined;
  const [position, offset] = node.args;
  if (position?.kind !== 'index' || offset?.kind !== 'constant') return undefined;
  return { dim: 31 - Math.clz32(position.dims), offset: offset.value };
}

/** The distinct edges that nodes select by. */
export function edgesOf(nodes: readonly Expr[]): Edge[] {
  const found = new Map<string, Edge>();
  for (const node of nodes) {
    if (node.kind !== 'apply' || node.operation !== 'where') continue;
    const edge = edgeOf(node.args[0]!);
    if (edge) found.set(`${edge.dim} ${edge.offset}`, edge);
  }
  return [...found.values()];
}

/**
 * Expressions as they are where those edges are far: without the selections, and with a common factor of what they selected
 * taken out of sums, where that is exact.
 */
export function without(edges: readonly Edge[]): (node: Expr) => Expr {
  const done = new Map<Expr, Expr>();
  const isFar = (condition: Expr): boolean => {
    const edge = edgeOf(condition);
    return edges.some(({ dim, offset }) => dim === edge?.dim && offset === edge.offset);
  };
  const shape = (node: Expr & { kind: 'apply' }): Expr => {
    if (node.operation === 'where' && isFar(node.args[0]!)) return rewrite(node.args[1]!);
    const args = node.args.map(rewrite);
    const [a, b] = args.map(scaled);
    if ((node.operation === 'add' || node.operation === 'sub') && a && a.factor === b?.factor) {
      return mul(a.factor, rewrite(apply(node.operation, [a.of, b.of])));
    }
    return args.every((arg, i) => arg === node.args[i]) ? node : apply(node.operation, args, node.kink);
  };
  const rewrite = (node: Expr): Expr => {
    const known = done.get(node);
    if (known) return known;
    const result = node.kind === 'apply' ? shape(node) : node;
    done.set(node, result);
    done.set(result, result);
    return result;
  };
  return rewrite;
}

/** A number times a power of two of 2 or more, which rounds nothing. */
function scaled(x: Expr): { factor: number; of: Expr } | undefined {
  if (x.kind !== 'apply' || x.operation !== 'mul' || x.args[0]!.kind !== 'constant') return undefined;
  const factor = x.args[0]!.value;
  return factor >= 2 && Number.isInteger(Math.log2(factor)) ? { factor, of: x.args[1]! } : undefined;
}
