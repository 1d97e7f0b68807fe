/** What the compiling backends do alike: lower a problem, coalesce its dimensions, and compute numbers without dimensions. */

import type { Dims, Expr, Reduce } from '../language/expression.ts';
import { operations } from '../language/operations.ts';
import { coalesce, type Outputs, type Store } from '../language/passes.ts';
import { simplify } from '../language/simplify.ts';
import type { PlacedArray } from '../language/space.ts';
import { compactStrides, countOf } from '../language/space.ts';
import type { Problem, Uniforms } from './backend.ts';

/** A problem over coalesced dimensions, in operations that every backend has a text for. */
export interface Lowered {
  readonly sizes: readonly number[];
  readonly arrays: Readonly<Record<string, PlacedArray>>;
  readonly numerator: Expr;
  readonly denominator: Expr;
  readonly totals: readonly Expr[];
  readonly elements: Expr | undefined;
  readonly gradients: Readonly<Record<string, Expr>>;
  readonly elementStrides: readonly number[] | undefined;
  /** What `passes` cuts into kernels. */
  readonly outputs: Outputs;
}

/** The dimensions along which an array is not repeated. */
const dimsOf = (strides: readonly number[]): Dims =>
  strides.reduce((mask, stride, d) => (stride !== 0 ? mask | (1 << d) : mask), 0);

export function lower(problem: Problem): Lowered {
  const names = Object.keys(problem.gradients);
  const count = problem.totals?.length ?? 0;
  const lowered = simplify(
    [
      problem.numerator,
      problem.denominator,
      ...(problem.totals ?? []),
      ...names.map((name) => problem.gradients[name]!),
      ...(problem.elements ? [problem.elements] : []),
    ],
    { lowered: true },
  );
  const ofElements = problem.elements && compactStrides(problem.elements.dims, problem.sizes);
  const { sizes, groups, rewrite } = coalesce(problem.sizes, lowered, [
    ...Object.values(problem.arrays).map(({ strides }) => strides),
    ...(ofElements ? [ofElements] : []),
  ]);
  const along = (strides: readonly number[]): number[] => groups.map((group) => strides[group.at(-1)!]!);
  const arrays = Object.fromEntries(
    Object.entries(problem.arrays).map(([name, { data, strides }]) => [
      name,
      { data, strides: along(strides) },
    ]),
  );
  const [numerator, denominator, ...rest] = lowered.map(rewrite) as [Expr, Expr, ...Expr[]];
  const [totals, others] = [rest.slice(0, count), rest.slice(count)];
  const gradients = Object.fromEntries(names.map((name, i) => [name, others[i]!]));
  const elements = problem.elements && others.at(-1);

  const stores: Store[] = Object.entries(gradients).map(([name, node]) => ({
    kind: 'store',
    node,
    dims: dimsOf(arrays[name]!.strides),
    output: `gradient:${name}`,
  }));
  if (elements) stores.push({ kind: 'store', node: elements, dims: elements.dims, output: 'elements' });
  return {
    sizes,
    arrays,
    numerator,
    denominator,
    totals,
    elements,
    gradients,
    elementStrides: ofElements && along(ofElements),
    outputs: { numbers: [numerator, denominator, ...totals, ...Object.values(gradients)], stores },
  };
}

/** A number without dimensions, from constants, parameters, sizes, single elements and what `total` knows. */
export function numberOf(
  node: Expr,
  { sizes, arrays }: Pick<Lowered, 'sizes' | 'arrays'>,
  dtype: Problem['dtype'],
  uniforms: Uniforms,
  total: (node: Reduce) => number,
): number {
  const round = dtype === 'float32' ? Math.fround : (x: number): number => x;
  const value = (of: Expr): number => {
    switch (of.kind) {
      case 'constant':
        return of.value;
      case 'uniform':
        return round(uniforms[of.name]!);
      case 'extent':
        return countOf(of.of, sizes);
      case 'input':
        return round(Number(arrays[of.name]!.data[0]));
      case 'gather': {
        const { data, strides } = arrays[of.input.name]!;
        return round(Number(data[value(of.at) * strides[31 - Math.clz32(of.along)]!]));
      }
      case 'apply':
        return operations[of.operation].value(...of.args.map(value));
      case 'reduce':
        return total(of);
      default:
        throw new Error(`'${of.kind}' is no number`);
    }
  };
  return value(node);
}
