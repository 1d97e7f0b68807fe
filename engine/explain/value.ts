/** How the elements became the value: what counted, and what the other reductions would make of them. */
import { sizeOf } from '../array.ts';
import type { ParameterInfo } from '../catalogue.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluateRequest, ParameterValue, Reduction } from '../evaluation.ts';
import type { Failure } from '../presentation/shown.ts';
import { toFailure } from '../presentation/wire.ts';
import { evaluableNamed, problemOf } from '../request.ts';
import { traced } from './slice.ts';

export interface ValueExplained {
  readonly elements: number;
  /** Of the unreduced loss. */
  readonly shape: readonly number[];
  /** Where the program gives each element a weight of its own. */
  readonly weights?: {
    /** Elements of weight 0. */
    readonly ignored: number;
    /** The first few of them, as rows. */
    readonly first: readonly number[];
    /** [least, greatest, sum] */
    readonly range: Float64Array;
  };
  readonly reductions: readonly ReductionExplained[];
}

export interface ReductionExplained {
  readonly reduction: ParameterValue;
  readonly isOwn: boolean;
  /** [value, numerator, denominator]; the value of an unreduced loss is NaN, and its shape says what it is. */
  readonly quotient?: Float64Array;
  readonly shape?: readonly number[];
  readonly failure?: Failure;
}

/** Of how many ignored elements the rows are told. */
const mostIgnored = 8;

/** @throws LossLensError as `prepare` does */
export async function explainValue(request: EvaluateRequest): Promise<ValueExplained> {
  const { built, uniforms } = problemOf({ ...request, gradients: false });
  const { plan, elementShape } = built;
  const weight = plan.kind === 'expression' ? plan.weight : undefined;
  let weights: ValueExplained['weights'];
  if (plan.kind === 'expression' && weight) {
    const { values, root } = traced(plan.problem, weight, 0, [], uniforms);
    weights = surveyOf(values.get(root)!, sizeOf(elementShape));
  }
  return {
    elements: sizeOf(elementShape),
    shape: elementShape,
    ...(weights && { weights }),
    reductions: await reductionsOf(request),
  };
}

/** @param repeated how many elements the weights stand for: fewer of them are repeated */
function surveyOf(values: Float64Array, repeated: number): NonNullable<ValueExplained['weights']> {
  const times = values.length === 0 ? 0 : repeated / values.length;
  let [ignored, least, greatest, sum] = [0, Infinity, -Infinity, 0];
  const first: number[] = [];
  values.forEach((value, row) => {
    if (value === 0) {
      ignored++;
      if (times === 1 && first.length < mostIgnored) first.push(row);
    }
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
  });
  return { ignored: ignored * times, first, range: Float64Array.of(least, greatest, sum * times) };
}

/** The parameter that says how the elements become the value, of a symbol that has one. */
export const reductionOf = (parameters: readonly ParameterInfo[]): ParameterInfo | undefined =>
  parameters.find(({ name, kind }) => kind === 'choice' && (name === 'reduction' || name === 'reduce_fn'));

const ofCatalogue: readonly Reduction[] = ['mean', 'sum', 'batchmean', 'none'];

async function reductionsOf(request: EvaluateRequest): Promise<ReductionExplained[]> {
  const subject = evaluableNamed(request.loss);
  const info = reductionOf(subject.parameters);
  const explained: ReductionExplained[] = [];
  const isLoss = 'id' in subject;
  if (!info && !isLoss) return explained;
  const own = info
    ? (request.parameters?.[info.name] ?? info.default)
    : (request.reduction ?? ('reduction' in subject ? subject.reduction : 'mean'));
  for (const reduction of info ? info.choices! : ofCatalogue) {
    const asked: EvaluateRequest = info
      ? { ...request, parameters: { ...request.parameters, [info.name]: reduction } }
      : { ...request, reduction: reduction as Reduction };
    try {
      const { value, numerator, denominator } = await evaluate({
        ...asked,
        gradients: false,
        elements: false,
      });
      const isOne = value.shape.length === 0;
      explained.push({
        reduction,
        isOwn: reduction === own,
        quotient: Float64Array.of(isOne ? Number(value.data[0]) : Number.NaN, numerator, denominator),
        ...(!isOne && { shape: value.shape }),
      });
    } catch (error) {
      explained.push({ reduction, isOwn: reduction === own, failure: toFailure(error) });
    }
  }
  return explained;
}
