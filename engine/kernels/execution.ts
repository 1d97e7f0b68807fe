/** A hand-written kernel run as backends run problems: in process, or on a worker thread. */
import { sizeOf } from '../array.ts';
import type { Execution, Result } from '../backends/backend.ts';
import { runKernelOnWorker } from '../backends/wasm/workers.ts';
import type { KernelBody } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import { type KernelRequest, runKernel } from './kernel.ts';

export interface KernelPlan {
  readonly body: KernelBody;
  readonly reduction: Reduction;
  /** Inputs to differentiate by. */
  readonly gradients: readonly string[];
}

/** What the kernel is asked, with each element's share of the value that its reduction makes. */
export function kernelRequest(
  { body, reduction, gradients }: KernelPlan,
  parameters: Record<string, number>,
): {
  request: KernelRequest;
  denominator: number;
  scale: (i: number) => number;
} {
  const count = sizeOf(body.elementShape);
  const isMean = reduction === 'mean' || reduction === 'batchmean';
  const denominator = isMean ? count : 1;
  const scale = (i: number): number => (isMean ? (body.scale?.[i] ?? 1) : 1);
  return {
    request: {
      kernel: body.kernel,
      inputs: body.arrays,
      parameters,
      facts: body.facts,
      gradients: gradients.map((name) => body.differentiable[name]!),
      shares: Float64Array.from({ length: count }, (_, i) => scale(i) / denominator),
    },
    denominator,
    scale,
  };
}

export function prepareKernel(plan: KernelPlan, where: 'here' | 'worker'): Execution {
  return {
    async run(uniforms, signal): Promise<Result> {
      const start = performance.now();
      const { request, denominator, scale } = kernelRequest(plan, uniforms);
      const answer = where === 'here' ? runKernel(request) : await runKernelOnWorker(request);
      if (signal?.aborted) throw new LossLensError('cancelled', 'The evaluation was cancelled.');
      return {
        numerator: answer.elements.reduce((sum, element, i) => sum + scale(i) * element, 0),
        denominator,
        elements: answer.elements,
        gradients: Object.fromEntries(
          plan.gradients.map((name) => [name, answer.gradients[plan.body.differentiable[name]!]!]),
        ),
        extras: Object.fromEntries(
          Object.entries(answer.extras).map(([name, { data, shape }]) => [
            name,
            { dtype: 'float64', data, shape },
          ]),
        ),
        dtype: 'float64',
        timing: { compile: 0, transfer: 0, run: performance.now() - start },
      };
    },
    dispose() {},
  };
}
