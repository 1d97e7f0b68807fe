import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  type Expr,
  equal,
  exp,
  type Input,
  log,
  logSoftmax,
  mul,
  neg,
  pick,
  pow,
  sigmoid,
  softplus,
  sub,
  where,
} from '../../language/expression.ts';
import { elementwise, placeWithClasses, requireValues, sameShape } from '../../layout.ts';
import { binaryCurve } from '../curves.ts';
import { requireLabels } from './sparse-categorical-cross-entropy.ts';

/** α (1 − p)^γ (−log p) of the true class's probability, given with its logarithm and its complement. */
const focused = (alpha: Expr | number, complement: Expr, gamma: Expr, logP: Expr): Expr =>
  neg(mul(mul(alpha, pow(complement, gamma)), logP));

/** The focal loss of a binary label, from a probability or a logit; `alpha` weighs class 1, 1 − `alpha` class 0. */
function binaryFocal(x: Expr, y: Expr, gamma: Expr, alpha: Expr | undefined, isLogit: boolean): Expr {
  const p = isLogit ? sigmoid(x) : x;
  const isOne = equal(y, 1);
  const logP = isLogit ? neg(softplus(where(isOne, neg(x), x))) : log(where(isOne, x, sub(1, x)));
  const complement = isLogit ? sigmoid(where(isOne, neg(x), x)) : where(isOne, sub(1, p), p);
  const weight = alpha ? where(isOne, alpha, sub(1, alpha)) : 1;
  return focused(weight, complement, gamma, logP);
}

export const focal: Loss = {
  id: 'focal',
  title: 'Focal loss',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'probabilities (or logits): of class 1, any shape; or of K classes, [N, K]'),
    {
      name: 'target',
      kind: 'any',
      optional: false,
      description: 'labels 0 or 1, same shape; or class numbers, [N]',
    },
  ],
  parameters: [
    {
      name: 'gamma',
      kind: 'number',
      default: 2,
      minimum: 0,
      description: 'how strongly easy examples are played down',
    },
    {
      name: 'alpha',
      kind: 'number',
      default: 0.25,
      minimum: 0,
      maximum: 1,
      description: 'the weight of class 1, and 1 − α that of class 0; with more classes, of every class',
    },
    {
      name: 'from',
      kind: 'choice',
      choices: ['probability', 'logit'],
      default: 'probability',
      description: 'what the prediction is',
    },
  ],
  reduction: 'mean',
  program(call) {
    const isLogit = call.option('from') === 'logit';
    const [gamma, alpha] = [call.uniform('gamma'), call.uniform('alpha')];
    if (!isLogit) {
      requireValues(
        call,
        'prediction',
        (p) => !(p < 0 || p > 1),
        'domain',
        t("A probability lies between 0 and 1; for logits set from: 'logit'."),
        t('numbers from 0 to 1'),
      );
    }
    const shape = call.shape('prediction');
    if (!sameShape(shape, call.shape('target'))) return { elements: ofClasses() };
    const [x, y] = elementwise(call, ['prediction', 'target']) as [Input, Input];
    requireValues(
      call,
      'target',
      (label) => label === 0 || label === 1,
      'label-out-of-range',
      t('Labels are binary.'),
      '0 or 1',
    );
    return { elements: binaryFocal(x, y, gamma, alpha, isLogit) };

    function ofClasses(): Expr {
      const { prediction, rest } = placeWithClasses(call, 'prediction', shape.length - 1);
      if (shape.length === 0 || !sameShape(shape.slice(0, -1), call.shape('target'))) {
        throw new LossLensError(
          'shape-mismatch',
          t('The target is binary, of the shape of the prediction, or one class number a row.'),
          {
            found: `prediction [${shape.join(', ')}], target [${call.shape('target').join(', ')}]`,
            expected: t`target [${shape.join(', ')}] or [${shape.slice(0, -1).join(', ')}]`,
          },
        );
      }
      const label = call.place('target', rest);
      requireLabels(call, 'target', shape.at(-1)!, null);
      const classes = call.space.axis('class');
      const logP = pick(isLogit ? logSoftmax(prediction, classes) : log(prediction), label, classes);
      const p = isLogit ? exp(logP) : pick(prediction, label, classes);
      return focused(alpha, sub(1, p), gamma, logP);
    }
  },
  curve: binaryCurve('prediction', 'target', ({ from }) => from === 'logit'),
};
