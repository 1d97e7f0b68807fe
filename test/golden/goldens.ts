/** The golden data as the engine's own types, and the comparison of an answer with it. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { allocate, type DType, type NdArray, sizeOf, type TypedArray } from '../../engine/array.ts';
import type { Evaluation, ParameterValue } from '../../engine/evaluation.ts';

/** JSON has no NaN and no infinities: they are strings here. */
type Written = number | boolean | string | null;

interface WrittenArray {
  readonly dtype?: DType;
  readonly shape: readonly number[];
  readonly data: readonly Written[];
}

interface WrittenCase {
  readonly symbol: string;
  readonly note: string;
  readonly inputs: Readonly<Record<string, WrittenArray>>;
  readonly parameters: Readonly<Record<string, Written>>;
  readonly surrogate?: true;
  readonly value?: WrittenArray;
  readonly gradients?: Readonly<Record<string, WrittenArray>>;
  readonly error?: string;
  readonly gradientError?: string;
  readonly warning?: string;
}

/** What a library answered to one call. */
export interface Golden {
  readonly symbol: string;
  readonly note: string;
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The library's gradient is not the derivative of its value here, or there is none. */
  readonly surrogate: boolean;
  /** Absent when the library refused, with `error`. */
  readonly value?: NdArray;
  /** By the inputs that the library differentiates, each in its input's dtype. */
  readonly gradients: Readonly<Record<string, NdArray>>;
  readonly error?: string;
  /** The library gives a value, but refuses to differentiate it. */
  readonly gradientError?: string;
  readonly warning?: string;
}

function toNumber(value: Written): number {
  if (typeof value !== 'string') return Number(value);
  return value === 'nan' ? Number.NaN : value === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

function toArray({ dtype, shape, data }: WrittenArray, otherwise: DType): NdArray {
  const values: TypedArray = allocate(dtype ?? otherwise, sizeOf(shape));
  data.forEach((value, i) => {
    if (values instanceof BigInt64Array) values[i] = BigInt(Number(value));
    else values[i] = toNumber(value);
  });
  return { dtype: dtype ?? otherwise, shape, data: values };
}

const mapped = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

function toGolden(written: WrittenCase): Golden {
  const { inputs, parameters, surrogate, value, gradients, ...rest } = written;
  const dtype = value?.dtype ?? 'float64';
  return {
    ...rest,
    inputs: mapped(inputs, (input) => toArray(input, 'float64')),
    parameters: mapped(parameters, (parameter) =>
      parameter === 'nan' || parameter === 'inf' || parameter === '-inf' ? toNumber(parameter) : parameter,
    ),
    surrogate: surrogate ?? false,
    ...(value && { value: toArray(value, dtype) }),
    gradients: mapped(gradients ?? {}, (gradient) => toArray(gradient, dtype)),
  };
}

const casesIn = (file: string | URL): readonly WrittenCase[] =>
  (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly WrittenCase[] }).cases;

/** Answers that `ask_random.py` wrote. */
export const goldensIn = (file: string): readonly Golden[] => casesIn(file).map(toGolden);

function read(name: string): readonly Golden[] {
  const cases = casesIn(new URL(`data/${name}.json`, import.meta.url));
  return (name === 'keras' ? [...cases, ...onBackends(cases)] : cases).map(toGolden);
}

/** The libraries that were asked: each has its cases in `cases_<library>.py` and its answers in `data`. */
const libraries = globSync('data/*.json', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.json'))
  .filter((library) => existsSync(new URL(`cases_${library}.py`, import.meta.url)))
  .toSorted();

/** An answer of Keras on another backend than TensorFlow's, to a case of `keras`. */
interface BackendAnswer extends Omit<WrittenCase, 'inputs' | 'parameters'> {
  readonly backend: string;
}

/**
 * What is not compared of Keras' other backends: where only the rounding to float32 of a step in between makes a tie, or
 * leaves no digits (the reference backend computes in float64); and NaN as a label, of which JAX makes 0 or −2³¹.
 */
const undefinedThere =
  /cosine_?similarity: (tiny|large) vectors|focal.*: from_logits, large and 0|label NaN/i;

/** Keras' cases on its other backends: keras-backends.json has the answers that differ, all others are the same. */
function onBackends(cases: readonly WrittenCase[]): readonly WrittenCase[] {
  const text = readFileSync(new URL('data/keras-backends.json', import.meta.url), 'utf8');
  const { cases: differing } = JSON.parse(text) as { cases: readonly BackendAnswer[] };
  const key = (backend: string, { symbol, note }: { symbol: string; note: string }): string =>
    JSON.stringify([backend, symbol, note]);
  const answers = new Map(differing.map((answer) => [key(answer.backend, answer), answer]));
  const asking = cases.filter(({ symbol, note }) => !undefinedThere.test(`${symbol}: ${note}`));
  return ['torch', 'jax'].flatMap((backend) =>
    asking.map((asked) => {
      const { symbol, note, inputs, parameters, surrogate } = asked;
      const { backend: _, ...answer } = answers.get(key(backend, asked)) ?? { ...asked, backend };
      // JAX has gradients of 0 by labels that it casts, where TensorFlow has none.
      const gradients = Object.entries(answer.gradients ?? {}).filter(
        ([name, { data }]) =>
          (asked.gradients && name in asked.gradients) || data.some((slope) => slope !== 0),
      );
      return {
        ...answer,
        gradients: Object.fromEntries(gradients),
        symbol,
        note: `${note}, on ${backend}`,
        inputs,
        parameters: { ...parameters, kerasBackend: backend },
        ...(surrogate && { surrogate }),
      };
    }),
  );
}

/** Every case, by symbol. */
export function goldensBySymbol(): ReadonlyMap<string, readonly Golden[]> {
  return Map.groupBy(libraries.flatMap(read), ({ symbol }) => symbol);
}

/** The spacing of float32 numbers at `x`. */
function ulp32(x: number): number {
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -126)));
  return 2 ** (exponent - 23);
}

