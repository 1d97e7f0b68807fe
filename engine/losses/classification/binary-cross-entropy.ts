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

/** The same of a logit x: y·log(1 + e⁻ˣ) + (1 − y)·log(1 + eˣ), each with all of its digits. */
export const crossEntropyOfLogit = (x: Expr, y: Expr): Expr =>
  add(mul(y, softplus(neg(x))), mul(sub(1, y), softplus(x)));

/** Its gradients, σ(x) − y and −x, in forms that keep their digits as well. */
const logitProgram = (x: Expr, y: Expr): Expr =>
  withGradient(crossEntropyOfLogit(x, y), [
    [x, sub(mul(sub(1, y), sigmoid(x)), mul(y, sigmoid(neg(x))))],
    [y, neg(x)],
  ]);

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
    if (call.option('from') === 'logit') return { elements: logitProgram(prediction!, target!) };
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
