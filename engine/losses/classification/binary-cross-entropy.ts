import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import {
  add,
  type Expr,
  mul,
  neg,
  sigmoid,
  softplus,
  sub,
  withGradient,
  xlog1py,
  xlogy,
} from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { binaryCurve } from '../curves.ts';

/** −[y log p + (1 − y) log(1 − p)], with 0·log 0 = 0. */
const crossEntropyOfProbability = (p: Expr, y: Expr): Expr =>
  neg(add(xlogy(y, p), xlog1py(sub(1, y), neg(p))));

/**
 * The same of a logit x, without leaving the logarithms: (1 − y)·x + w·log(1 + e⁻ˣ), with w = 1 + (positiveWeight − 1)·y.
 * The gradient is written as w·σ(x) − positiveWeight·y, which keeps its digits where σ(x) is tiny.
 */
export function crossEntropyOfLogit(x: Expr, y: Expr, positiveWeight?: Expr): Expr {
  const w = positiveWeight ? add(1, mul(sub(positiveWeight, 1), y)) : undefined;
  const tail = softplus(neg(x));
  const value = add(mul(sub(1, y), x), w ? mul(w, tail) : tail);
  const bySlope = w ? sub(mul(w, sigmoid(x)), mul(positiveWeight!, y)) : sub(sigmoid(x), y);
  // Not (w − 1)·tail − x: of a logit of −∞ that is ∞ − ∞.
  const byTarget = positiveWeight ? sub(mul(positiveWeight, tail), softplus(x)) : neg(x);
  return withGradient(value, [
    [x, bySlope],
    [y, byTarget],
    ...(positiveWeight ? [[positiveWeight, mul(y, tail)] as const] : []),
  ]);
}

export const binaryCrossEntropy: Loss = {
  id: 'binary-cross-entropy',
  title: 'Binary cross-entropy',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'probabilities (or logits) of class 1, any shape'),
    floatInput('target', 'labels 0 or 1, or probabilities, same shape'),
  ],
  parameters: [
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
    const [prediction, target] = elementwise(call, ['prediction', 'target']);
    if (call.option('from') === 'logit') return { elements: crossEntropyOfLogit(prediction!, target!) };
    requireValues(
      call,
      'prediction',
      (p) => !(p < 0 || p > 1),
      'domain',
      t("A probability lies between 0 and 1; for logits set from: 'logit'."),
      t('numbers from 0 to 1'),
    );
    return { elements: crossEntropyOfProbability(prediction!, target!) };
  },
  curve: binaryCurve('prediction', 'target', ({ from }) => from === 'logit'),
};