const largestOf = ({ data }: NdArray): number =>
  Array.from(data, Number).reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);

/**
 * How `actual` departs from `expected`, in words; nothing when it agrees. `largest` is the size of what may have
 * cancelled. float64: 1e-12 of the number, or 1e-14 of the largest. float32: 4 units in the last place, or 1e-6 of the
 * largest, and what is too large for float32 is infinite.
 */
function departure(
  expected: NdArray,
  actual: NdArray | undefined,
  precision: 'float32' | 'float64',
  largest: number,
): string | undefined {
  if (!actual) return 'is missing';
  if (actual.shape.join() !== expected.shape.join()) {
    return `has shape [${actual.shape}] instead of [${expected.shape}]`;
  }
  const single = precision === 'float32';
  for (let i = 0; i < expected.data.length; i++) {
    const x = Number(expected.data[i]);
    const y = single ? Math.fround(Number(actual.data[i])) : Number(actual.data[i]);
    if (Object.is(x, y) || x === y) continue;
    const allowed = single
      ? Math.max(4 * ulp32(x), 1e-6 * largest)
      : Math.max(1e-12 * Math.abs(x), 1e-14 * largest);
    if (Number.isFinite(x) && Number.isFinite(y) && Math.abs(x - y) <= allowed) continue;
    return `is ${y} instead of ${x} at flat index ${i} of [${expected.shape}]`;
  }
  return undefined;
}

/** Every departure of an evaluation from what the library answered. */
export function departures(golden: Golden, evaluation: Evaluation): string[] {
  const { symbol, inputs, parameters, value, gradients, warning } = golden;
  // Libraries compute parts of a mixed call in float32 before they promote them, torch and POT also beside other dtypes,
  // and optax the softmax of CTC; TensorFlow 1 reduces in float32 always, and so does Keras on torch; its CTC computes in
  // float32.
  const dtypes = new Set(Object.values(inputs).map(({ dtype }) => dtype));
  const mixed =
    (dtypes.has('float32') && dtypes.has('float64')) ||
    symbol.startsWith('tf.compat.v1.losses.') ||
    /^keras.*ctc$/i.test(symbol) ||
    parameters['kerasBackend'] === 'torch' ||
    (/^(torch|monai|kornia|optax\.ctc|ot\.)/.test(symbol) && dtypes.has('float32'));
  const precision = (dtype: DType) => (mixed || dtype === 'float32' ? 'float32' : 'float64');
  const problems: string[] = [];
  const compare = (what: string, expected: NdArray, actual: NdArray | undefined): void => {
    // A weight's gradient is a difference of losses: (loss − weighted mean) / Σ weight.
    const ofLosses = /by (sample_weight|weights)$/.test(what) ? largestOf(value!) : 0;
    // What cancels where a loss is 1 less a ratio is that 1.
    const one = what === 'value' && /dice|tversky|jaccard/i.test(symbol) ? 1 : 0;
    // The recursions of CTC round in every frame; and Keras' backends count as agreeing when they do to 3e-6.
    const margin = /ctc/i.test(symbol) ? 8 : 'kerasBackend' in parameters ? 10 : 1;
    // 1 − σ(40) is 0 in float32 alone.
    const underflow = 'kerasBackend' in parameters ? 1e-9 : 0;
    const largest = margin * Math.max(largestOf(expected), ofLosses, one, underflow);
    const dtype = precision(value!.dtype) === 'float32' ? 'float32' : precision(expected.dtype);
    const problem = departure(expected, actual, dtype, largest);
    if (problem) problems.push(`${what} ${problem}`);
  };
  compare('value', value!, evaluation.value);
  for (const [name, gradient] of Object.entries(gradients)) {
    compare(`gradient by ${name}`, gradient, evaluation.gradients[name]);
  }
  if (warning !== undefined && evaluation.warnings.length === 0) {
    problems.push(`no warning, where the library says: ${warning}`);
  }
  return problems;
}
