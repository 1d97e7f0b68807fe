/** Losses, parameters and frameworks side by side on the same data: values and gradients. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../array.ts';
import type { Framework } from '../catalogue.ts';
import { LossLensError } from '../errors.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluateRequest, Evaluation, Parameters, ParameterValue, Reduction } from '../evaluation.ts';
import { symbols } from '../frameworks/index.ts';
import { losses } from '../losses/index.ts';
import { predictionOf } from '../presentation/prediction.ts';
import { reductionInWords } from '../presentation/reduction.ts';
import type { Failure } from '../presentation/shown.ts';
import { toFailure } from '../presentation/wire.ts';
import { evaluableNamed } from '../request.ts';
import { type Evaluable, lossOf, meaningOf, nameOf, reading, taken } from './roles.ts';
import { reductionOf } from './value.ts';

/** As many as there are columns for. */
export const mostCompared = 4;

export interface Comparable {
  /** A catalogue id or a symbol. */
  readonly name: string;
  /** Of a catalogue loss. */
  readonly title?: string;
  readonly framework?: Framework;
  /** Whether it is another way to compute the same loss. */
  readonly isSame: boolean;
}

/** Whatever can be given the arrays of the request: the same loss first, then the others in the catalogue's order. */
export function comparable(request: EvaluateRequest): readonly Comparable[] {
  const own = evaluableNamed(request.loss);
  const meaning = meaningOf(own, request.inputs, request.parameters ?? {});
  const found = [...losses, ...symbols].flatMap((other: Evaluable): Comparable[] => {
    const arrays = taken(own, request.inputs, other);
    if (!arrays || !readingLike(other, arrays.inputs, meaning)) return [];
    return [
      {
        name: nameOf(other),
        ...('id' in other ? { title: other.title } : { framework: other.framework }),
        isSame: lossOf(other) === lossOf(own),
      },
    ];
  });
  return [...found.filter(({ isSame }) => isSame), ...found.filter(({ isSame }) => !isSame)];
}

/** Of a loss to which it is all the same what the prediction is, or of which nobody knows, nothing is asked. */
function readingLike(
  other: Evaluable,
  inputs: Readonly<Record<string, NdArray>>,
  meaning: ReturnType<typeof meaningOf>,
): Parameters | undefined {
  return meaning && meaningOf(other, inputs, {}) === undefined ? {} : reading(other, inputs, meaning);
}

export interface ComparedWith {
  readonly loss: string;
  /** Of the loss's own names; what is not given is as the data are read, else as by default. */
  readonly parameters: Parameters;
}

export interface Compared {
  readonly loss: string;
  /** With which it was evaluated. */
  readonly parameters: Parameters;
  /** [value, numerator, denominator]; the value of an unreduced loss is NaN. */
  readonly quotient?: Float64Array;
  readonly reduction?: string;
  readonly shape?: readonly number[];
  /** By the prediction: [norm, least, greatest, zeros, entries]. */
  readonly gradient?: Float64Array;
  /** To the first: the largest difference of an element and of a gradient's entry; NaN where they are not of one shape. */
  readonly difference?: Float64Array;
  /** Inputs that have no place in it. */
  readonly left: readonly string[];
  readonly failure?: Failure;
}

/**
 * @param request the first, whose inputs all get
 * @throws LossLensError `parameter` for more than `mostCompared`
 */
export async function compare(
  request: EvaluateRequest,
  others: readonly ComparedWith[],
): Promise<readonly Compared[]> {
  if (others.length >= mostCompared) {
    throw new LossLensError('parameter', t('So many losses are not compared at once.'), {
      found: String(others.length + 1),
      expected: t`at most ${mostCompared}`,
    });
  }
  const own = evaluableNamed(request.loss);
  const first = await measured(own, request);
  const compared = [answer(own, request, first, first, [])];
  for (const other of others) compared.push(await comparedWith(own, request, first, other));
  return compared;
}

async function comparedWith(
  own: Evaluable,
  request: EvaluateRequest,
  first: Measured,
  { loss, parameters }: ComparedWith,
): Promise<Compared> {
  let left: readonly string[] = [];
  try {
    const other = evaluableNamed(loss);
    const arrays = taken(own, request.inputs, other);
    if (!arrays) {
      throw new LossLensError('missing-input', t`${loss} does not take these arrays.`, {
        found: Object.keys(request.inputs).join(', '),
        expected: other.inputs.map(({ name }) => name).join(', '),
      });
    }
    left = arrays.left;
    const meaning = meaningOf(own, request.inputs, request.parameters ?? {});
    const read = readingLike(other, arrays.inputs, meaning) ?? {};
    const { reduction, ...rest } = { ...read, ...parameters } as Record<string, ParameterValue>;
    const asked: EvaluateRequest = {
      loss,
      inputs: arrays.inputs,
      parameters: 'id' in other || reduction === undefined ? rest : { ...rest, reduction },
      ...('id' in other && typeof reduction === 'string' && { reduction: reduction as Reduction }),
    };
    return answer(other, asked, await measured(other, asked), first, left);
  } catch (error) {
    return { loss, parameters, left, failure: toFailure(error) };
  }
}

interface Measured {
  readonly evaluation: Evaluation;
  readonly elements: NdArray;
  readonly gradient: NdArray | undefined;
}

async function measured(subject: Evaluable, request: EvaluateRequest): Promise<Measured> {
  const by = predictionOf(subject.inputs, request.inputs);
  const evaluation = await evaluate({ ...request, gradients: [by], elements: true });
  return { evaluation, elements: evaluation.elements!, gradient: evaluation.gradients[by] };
}

function answer(
  subject: Evaluable,
  request: EvaluateRequest,
  { evaluation, elements, gradient }: Measured,
  first: Measured,
  left: readonly string[],
): Compared {
  const { value, numerator, denominator } = evaluation;
  const info = reductionOf(subject.parameters);
  const parameters = {
    ...request.parameters,
    ...(request.reduction && { reduction: request.reduction }),
  };
  return {
    loss: request.loss,
    parameters,
    quotient: Float64Array.of(
      value.shape.length === 0 ? Number(value.data[0]) : Number.NaN,
      numerator,
      denominator,
    ),
    reduction: reductionInWords({
      reduction: (info ? (request.parameters?.[info.name] ?? info.default) : request.reduction) ?? null,
      elements: elements.data.length,
      denominator,
      reduced: value.shape.length === 0,
    }),
    shape: elements.shape,
    ...(gradient && { gradient: extremes(gradient.data as Float64Array) }),
    difference: Float64Array.of(
      farthest(elements, first.elements),
      gradient && first.gradient ? farthest(gradient, first.gradient) : Number.NaN,
    ),
    left,
  };
}

function extremes(data: Float64Array): Float64Array {
  let [square, least, greatest, zeros] = [0, Infinity, -Infinity, 0];
  for (const entry of data) {
    square += entry * entry;
    // NaN takes both over and stays.
    least = Math.min(least, entry);
    greatest = Math.max(greatest, entry);
    if (entry === 0) zeros++;
  }
  return Float64Array.of(Math.sqrt(square), least, greatest, zeros, data.length);
}

function farthest(a: NdArray, b: NdArray): number {
  if (a.shape.join() !== b.shape.join()) return Number.NaN;
  let most = 0;
  const [x, y] = [a.data as Float64Array, b.data as Float64Array];
  for (let i = 0; i < x.length; i++) {
    if (Object.is(x[i], y[i])) continue;
    const difference = Math.abs(x[i]! - y[i]!);
    if (Number.isNaN(difference)) return Infinity;
    most = Math.max(most, difference);
  }
  return most;
}
