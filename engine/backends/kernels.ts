/** A hand-written kernel run as backends run problems: in process, or on worker threads. */
import { t } from '@vscode/l10n';
import type { TypedArray } from '../array.ts';
import { LossLensError } from '../errors.ts';
import { emptyAnswers, runKernel } from '../kernels/index.ts';
import type { KernelAnswer, KernelArray, KernelRequest } from '../kernels/kernel.ts';
import { type KernelPlan, kernelRequest } from '../kernels/plan.ts';
import type { Execution, Result } from './backend.ts';
import { memoryLetGo } from './wasm/memory.ts';
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

interface Ran {
  readonly plan: KernelPlan;
  run(request: KernelRequest, signal: AbortSignal): Promise<KernelAnswer>;
  /** Nothing is run from now on. */
  end(): void;
}

function onWorkers(plan: KernelPlan): Ran {
  const arrays = Object.fromEntries(
    Object.entries(plan.body.arrays).map(([name, array]) => [name, shared(array)]),
  );
  const empty = sharesMemory() ? emptyAnswers[plan.body.kernel] : undefined;
  let answer: KernelAnswer | undefined;
  return {
    plan: { ...plan, body: { ...plan.body, arrays } },
    run(request, signal) {
      answer ??= empty?.(request, sharedFloat64);
      return runKernelOnWorkers(request, signal, answer);
    },
    end() {
      const answered = answer ? [answer.elements, ...Object.values(answer.gradients)] : [];
      const all = [...Object.values(arrays).map(({ data }) => data), ...answered];
      memoryLetGo(all.reduce((sum, { byteLength }) => sum + byteLength, 0));
    },
  };
}

const here = (plan: KernelPlan): Ran => ({
  plan,
  run: async (request) => runKernel(request),
  end: () => undefined,
});

export function prepareKernel(given: KernelPlan, where: 'here' | 'worker'): Execution {
  const { plan, run, end } = where === 'here' ? here(given) : onWorkers(given);
  const disposing = new AbortController();
  const dtype = plan.body.dtype ?? 'float64';
  const stored = (data: Float64Array): TypedArray => (dtype === 'float32' ? Float32Array.from(data) : data);
  return {
    async run(uniforms, signal): Promise<Result> {
      const start = performance.now();
      const { request, reduce } = kernelRequest(plan, uniforms);
      const wanted = signal ? AbortSignal.any([signal, disposing.signal]) : disposing.signal;
      const checkWanted = (): void => {
        if (wanted.aborted) throw new LossLensError('cancelled', t('The evaluation was cancelled.'));
      };
      checkWanted();
      const answer = await run(request, wanted);
      checkWanted();
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
    dispose() {
      if (disposing.signal.aborted) return;
      disposing.abort();
      end();
    },
  };
}
