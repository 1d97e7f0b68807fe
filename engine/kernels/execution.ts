/** A hand-written kernel run as backends run problems: in process, or on a worker thread. */
import { sizeOf, type TypedArray } from '../array.ts';
import type { Execution, Result } from '../backends/backend.ts';
import { runKernelOnWorkers } from '../backends/wasm/workers.ts';
import type { KernelBody } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import {
  emptyAnswers,
  type KernelAnswer,
  type KernelArray,
  type KernelRequest,
  runKernel,
} from './kernel.ts';

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

/** The same array where every thread reads it. */
function shared({ data, shape }: KernelArray): KernelArray {
  const Typed = data.constructor as new (buffer: SharedArrayBuffer) => TypedArray;
  const copy = new Typed(new SharedArrayBuffer(data.byteLength));
  copy.set(data as never);
  return { data: copy, shape };
}

const sharedFloat64 = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length));

function onWorkers(plan: KernelPlan): {
  plan: KernelPlan;
  run: (request: KernelRequest) => Promise<KernelAnswer>;
} {
  const arrays = Object.fromEntries(
    Object.entries(plan.body.arrays).map(([name, array]) => [name, shared(array)]),
  );
  const empty = emptyAnswers[plan.body.kernel];
  let answer: KernelAnswer | undefined;
  return {
    plan: { ...plan, body: { ...plan.body, arrays } },
    run(request) {
      answer ??= empty?.(request, sharedFloat64);
      return runKernelOnWorkers(request, answer);
    },
  };
}

const here = (plan: KernelPlan) => ({ plan, run: async (request: KernelRequest) => runKernel(request) });

export function prepareKernel(given: KernelPlan, where: 'here' | 'worker'): Execution {
  const { plan, run } = where === 'here' ? here(given) : onWorkers(given);
  const dtype = plan.body.dtype ?? 'float64';
  const stored = (data: Float64Array): TypedArray => (dtype === 'float32' ? Float32Array.from(data) : data);
  return {
    async run(uniforms, signal): Promise<Result> {
      const start = performance.now();
      const { request, reduce } = kernelRequest(plan, uniforms);
      const answer = await run(request);
      if (signal?.aborted) throw new LossLensError('cancelled', 'The evaluation was cancelled.');
      const { numerator, denominator, elements, byWeight } = reduce(answer);
      return {
        numerator,
        denominator,
        elements: stored(elements),
        gradients: Object.fromEntries(
          plan.gradients.map((name) => {
            const own = plan.body.differentiable[name];
            return [name, stored(own === undefined ? byWeight! : answer.gradients[own]!)];
          }),
        ),
        extras: Object.fromEntries(
          Object.entries(answer.extras).map(([name, { data, shape }]) => [
            name,
            { dtype: 'float64', data, shape },
          ]),
        ),
        dtype,
        timing: { compile: 0, transfer: 0, run: performance.now() - start },
      };
    },
    dispose() {},
  };
}
