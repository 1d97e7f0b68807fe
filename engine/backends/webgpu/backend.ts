/**
 * The GPU backend: passes as WGSL, in float32.
 *
 * A prepared problem has buffers of its own: the inputs, put there once, the outputs, and what kernels leave for each
 * other. A run writes the numbers, dispatches every kernel in one submission, and reads back the totals and whatever
 * output was asked for.
 *
 * WGSL promises nothing about infinities, NaN and subnormal numbers. They are looked for by their bits, in the inputs
 * before they are placed and in all that comes back; what has any is refused, for the CPU to evaluate.
 */
import type { TypedArray } from '../../array.ts';
import type { LossLensError } from '../../errors.ts';
import type { Expr } from '../../language/expression.ts';
import { countOf } from '../../language/space.ts';
import type { Backend, Execution, Problem, Result, Uniforms } from '../backend.ts';
import { type Lowered, lower, numberOf } from '../lower.ts';
import { CtcExecution } from './ctc.ts';
import { type Gpu, gpuAvailable, mayUse, openGpu } from './device.ts';
import { scratch } from './kernel/pieces.ts';
import { type NumberedDispatch, type Plan, plan } from './plan.ts';
import { prove } from './proof.ts';
import { surveyed, surveyGroups, surveyLength, surveyText } from './survey.ts';
import { firstUnsafe, unsupported, Work } from './work.ts';

/** The GPU, proven. */
const open = (): Promise<Gpu> =>
  openGpu((gpu) => prove((problem) => new GpuExecution(problem, () => Promise.resolve(gpu))));

/** What kind of adapter there is, if one that computes right. */
export async function gpuKind(): Promise<'hardware' | 'software' | 'none'> {
  try {
    return (await open()).isSoftware ? 'software' : 'hardware';
  } catch {
    return 'none';
  }
}

/** One that `auto` may use. */
const openHardware = async (): Promise<Gpu> => {
  const gpu = await open();
  if (mayUse(gpu)) return gpu;
  throw unsupported('The GPU here is a program on the CPU.', 'a software adapter');
};

const on = (gpu: () => Promise<Gpu>): Backend => ({
  name: 'webgpu',
  prepare: (problem) => new GpuExecution(problem, gpu),
  prepareKernel: (kernel) => new CtcExecution(kernel, gpu),
});

/** For who names it: on any adapter. */
export const webgpu: Backend & { isAvailable(): boolean } = { ...on(open), isAvailable: gpuAvailable };

/** For `auto`: on adapters that are worth it. */
export const hardware: Backend = on(openHardware);

function toFloat32(data: TypedArray): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data);
}

class GpuExecution implements Execution {
  readonly #lowered: Lowered;
  readonly #plan: Plan;
  readonly #work: Work<NumberedDispatch>;
  /** How many numbers each has. */
  readonly #outputs: ReadonlyMap<string, number>;
  readonly #isResident: boolean;
  #planning: number;

