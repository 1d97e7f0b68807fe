/** A hand-written kernel run as backends run problems: in process, or on worker threads. */
import { t } from '@vscode/l10n';
import type { TypedArray } from '../array.ts';
import { LossLensError } from '../errors.ts';
import { emptyAnswers, runKernel } from '../kernels/index.ts';
import type { KernelAnswer, KernelArray, KernelRequest } from '../kernels/kernel.ts';
import { type KernelPlan, kernelRequest } from '../kernels/plan.ts';
import type { Execution, Result } from './backend.ts';
import { runKernelOnWorkers, sharesMemory } from './wasm/workers.ts';

/** The same array where every thread reads it; where they share no memory, each request copies it. */
function shared({ data, shape }: KernelArray): KernelArray {
  if (!sharesMemory()) return { data, shape };
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
  const empty = sharesMemory() ? emptyAnswers[plan.body.kernel] : undefined;
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
      if (signal?.aborted) throw new LossLensError('cancelled', t('The evaluation was cancelled.'));
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
