/**
 * The readable backend: every node of the graph in turn, element by element, in float64. It is the oracle of every
 * test, the quick answer for tiny inputs, and can be asked for any intermediate node.
 */

import { allocate, type TypedArray } from '../../array.ts';
import { type Dims, type Expr, topological } from '../../language/expression.ts';
import { operations } from '../../language/operations.ts';
import type { PlacedArray } from '../../language/space.ts';
import { compactStrides, countOf } from '../../language/space.ts';
import type { Backend, Execution, Problem, Result, Uniforms } from '../backend.ts';

export const reference: Backend = {
  name: 'reference',
  prepare: (problem): Execution => ({
    async run(uniforms): Promise<Result> {
      const start = performance.now();
      const { numerator, denominator, elements, gradients, totals = [] } = problem;
      const roots = [
        numerator,
        denominator,
        ...totals,
        ...Object.values(gradients),
        ...(elements ? [elements] : []),
      ];
      const values = interpret(problem, roots, uniforms);
      return {
        numerator: values.get(numerator)![0]!,
        denominator: values.get(denominator)![0]!,
        totals: totals.map((total) => values.get(total)![0]!),
        ...(elements && { elements: values.get(elements)! }),
        gradients: Object.fromEntries(
          Object.entries(gradients).map(([name, gradient]) => [
            name,
            layOut(values.get(gradient)!, gradient.dims, problem.arrays[name]!, problem.sizes),
          ]),
        ),
        dtype: 'float64',
        timing: { compile: 0, transfer: 0, run: performance.now() - start },
      };
    },
    dispose() {},
  }),
};

/**
 * The values of every node that the roots need, each row-major over the node's own dimensions.
 * @param everyStep  rounds every result to the problem's dtype, so that it overflows and underflows as the kernels do
 * @param known  values of nodes that need not be computed again
 */
export function interpret(
  problem: Pick<Problem, 'sizes' | 'dtype' | 'arrays'>,
  roots: readonly Expr[],
  uniforms: Uniforms,
  { everyStep = false, known }: { everyStep?: boolean; known?: ReadonlyMap<Expr, Float64Array> } = {},
): Map<Expr, Float64Array> {
  const round = problem.dtype === 'float32' ? Math.fround : (x: number) => x;
  const { sizes } = problem;
  const values = new Map<Expr, Float64Array>();
  for (const node of topological(roots)) {
    const before = known?.get(node);
    if (before) {
      values.set(node, before);
      continue;
    }
    const value = evaluate(node);
    values.set(node, everyStep && problem.dtype === 'float32' ? value.map(Math.fround) : value);
  }
  return values;

  function evaluate(node: Expr): Float64Array {
    const result = new Float64Array(countOf(node.dims, sizes));
    switch (node.kind) {
      case 'constant':
        return result.fill(node.value);
      case 'uniform':
        return result.fill(round(uniforms[node.name]!));
      case 'extent':
        return result.fill(countOf(node.of, sizes));
      case 'input': {
        const { data, strides } = problem.arrays[node.name]!;
        walk(node.dims, sizes, [strides], (i, [from]) => {
          result[i] = round(Number(data[from!]));
        });
        return result;
      }
      case 'index': {
        const dim = 31 - Math.clz32(node.dims);
        const step = new Array<number>(sizes.length).fill(0);
        step[dim] = 1;
        walk(node.dims, sizes, [step], (i, [position]) => {
          result[i] = position!;
        });
        return result;
      }
      case 'gather': {
        const { data, strides } = problem.arrays[node.input.name]!;
        const step = strides[31 - Math.clz32(node.along)]!;
        const kept = strides.map((stride, d) => (node.along & (1 << d) ? 0 : stride));
        const at = values.get(node.at)!;
        walk(node.dims, sizes, [kept, compactStrides(node.at.dims, sizes)], (i, [from, position]) => {
          result[i] = round(Number(data[from! + at[position!]! * step]));
        });
        return result;
      }
      case 'neighbour': {
        const { data, strides } = problem.arrays[node.input.name]!;
        const dim = 31 - Math.clz32(node.along);
        const along = new Array<number>(sizes.length).fill(0);
        along[dim] = 1;
        walk(node.dims, sizes, [strides, along], (i, [from, position]) => {
          const at = position! + node.offset;
          const inside = at >= 0 && at < sizes[dim]!;
          result[i] = inside ? round(Number(data[from! + node.offset * strides[dim]!])) : 0;
        });
        return result;
      }
      case 'apply': {
        const { value } = operations[node.operation];
        const args = node.args.map((arg) => values.get(arg)!);
        const strides = node.args.map((arg) => compactStrides(arg.dims, sizes));
        const row = new Array<number>(args.length);
        walk(node.dims, sizes, strides, (i, from) => {
          for (let k = 0; k < args.length; k++) row[k] = args[k]![from[k]!]!;
          result[i] = value(...row);
        });
        return result;
      }
      case 'reduce': {
        const arg = values.get(node.arg)!;
        const combine = { sum: (a: number, b: number) => a + b, max: Math.max, min: Math.min }[
          node.reduction
        ];
        result.fill({ sum: 0, max: -Infinity, min: Infinity }[node.reduction]);
        const into = compactStrides(node.dims, sizes);
        walk(node.arg.dims, sizes, [into], (i, [to]) => {
          result[to!] = combine(result[to!]!, arg[i]!);
        });
        return result;
      }
      case 'withGradient':
        return values.get(node.value)!;
    }
  }
}

/** Visits every position over `dims`, in row-major order, with the offset that each of `strides` has there. */
export function walk(
  dims: Dims,
  sizes: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (i: number, offsets: readonly number[]) => void,
): void {
  const axes = sizes.map((_size, d) => d).filter((d) => dims & (1 << d));
  const count = countOf(dims, sizes);
  const position = new Array<number>(axes.length).fill(0);
  const offsets = new Array<number>(strides.length).fill(0);
  for (let i = 0; i < count; i++) {
    visit(i, offsets);
    for (let k = axes.length - 1; k >= 0; k--) {
      const d = axes[k]!;
      for (let s = 0; s < strides.length; s++) offsets[s]! += strides[s]![d]!;
      if (++position[k]! < sizes[d]!) break;
      position[k] = 0;
      for (let s = 0; s < strides.length; s++) offsets[s]! -= strides[s]![d]! * sizes[d]!;
    }
  }
}

/** A value over (some of) an array's dimensions, stored as that array is. */
export function layOut(
  value: Float64Array,
  dims: Dims,
  like: PlacedArray,
  sizes: readonly number[],
): TypedArray {
  const result = allocate('float64', like.data.length);
  const own = like.strides.reduce((mask, stride, d) => (stride !== 0 ? mask | (1 << d) : mask), 0) | dims;
  walk(own, sizes, [like.strides, compactStrides(dims, sizes)], (_i, [to, from]) => {
    result[to!] = value[from!]!;
  });
  return result;
}
