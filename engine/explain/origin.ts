/**
 * Where a value that is not finite begins: followed from the value back through the program, from operand to operand,
 * as far as the operands are not finite themselves.
 */
import { walk } from '../backends/reference/interpreter.ts';
import type { Expr } from '../language/expression.ts';
import { countOf } from '../language/space.ts';
import type { Trace } from './slice.ts';

export interface Origin {
  readonly node: Expr;
  /** Along every dimension that is left. */
  readonly place: readonly number[];
  readonly value: number;
  /** What the operation was given; empty for an input. */
  readonly operands: readonly number[];
}

/**
 * The operation that made the value what it is: for NaN the first that gave NaN, for an infinity the first that gave
 * one. An input that is such itself ends the search.
 * @returns `undefined` where the value is finite
 */
export function originOf(trace: Trace): Origin | undefined {
  const { root, values, sizes } = trace;
  const bad = values.get(root)!.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return undefined;
  return follow(trace, root, placeAt(root, bad, sizes));
}

/** Of an operation with an infinite operand: where that infinity comes from. */
export function originOfInfinity(trace: Trace, { node, place }: Origin): Origin | undefined {
  const infinite = readBy(trace, node, place).find(([operand, at]) =>
    isInfinite(valueAt(trace, operand, at)),
  );
  return infinite && follow(trace, infinite[0], infinite[1]);
}

const isInfinite = (value: number): boolean => Math.abs(value) === Number.POSITIVE_INFINITY;

function follow(trace: Trace, start: Expr, at: readonly number[]): Origin {
  let node = start;
  let place = at;
  for (;;) {
    const value = valueAt(trace, node, place);
    const read = readBy(trace, node, place);
    const same = Number.isNaN(value) ? Number.isNaN : isInfinite;
    const culprit = read.find(([operand, where]) => same(valueAt(trace, operand, where)));
    if (!culprit) {
      return {
        node,
        place,
        value,
        operands: read.map(([operand, where]) => valueAt(trace, operand, where)),
      };
    }
    [node, place] = culprit;
  }
}

/** The operands that a node's value at a place was made of; of a choice the branch taken. */
function readBy(
  trace: Trace,
  node: Expr,
  place: readonly number[],
): readonly (readonly [Expr, readonly number[]])[] {
  switch (node.kind) {
    case 'apply': {
      if (node.operation !== 'where') return node.args.map((arg) => [arg, place]);
      const [condition, yes, no] = node.args as [Expr, Expr, Expr];
      return [[valueAt(trace, condition, place) !== 0 ? yes : no, place]];
    }
    case 'reduce':
      return telling(trace, node, place);
    default:
      return [];
  }
}

/** Of what a reduction ran over: the first NaN, the first infinity of each sign; or the first of all, when all are finite. */
function telling(
  { values, sizes }: Trace,
  { arg, dims }: Expr & { kind: 'reduce' },
  place: readonly number[],
): readonly (readonly [Expr, readonly number[]])[] {
  const found = new Map<string, readonly number[]>();
  const all = values.get(arg)!;
  const steps = sizes.map((_, d) => sizes.map((_size, other) => (other === d ? 1 : 0)));
  walk(arg.dims, sizes, steps, (i, at) => {
    if (at.some((position, d) => dims & (1 << d) && position !== place[d])) return;
    const kind = Number.isFinite(all[i]) ? 'finite' : String(all[i]);
    if (!found.has(kind)) found.set(kind, [...at]);
  });
  if (found.size > 1) found.delete('finite');
  return [...found.values()].map((at) => [arg, at]);
}

function valueAt({ values, sizes }: Trace, node: Expr, place: readonly number[]): number {
  let flat = 0;
  for (let d = 0; d < sizes.length; d++) {
    if (node.dims & (1 << d)) flat = flat * sizes[d]! + place[d]!;
  }
  return values.get(node)![flat]!;
}

function placeAt({ dims }: Expr, flat: number, sizes: readonly number[]): number[] {
  const place = new Array<number>(sizes.length).fill(0);
  let rest = flat;
  for (let d = sizes.length - 1; d >= 0; d--) {
    if (!(dims & (1 << d))) continue;
    const extent = countOf(1 << d, sizes);
    place[d] = rest % extent;
    rest = Math.floor(rest / extent);
  }
  return place;
}
