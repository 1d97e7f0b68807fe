/**
 * Value and size of the gradient over a range of one parameter, some values at a time: who asks shows how far it is, and
 * stops by asking no more. Kernels and data of its own, kept from one step to the next.
 */
import type { TypedArray } from '../array.ts';
import type { EvaluateRequest, Prepared } from '../evaluation.ts';
import type * as index from '../index.ts';
import type { Swept } from './shown.ts';

/** What of a request a sweep is of: the arrays do not change while a panel shows it. */
const keyOf = ({ loss, reduction, parameters }: EvaluateRequest, parameter: string): string =>
  JSON.stringify([
    loss,
    reduction,
    parameter,
    Object.entries(parameters ?? {}).map(([name, value]) => [name, name === parameter ? '' : String(value)]),
  ]);

export class Sweep {
  readonly #engine: Pick<typeof index, 'prepare'>;
  #ready: { readonly key: string; readonly kernels: Prepared } | undefined;

  constructor(engine: Pick<typeof index, 'prepare'>) {
    this.#engine = engine;
  }

  /**
   * @param request names the input that the gradient is taken by
   * @throws LossLensError but for a value that the loss refuses, which leaves a gap
   */
  async evaluate(
    request: EvaluateRequest,
    parameter: string,
    values: Float64Array,
    isLast: boolean,
  ): Promise<Swept> {
    const swept = { values: new Float64Array(values.length), gradients: new Float64Array(values.length) };
    try {
      for (const [i, value] of values.entries()) {
        try {
          [swept.values[i], swept.gradients[i]] = await this.#at(request, parameter, value);
        } catch (error) {
          if ((error as { code?: unknown }).code !== 'parameter') throw error;
          [swept.values[i], swept.gradients[i]] = [Number.NaN, Number.NaN];
        }
      }
    } finally {
      if (isLast) this.end();
    }
    return swept;
  }

  end(): void {
    this.#ready?.kernels.dispose();
    this.#ready = undefined;
  }

  async #at(request: EvaluateRequest, parameter: string, value: number): Promise<[number, number]> {
    const parameters = { ...request.parameters, [parameter]: value };
    const key = keyOf(request, parameter);
    if (this.#ready?.key !== key) {
      this.end();
      const kernels = this.#engine.prepare({ ...request, parameters, resident: true });
      this.#ready = { key, kernels };
    }
    const { value: result, numerator, resident } = await this.#ready.kernels.run(parameters);
    const gradient = Object.values(resident!.gradients)[0];
    return [
      // What is not reduced has its sum as its one number, as its gradient is of that.
      result.shape.length === 0 ? Number(result.data[0]) : numerator,
      gradient ? normOf(await gradient.whole()) : Number.NaN,
    ];
  }
}

/** √Σx², without overflow where the squares would. */
export function normOf(data: TypedArray): number {
  let [scale, sum] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(Number(data[i]));
    if (size === 0) continue;
    if (size > scale) {
      sum = 1 + sum * (scale / size) ** 2;
      scale = size;
    } else sum += (size / scale) ** 2;
  }
  return Number.isFinite(scale) ? scale * Math.sqrt(sum) : scale;
}