  /** @throws LossLensError `backend-unsupported` for problems that are the CPU's. */
  constructor(problem: Problem, gpu: () => Promise<Gpu>) {
    const start = performance.now();
    if (problem.dtype === 'float64') throw unsupported('The GPU has no float64.', 'float64');
    if (problem.sizes.includes(0))
      throw unsupported('The GPU evaluates no empty arrays.', `[${problem.sizes}]`);
    this.#lowered = lower(problem);
    this.#plan = plan(this.#lowered);
    const { dispatches, totals, scratchLength } = this.#plan;
    const used = new Set(dispatches.flatMap(({ bindings }) => bindings));
    const inputs = new Map<string, Float32Array>();
    const outputs = new Map<string, number>();
    for (const [name, { data }] of Object.entries(problem.arrays)) {
      if (used.has(`gradient:${name}`)) outputs.set(`gradient:${name}`, data.length);
      if (!used.has(`input:${name}`)) continue;
      const numbers = toFloat32(data);
      const unsafe = firstUnsafe(numbers, true);
      if (unsafe >= 0) {
        throw unsupported(
          'The GPU promises nothing about infinite, NaN and subnormal numbers.',
          `${data[unsafe]} in ${name}`,
        );
      }
      inputs.set(`input:${name}`, numbers);
    }
    if (used.has('elements')) outputs.set('elements', countOf(problem.elements!.dims, problem.sizes));
    this.#isResident = problem.resident === true;
    this.#outputs = outputs;
    const surveys = new Map(
      [...(this.#isResident ? outputs : [])].map(([name, length]) => [survey(name), surveyLength(length)]),
    );
    this.#planning = performance.now() - start;
    this.#work = new Work(
      gpu(),
      {
        dispatches: [...dispatches, ...(this.#isResident ? [...outputs].map(surveyOf) : [])],
        inputs,
        written: new Map([[scratch, scratchLength], ...outputs, ...surveys]),
        read: new Map([[scratch, totals.length], ...(this.#isResident ? surveys : outputs)]),
      },
      ({ words }) => blockLength(words),
    );
  }

  async run(uniforms: Uniforms, signal?: AbortSignal): Promise<Result> {
    await this.#work.placed;
    const start = performance.now();
    const known = (node: Expr): number => numberOf(node, this.#lowered, 'float32', uniforms, unknown);
    const values = await this.#work.run((dispatch) => blockOf(dispatch, known), signal);
    const totals = values.get(scratch)!;
    const number = (node: Expr): number =>
      numberOf(
        node,
        this.#lowered,
        'float32',
        uniforms,
        (total) => totals[this.#plan.totals.indexOf(total)]!,
      );
    const { numerator, denominator } = this.#lowered;
    const outputs = this.#isResident ? this.#resident(values, number) : this.#whole(values, number);
    const { compile, transfer } = this.#work.takeTiming();
    const result: Result = {
      numerator: number(numerator),
      denominator: number(denominator),
      ...outputs,
      dtype: 'float32',
      timing: { compile: this.#planning + compile, transfer, run: performance.now() - start },
    };
    this.#planning = 0;
    if (firstUnsafe(totals, false) >= 0 || !Number.isFinite(result.numerator)) throw notFinite();
    return result;
  }

  /** @throws LossLensError `backend-unsupported` for numbers that are not finite. */
  #whole(values: Values, number: (node: Expr) => number): Pick<Result, 'elements' | 'gradients'> {
    const { elements, gradients, arrays } = this.#lowered;
    const output = (name: string, node: Expr, length: number): Float32Array => {
      // A number without dimensions, of which no kernel knows, is computed here.
      const numbers = values.get(name) ?? new Float32Array(length).fill(number(node));
      if (firstUnsafe(numbers, false) >= 0) throw notFinite();
      return numbers;
    };
    return {
      ...(elements && { elements: output('elements', elements, 1) }),
      gradients: Object.fromEntries(
        Object.entries(gradients).map(([name, node]) => [
          name,
          output(`gradient:${name}`, node, arrays[name]!.data.length),
        ]),
      ),
    };
  }

  #resident(values: Values, number: (node: Expr) => number): Pick<Result, 'resident' | 'gradients'> {
    const { elements, gradients, arrays } = this.#lowered;
    const nodeOf = (name: string): Expr =>
      name === 'elements' ? elements! : gradients[name.slice(name.indexOf(':') + 1)]!;
    const surveys = new Map(
      [...this.#outputs.keys()].map((name) => [name, surveyed(values.get(survey(name))!)]),
    );
    if ([...surveys.values()].some(({ allFinite }) => !allFinite)) throw notFinite();
    return {
      gradients: {},
      resident: {
        largest: surveys.get('elements')?.largest ?? 0,
        take: (name, places) => {
          if (this.#outputs.has(name)) return this.#work.take(name, places);
          return Promise.resolve(new Float32Array(places.length).fill(number(nodeOf(name))));
        },
        whole: (name) => {
          const length = this.#outputs.get(name);
          if (length !== undefined) return this.#work.whole(name, length);
          const { data } = name === 'elements' ? { data: [0] } : arrays[name.slice(name.indexOf(':') + 1)]!;
          return Promise.resolve(new Float32Array(data.length).fill(number(nodeOf(name))));
        },
      },
    };
  }

  dispose(): void {
    this.#work.dispose();
  }
}

type Values = ReadonlyMap<string, Float32Array>;

const survey = (output: string): string => `survey:${output}`;

const surveyOf = ([name, length]: [string, number]): NumberedDispatch => ({
  text: surveyText,
  bindings: [name, survey(name)],
  words: [length],
  groups: surveyGroups(length),
});

const notFinite = (): LossLensError =>
  unsupported('The GPU promises nothing about infinite numbers and NaN.', 'some in the result');

const unknown = (): never => {
  throw new Error('a reduction is not known before the run');
};

/** Blocks are whole vectors of four words. */
const blockLength = (words: readonly unknown[]): number => Math.ceil(words.length / 4) * 4;

/** The uniform block's words, numbers among them as float32. */
function blockOf({ words }: NumberedDispatch, known: (node: Expr) => number): Uint32Array<ArrayBuffer> {
  const block = new Uint32Array(blockLength(words));
  const numbers = new Float32Array(block.buffer);
  for (const [i, word] of words.entries()) {
    if (typeof word === 'number') block[i] = word;
    else numbers[i] = known(word);
  }
  return block;
}
