import { t } from '@vscode/l10n';
import { type Call, floatInput, integerInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  and,
  type Dims,
  div,
  type Expr,
  extent,
  index,
  less,
  mul,
  notEqual,
  pick,
  square,
  sub,
  sum,
  where,
} from '../../language/expression.ts';
import { placeWithClasses, sameShape } from '../../layout.ts';
import { classMarginCurve } from '../curves.ts';
import { placeClassWeight } from './categorical-cross-entropy.ts';
import { requireLabels } from './sparse-categorical-cross-entropy.ts';

export interface MultiMargin {
  readonly prediction: Expr;
  readonly label: Expr;
  readonly classes: Dims;
  readonly margin: Expr;
  readonly squared: boolean;
  /** Weights of the classes, over the class axis alone. */
  readonly classWeight?: Expr | undefined;
}

/**
 * 1/K Σ_{j≠t} w_t max(0, margin − ŷ_t + ŷ_j)^p. A class beyond the margin contributes nothing, whatever its weight is; nor does
 * one whose comparison is NaN.
 */
export function multiMarginLoss({
  prediction,
  label,
  classes,
  margin,
  squared,
  classWeight,
}: MultiMargin): Expr {
  const violation = add(sub(margin, pick(prediction, label, classes)), prediction);
  const term = squared ? square(violation) : violation;
  const weighted = classWeight ? mul(pick(classWeight, label, classes), term) : term;
  const counts = and(less(0, violation), notEqual(index(classes), label));
  return div(sum(where(counts, weighted, 0), classes), extent(classes));
}

export const multiMargin: Loss = {
  id: 'multi-margin',
  title: 'Multi-class margin loss',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'scores of the classes, [N, K] or [K]'),
    integerInput('target', 'class numbers, [N] or one number'),
    floatInput('classWeight', 'a weight for each class, [K]', true),
  ],
  parameters: [
    {
      name: 'margin',
      kind: 'number',
      default: 1,
      description: 'by how much the true class has to exceed every other',
    },
    {
      name: 'p',
      kind: 'integer',
      default: 1,
      minimum: 1,
      maximum: 2,
      description: 'the power that each violation is raised to',
    },
  ],
  reduction: 'mean',
  program(call) {
    const { prediction, label, classes, axis } = placeScores(call);
    return {
      elements: multiMarginLoss({
        prediction,
        label,
        classes,
        margin: call.uniform('margin'),
        squared: call.option('p') === 2,
        classWeight: placeClassWeight(call, axis),
      }),
    };
  },
  curve: classMarginCurve('prediction', 'target'),
};

/** Scores with the classes along the last dimension, and one label for each row. */
function placeScores(call: Call) {
  const shape = call.shape('prediction');
  if (shape.length === 0 || !sameShape(shape.slice(0, -1), call.shape('target'))) {
    throw new LossLensError('shape-mismatch', t('There is one class number for each row of scores.'), {
      found: `prediction [${shape.join(', ')}], target [${call.shape('target').join(', ')}]`,
      expected: `target [${shape.slice(0, -1).join(', ')}]`,
    });
  }
  const axis = shape.length - 1;
  const { prediction, rest } = placeWithClasses(call, 'prediction', axis);
  const label = call.place('target', rest);
  requireLabels(call, 'target', shape[axis]!, null);
  return { prediction, label, classes: call.space.axis('class'), axis };
}
