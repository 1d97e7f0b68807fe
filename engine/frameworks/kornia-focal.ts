/** kornia's focal losses: of classes by a softmax, and of binary labels by a sigmoid. */
import { t } from '@vscode/l10n';
import { actsAsFloat, type Body, type Call, describe } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import {
  add,
  type Expr,
  equal,
  exp,
  index,
  logSoftmax,
  mul,
  neg,
  notEqual,
  pow,
  softplus,
  sub,
  where,
} from '../language/expression.ts';
import { elementwise } from '../layout.ts';
import { classWeight, oneHot, place } from './kornia-labels.ts';

const weighted = (loss: Expr, weight: Expr | undefined): Expr => (weight ? mul(weight, loss) : loss);

export function focalProgram(call: Call): Body {
  const { logits, label, counted } = place(call, ['int64'], { images: false });
  const classes = call.space.axis('class');
  const target = counted ? mul(oneHot(label, classes), counted) : oneHot(label, classes);
  const logP = logSoftmax(logits, classes);
  let loss = mul(mul(neg(pow(sub(1, exp(logP)), call.uniform('gamma'))), logP), target);
  if (call.option('alpha') !== null) {
    const alpha = call.uniform('alpha');
    loss = mul(where(equal(index(classes), 0), sub(1, alpha), alpha), loss);
  }
  return {
    elements: weighted(loss, classWeight(call, 'weight')),
    reduction: call.option<Reduction>('reduction'),
  };
}

export function binaryFocalProgram(call: Call): Body {
  const [pred, labels] = [call.array('pred'), call.array('target')];
  if (!actsAsFloat(pred) || labels.dtype === 'bool') {
    throw new LossLensError('dtype', t('kornia compares floating-point scores with numbers.'), {
      found: `pred ${describe(pred)}, target ${describe(labels)}`,
      expected: t('pred float32 or float64, target numbers'),
    });
  }
  if (pred.shape.length < 2) {
    throw new LossLensError('shape-mismatch', t('Scores have a batch and a class axis.'), {
      found: `pred ${describe(pred)}`,
      expected: '[N, C, …]',
    });
  }
  const [x, given] = elementwise(call, ['pred', 'target']) as [Expr, Expr];
  const ignored = call.option<number | null>('ignore_index');
  const counts = ignored === null ? undefined : notEqual(given, ignored);
  const target = counts ? where(counts, given, 0) : given;
  const masked = (logP: Expr): Expr => (counts ? mul(logP, where(counts, 1, 0)) : logP);
  const logOfOne = masked(neg(softplus(neg(x))));
  const logOfZero = masked(neg(softplus(x)));
  const gamma = call.uniform('gamma');
  let ofOne = mul(mul(neg(pow(exp(logOfZero), gamma)), target), logOfOne);
  let ofZero = mul(mul(neg(pow(exp(logOfOne), gamma)), sub(1, target)), logOfZero);
  if (call.option('alpha') !== null) {
    const alpha = call.uniform('alpha');
    ofOne = mul(alpha, ofOne);
    ofZero = mul(sub(1, alpha), ofZero);
  }
  ofOne = weighted(ofOne, classWeight(call, 'pos_weight'));
  const loss = add(ofOne, ofZero);
  return {
    elements: weighted(loss, classWeight(call, 'weight')),
    reduction: call.option<Reduction>('reduction'),
  };
}
