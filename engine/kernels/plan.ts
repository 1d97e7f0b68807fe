/** What a kernel is asked for a reduced value, and how the value follows from its answer. */
import { sizeOf, type TypedArray } from '../array.ts';
import type { Reduction } from '../evaluation.ts';
import type { KernelAnswer, KernelBody, KernelRequest } from './kernel.ts';

export interface KernelPlan {
  readonly body: KernelBody;
  readonly reduction: Reduction;
  /** Inputs to differentiate by. */
  readonly gradients: readonly string[];
  /** The array that the body's weighting names. */
  readonly weights?: TypedArray;
}

/** The value as it follows from the kernel's answer. */
interface Reduced {
  readonly numerator: number;
  readonly denominator: number;
  readonly elements: Float64Array;
  /** By the weights, if the kernel's values are weighted. */
  readonly byWeight?: Float64Array;
}

/** What the kernel is asked, with each element's share of the value; and how the value follows from what it answers. */
export function kernelRequest(
  plan: KernelPlan,
  parameters: Record<string, number>,
): {
  request: KernelRequest;
  reduce: (answer: KernelAnswer) => Reduced;
} {
  const { body, reduction, gradients } = plan;
  const { shares, reduce } = body.weighting ? weighted(plan) : unweighted(body, reduction);
  return {
    request: {
      kernel: body.kernel,
      ...(body.network && { network: body.network }),
      inputs: body.arrays,
      parameters,
      facts: body.facts,
      gradients: gradients.flatMap((name) => body.differentiable[name] ?? []),
      shares,
    },
    reduce,
  };
}

interface Shared {
  readonly shares: Float64Array;
  readonly reduce: (answer: KernelAnswer) => Reduced;
}

const isMean = (reduction: Reduction): boolean => reduction === 'mean' || reduction === 'batchmean';

function unweighted(body: KernelBody, reduction: Reduction): Shared {
  const count = sizeOf(body.elementShape);
  const denominator = isMean(reduction) ? (body.denominator ?? count) : 1;
  const scale = (i: number): number => (isMean(reduction) ? (body.scale?.[i] ?? 1) : 1);
  return {
    shares: Float64Array.from({ length: count }, (_, i) => scale(i) / denominator),
    reduce: ({ elements }) => ({
      numerator: elements.reduce((sum, element, i) => sum + scale(i) * element, 0),
      denominator,
      elements,
    }),
  };
}

function weighted({ body, reduction, weights }: KernelPlan): Shared {
  const { count, value, weight, bySum } = body.weighting!;
  const given = Float64Array.from(weights as ArrayLike<number>, Number);
  const total = bySum ? given.reduce((sum, each) => sum + each, 0) : value.length;
  const denominator = isMean(reduction) ? total : 1;
  const share = bySum && denominator === 0 ? 0 : 1 / denominator;
  const shares = new Float64Array(count);
  value.forEach((i, r) => {
    shares[i]! += given[weight[r]!]! * share;
  });
  return {
    shares,
    reduce({ elements: values }) {
      const elements = Float64Array.from(value, (i, r) => values[i]! * given[weight[r]!]!);
      const numerator = elements.reduce((sum, element) => sum + element, 0);
      const byWeight = new Float64Array(given.length);
      value.forEach((i, r) => {
        byWeight[weight[r]!]! += values[i]! * share;
      });
      const divided = isMean(reduction) && bySum;
      return {
        numerator: divided && share === 0 ? 0 : numerator,
        denominator: divided && share === 0 ? 1 : denominator,
        elements,
        byWeight: divided ? byWeight.map((slope) => slope - numerator * share * share) : byWeight,
      };
    },
  };
}
