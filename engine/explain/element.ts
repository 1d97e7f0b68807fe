/** One element of a loss, worked through: its value, and what is sent back to the prediction there. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../array.ts';
import type { EvaluateRequest } from '../evaluation.ts';
import type { Dims, Expr } from '../language/expression.ts';
import { position } from '../layout.ts';
import { short } from '../presentation/numbers.ts';
import { predictionOf } from '../presentation/prediction.ts';
import type { Built } from '../problem.ts';
import { evaluableNamed, type Posed, posing } from '../request.ts';
import { explainKernel } from './kernels/index.ts';
import { type Trace, traced, Wholes } from './slice.ts';
import { type Line, worked } from './worked.ts';

export interface ElementExplained {
  /** In the unreduced loss. */
  readonly index: readonly number[];
  /** As the last line gives it, in float64. */
  readonly loss: Float64Array;
  /** What the sum of the value holds of it, where that is another number: CTC's mean divides by each target's length. */
  readonly counted?: Float64Array;
  readonly lines: readonly Line[];
  /** How much it counts in a weighted mean. */
  readonly weight?: Float64Array;
  /** What goes back to its part of the prediction, line by line. */
  readonly gradient?: { readonly by: string; readonly lines: readonly Line[] };
  /** Why there are no lines. */
  readonly unexplained?: string;
}

/**
 * @param row  counts through the unreduced loss, row-major
 * @throws LossLensError as `prepare` does, and where the element depends on too much of the data
 */
export const explainElement = (request: EvaluateRequest, row: number): ElementExplained =>
  new ElementExplainer().explain(request, row);

/**
 * Explains one element after the other, while parameters change: as long as loss, data and reduction are the same ones,
 * the data is checked once, and what stands for all elements is computed once.
 */
export class ElementExplainer {
  #request: EvaluateRequest | undefined;
  #pose: ReturnType<typeof posing> | undefined;
  #built: Built | undefined;
  #wholes = new Wholes();

  /** As `explainElement`. */
  explain(request: EvaluateRequest, row: number): ElementExplained {
    const { built, uniforms } = this.#posed(request);
    const { plan, elementShape } = built;
    const flat = Math.min(row, sizeOf(elementShape) - 1);
    const index = position(elementShape, flat);
    if (plan.kind === 'kernel') {
      const { loss, counted, lines } = explainKernel(plan.kernel, uniforms, Math.max(0, flat));
      return {
        index,
        loss: Float64Array.of(loss),
        ...(counted !== undefined && { counted: Float64Array.of(counted) }),
        lines,
        ...(lines.length === 0 && { unexplained: withoutParts(loss) }),
      };
    }
    const { problem, weight } = plan;
    const { dims } = problem.elements!;
    const place = placeOf(dims, problem.sizes.length, index);
    const shapes = (input: string): readonly number[] => built.call.shape(input);
    const of = (root: Expr): Trace => traced(problem, root, dims, place, uniforms, { wholes: this.#wholes });
    const trace = of(problem.elements!);
    const ofWeight = weight && of(weight);
    const by = predictionOf(evaluableNamed(request.loss).inputs, request.inputs);
    const slope = problem.gradients[by];
    const input = built.call.nodes[by];
    // An element that several parts of the prediction do not belong to has no gradient of its own.
    const gradient = slope && input && (dims & ~input.dims) === 0 ? of(slope) : undefined;
    return {
      index,
      loss: trace.values.get(trace.root)!.slice(),
      lines: worked(trace, shapes, t('loss')),
      ...(ofWeight && { weight: ofWeight.values.get(ofWeight.root)!.slice() }),
      ...(gradient && { gradient: { by, lines: worked(gradient, shapes, t`∂value/∂${by}`) } }),
    };
  }

  #posed(request: EvaluateRequest): Posed {
    const before = this.#request;
    const isSame =
      before?.loss === request.loss &&
      before.inputs === request.inputs &&
      before.reduction === request.reduction;
    if (!this.#pose || !isSame) this.#pose = posing({ ...request, gradients: true });
    this.#request = request;
    const posed = this.#pose(request.parameters ?? {});
    if (posed.built !== this.#built) this.#wholes = new Wholes();
    this.#built = posed.built;
    return posed;
  }
}

/** The place in the space of an element with this index. */
export function placeOf(dims: Dims, rank: number, index: readonly number[]): number[] {
  let next = 0;
  return Array.from({ length: rank }, (_, d) => (dims & (1 << d) ? index[next++]! : 0));
}

const withoutParts = (loss: number): string =>
  Number.isFinite(loss)
    ? t(
        'A frame counts in part here, or more labels than there are: no alignment is what the number is made of.',
      )
    : t`It is ${short(loss, 'float64')}, which no parts add up to.`;
