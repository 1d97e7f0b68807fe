/** Loss and gradient over one coordinate of the prediction, and the user's own elements on the same axes. */

import { t } from '@vscode/l10n';
import { interpret, layOut } from './backends/reference/interpreter.ts';
import type { Curve, CurvePoints } from './catalogue.ts';
import {
  type CurveSpec,
  completeParameters,
  type Definition,
  type OwnRows,
  type Rows,
} from './definition.ts';
import { LossLensError } from './errors.ts';
import type { EvaluateRequest, Parameters, ParameterValue } from './evaluation.ts';
import { runKernel } from './kernels/index.ts';
import { kernelRequest } from './kernels/plan.ts';
import { type Built, build } from './problem.ts';
import { numbersOf, resolve } from './request.ts';

const samples = 241;

/**
 * The curve of a loss or framework symbol, unreduced, in float64.
 * @param range  of the abscissa, instead of the loss's own
 */
export function curve(
  loss: string,
  parameters: Parameters = {},
  range?: readonly [from: number, to: number],
): Curve {
  const { definition, complete, spec } = drawn(loss, parameters);
  const [from, to] = range ?? spec.range;
  return {
    xLabel: spec.xLabel,
    gradientLabel: t`∂loss/∂${spec.along ?? spec.by}`,
    series: spec.series.map(({ label, rows }) => {
      const x = Float64Array.from({ length: samples }, (_, i) => from + ((to - from) * i) / (samples - 1));
      return { label, x, ...evaluateRows(definition, complete, spec, x, rows) };
    }),
  };
}

/**
 * At most `limit` of the user's elements, evenly taken, the outermost ones always among them. Weights are left out: a
 * point lies where its element stands before it is weighted. `undefined` where the inputs have no place on the axis.
 */
export function curvePoints(
  request: Pick<EvaluateRequest, 'loss' | 'inputs' | 'parameters'>,
  limit: number,
): CurvePoints | undefined {
  const { definition, complete, spec } = drawn(request.loss, request.parameters ?? {});
  const own = spec.points?.(request.inputs);
  if (!own || own.count === 0) return undefined;
  const indices = chosenBefore(request.inputs, own, Math.min(limit, own.most ?? limit));
  if (indices.length === 0) return undefined;
  try {
    return {
      x: Float64Array.from(indices, (i) => own.x(i)),
      index: Float64Array.from(indices),
      ...evaluateTogether(definition, complete, spec, own.rows(indices)),
    };
  } catch (error) {
    if (error instanceof LossLensError) return undefined;
    throw error;
  }
}

/** What was chosen of some inputs, and where it stood. */
const choices = new WeakMap<
  object,
  { readonly indices: readonly number[]; readonly x: readonly number[]; readonly limit: number }
>();

/**
 * Choosing reads every element, which takes longer than evaluating them. As long as what was chosen stands where it did,
 * the parameters have not moved the elements, and the choice holds.
 */
function chosenBefore(inputs: object, own: OwnRows, limit: number): readonly number[] {
  const before = choices.get(inputs);
  if (
    before?.limit === limit &&
    before.indices.every((index, k) => index < own.count && Object.is(own.x(index), before.x[k]))
  ) {
    return before.indices.filter((_, k) => !Number.isNaN(before.x[k]));
  }
  const indices = chosen(own, limit);
  const x = indices.map((index) => own.x(index));
  choices.set(inputs, { indices, x, limit });
  return indices.filter((_, k) => !Number.isNaN(x[k]));
}

/** Evenly spaced elements, whether they have a place on the axis or not, with the leftmost and the rightmost of all. */
function chosen(own: OwnRows, limit: number): number[] {
  const step = Math.max(1, own.count / Math.max(1, limit - 2));
  const indices = new Set<number>();
  let [leftmost, rightmost] = [-1, -1];
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < own.count; i++) {
    const x = own.x(i);
    if (x < least) [least, leftmost] = [x, i];
    if (x > greatest) [greatest, rightmost] = [x, i];
  }
  for (let i = 0; i < own.count; i += step) indices.add(Math.floor(i));
  if (leftmost >= 0) indices.add(leftmost).add(rightmost);
  return [...indices].sort((a, b) => a - b);
}

function drawn(
  loss: string,
  parameters: Parameters,
): { definition: Definition; complete: Record<string, ParameterValue>; spec: CurveSpec } {
  const { definition, curve: specOf } = resolve(loss);
  const complete = completeParameters(definition, parameters);
  return { definition, complete, spec: specOf(complete) };
}

function evaluateRows(
  definition: Definition,
  parameters: Record<string, ParameterValue>,
  spec: CurveSpec,
  x: Float64Array,
  rowsOf: (x: Float64Array) => Rows,
): { loss: Float64Array; gradient: Float64Array } {
  if (!spec.oneByOne) return evaluateTogether(definition, parameters, spec, rowsOf(x));
  const each = Array.from(x, (at) =>
    evaluateTogether(definition, parameters, spec, rowsOf(Float64Array.of(at))),
  );
  return {
    loss: Float64Array.from(each, ({ loss }) => loss[0]!),
    gradient: Float64Array.from(each, ({ gradient }) => gradient[0]!),
  };
}

function evaluateTogether(
  definition: Definition,
  parameters: Record<string, ParameterValue>,
  spec: CurveSpec,
  rows: Rows,
): { loss: Float64Array; gradient: Float64Array } {
  const reduction = spec.oneByOne ? 'mean' : 'none';
  const own: Record<string, ParameterValue> = {
    ...parameters,
    // Wherever the user's classes are, those of a row are last.
    ...(typeof parameters.axis === 'number' && { axis: -1 }),
    ...spec.parameters,
    ...('reduction' in parameters && { reduction }),
  };
  const built = build(definition, rows.inputs, own, { reduction, gradients: [spec.by], elements: true });
  const { elements, gradient, value } = computeHere(built, spec.by, numbersOf(own));
  const perRow = elements.length / rows.count;
  return {
    loss: Float64Array.from({ length: rows.count }, (_, row) => {
      if (spec.oneByOne && value !== undefined) return value;
      let total = 0;
      for (let i = row * perRow; i < (row + 1) * perRow; i++) total += elements[i]!;
      return total;
    }),
    gradient: Float64Array.from(
      { length: rows.count },
      (_, row) => Number(gradient[rows.entry(row)]) * (rows.factor?.(row) ?? 1),
    ),
  };
}

/** Elements, one gradient and the value of a program, at once: the rows are few. */
function computeHere(
  { plan }: Built,
  by: string,
  uniforms: Record<string, number>,
): { elements: ArrayLike<number>; gradient: ArrayLike<number | bigint>; value?: number } {
  if (plan.kind === 'kernel') {
    const { elements, gradients } = runKernel(kernelRequest(plan.kernel, uniforms).request);
    return { elements, gradient: gradients[plan.kernel.body.differentiable[by]!]! };
  }
  const { problem } = plan;
  const slope = problem.gradients[by]!;
  const { elements, numerator, denominator } = problem;
  const values = interpret(problem, [elements!, slope, numerator, denominator], uniforms);
  return {
    elements: values.get(elements!)!,
    value: values.get(numerator)![0]! / values.get(denominator)![0]!,
    gradient: layOut(values.get(slope)!, slope.dims, problem.arrays[by]!, problem.sizes),
  };
}
