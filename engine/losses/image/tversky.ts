import type { ParameterInfo } from '../../catalogue.ts';
import type { Loss } from '../../definition.ts';
import { add, div, type Expr, mul, sub } from '../../language/expression.ts';
import { overlapCurve } from '../curves.ts';
import { overlapInputs, overlapOf, overlapParameters } from './overlap.ts';

export interface Confusion {
  readonly intersection: Expr;
  readonly falsePositives: Expr;
  readonly falseNegatives: Expr;
  readonly alpha: Expr;
  readonly beta: Expr;
}

/** The intersection, and what it is divided by before any smoothing: intersection + α·FP + β·FN. */
export const tverskyDenominator = (of: Confusion): Expr =>
  add(add(of.intersection, mul(of.alpha, of.falsePositives)), mul(of.beta, of.falseNegatives));

const share = (name: string, of: string): ParameterInfo => ({
  name,
  kind: 'number',
  default: 0.5,
  minimum: 0,
  description: `the weight of ${of}`,
});

export const tversky: Loss = {
  id: 'tversky',
  title: 'Tversky loss',
  family: 'image',
  inputs: overlapInputs,
  parameters: [share('alpha', 'false positives'), share('beta', 'false negatives'), ...overlapParameters],
  reduction: 'mean',
  program(call) {
    const { intersection, prediction, target, parts } = overlapOf(call);
    const smooth = call.uniform('smooth');
    const denominator = tverskyDenominator({
      intersection,
      falsePositives: sub(prediction, intersection),
      falseNegatives: sub(target, intersection),
      alpha: call.uniform('alpha'),
      beta: call.uniform('beta'),
    });
    return { elements: sub(1, div(add(intersection, smooth), add(denominator, smooth))), parts };
  },
  curve: overlapCurve('prediction', 'target'),
};
