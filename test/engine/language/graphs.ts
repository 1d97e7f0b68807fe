/** Losses written straight in the language, and the problems that backends compute of them. */

import type { TypedArray } from '../../../engine/array.ts';
import type { Problem } from '../../../engine/backends/backend.ts';
import * as x from '../../../engine/language/expression.ts';
import { gradient } from '../../../engine/language/gradient.ts';
import { coalesce, type Kernel, passes, type Store } from '../../../engine/language/passes.ts';
import { simplify } from '../../../engine/language/simplify.ts';
import type { PlacedArray } from '../../../engine/language/space.ts';
import { compactStrides } from '../../../engine/language/space.ts';

export interface TestLoss {
  readonly sizes: readonly number[];
  readonly arrays: Readonly<Record<string, PlacedArray>>;
  readonly uniforms: Readonly<Record<string, number>>;
  readonly elements: x.Expr;
  /** Multiplies the elements; its sum is the denominator. */
  readonly weight?: x.Expr | undefined;
  /** What to differentiate by. */
  readonly inputs: readonly x.Input[];
}

/** A loss of inputs given as their dimensions and their numbers, row-major. */
export function lossOf(
  sizes: readonly number[],
  given: Readonly<Record<string, readonly [dims: x.Dims, data: readonly number[] | TypedArray]>>,
  write: (inputs: Readonly<Record<string, x.Input>>) => x.Expr,
  { uniforms = {}, by }: { uniforms?: Record<string, number>; by?: readonly string[] } = {},
): TestLoss {
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, [dims]]) => [name, x.input(name, dims)]),
  );
  const arrays = Object.fromEntries(
    Object.entries(given).map(([name, [dims, data]]) => [
      name,
      {
        data: ArrayBuffer.isView(data) ? data : Float64Array.from(data),
        strides: compactStrides(dims, sizes),
      },
    ]),
  );
  return {
    sizes,
    arrays,
    uniforms,
    elements: write(inputs),
    inputs: (by ?? Object.keys(given)).map((name) => inputs[name]!),
  };
}

/** Value, elements and every gradient of a loss, as `build` puts a problem together. */
export function problemOf(loss: TestLoss, dtype: Problem['dtype'], withElements: boolean): Problem {
  const elements = loss.weight ? x.mul(loss.weight, loss.elements) : loss.elements;
  const numerator = x.sum(elements, elements.dims);
  const denominator = loss.weight ? x.sum(loss.weight, elements.dims) : x.extent(elements.dims);
  const [e, n, d, value, ...nodes] = simplify([
    elements,
    numerator,
    denominator,
    x.div(numerator, denominator),
    ...loss.inputs,
  ]) as [x.Expr, x.Expr, x.Expr, x.Expr, ...x.Input[]];
  const slopes = gradient(value, nodes);
  const present = nodes.flatMap((node, i) => (slopes[i] ? [{ name: node.name, slope: slopes[i] }] : []));
  const [simpleE, simpleN, simpleD, ...simple] = simplify([e, n, d, ...present.map(({ slope }) => slope)]);
  return {
    sizes: loss.sizes,
    dtype,
    arrays: loss.arrays,
    numerator: simpleN!,
    denominator: simpleD!,
    ...(withElements && { elements: simpleE! }),
    gradients: Object.fromEntries(present.map(({ name }, i) => [name, simple[i]!])),
  };
}

/** An expression as one reads it, for the message of a failing property. */
export function written(node: x.Expr): string {
  switch (node.kind) {
    case 'constant':
      return String(node.value);
    case 'uniform':
      return node.name;
    case 'extent':
      return `extent(${node.of.toString(2)})`;
    case 'input':
      return `${node.name}:${node.dims.toString(2)}`;
    case 'index':
      return `index(${node.dims.toString(2)})`;
    case 'gather':
      return `${node.input.name}[${written(node.at)} along ${node.along.toString(2)}]`;
    case 'neighbour':
      return `${node.input.name}[${node.offset} along ${node.along.toString(2)}]`;
    case 'apply':
      return `${node.operation}(${node.args.map(written).join(', ')})`;
    case 'reduce':
      return `${node.reduction}{${node.over.toString(2)}}(${written(node.arg)})`;
    case 'withGradient':
      return `withGradient(${written(node.value)})`;
  }
}

/** The kernels of a problem, cut as the wasm backend cuts it, and the sizes that were left when dimensions were joined. */
export function kernelsOf(problem: Problem): { sizes: readonly number[]; kernels: readonly Kernel[] } {
  const names = Object.keys(problem.gradients);
  const lowered = simplify(
    [
      problem.numerator,
      problem.denominator,
      ...(problem.elements ? [problem.elements] : []),
      ...Object.values(problem.gradients),
    ],
    { lowered: true },
  );
  const { sizes, groups, rewrite } = coalesce(
    problem.sizes,
    lowered,
    Object.values(problem.arrays).map(({ strides }) => strides),
  );
  const [numerator, denominator, ...others] = lowered.map(rewrite) as [x.Expr, x.Expr, ...x.Expr[]];
  const elements: Store[] = problem.elements
    ? [{ kind: 'store', node: others[0]!, dims: others[0]!.dims, output: 'elements' }]
    : [];
  const gradients = names.map((name, i): Store => {
    const { strides } = problem.arrays[name]!;
    const dims = groups.reduce((mask, group, g) => (strides[group[0]!] ? mask | (1 << g) : mask), 0);
    return { kind: 'store', node: others[elements.length + i]!, dims, output: `gradient:${name}` };
  });
  return {
    sizes,
    kernels: passes({ numbers: [numerator, denominator], stores: [...gradients, ...elements] }),
  };
}
