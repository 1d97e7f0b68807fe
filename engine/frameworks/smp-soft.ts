/** segmentation-models-pytorch's cross-entropies with smoothed labels: of binary masks, and of labels. */
import { t } from '@vscode/l10n';
import { isFloat } from '../array.ts';
import { actsAsFloat, actsAsInteger, type Body, type Call, describe } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import {
  add,
  type Expr,
  index,
  less,
  logSoftmax,
  mul,
  notEqual,
  sub,
  where,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { axisOf, elementwise, requireValues, sameShape } from '../layout.ts';
import { crossEntropyOfLabels } from '../losses/classification/cross-entropy.ts';
import { broadcastWeights, weighted } from './torch/call.ts';
import { crossEntropyWithLogits } from './torch/logits.ts';

/** Ignored pixels are multiplied by 0, and stay in the denominator. */
export function softBinaryProgram(call: Call): Body {
  const smooths = call.option<number | null>('smooth_factor') !== null;
  const [logits, truth] = [call.array('y_pred'), call.array('y_true')];
  // Without smoothing torch gets the target as it is; with it, a float tensor is made of integers.
  if (!actsAsFloat(logits) || !(actsAsFloat(truth) || (smooths && truth.dtype !== 'bool'))) {
    throw new LossLensError('dtype', t('torch computes this in floating point only.'), {
      found: `y_pred ${describe(logits)}, y_true ${describe(truth)}`,
      expected: t('float32 or float64 in both; integer labels with smooth_factor only'),
    });
  }
  const [x, y] = elementwise(call, ['y_pred', 'y_true']) as [Expr, Expr];
  const factor = call.uniform('smooth_factor');
  const soft = smooths ? add(mul(sub(1, y), factor), mul(y, sub(1, factor))) : y;
  const loss = weighted(
    crossEntropyWithLogits(x, soft, broadcastWeights(call, 'pos_weight', 'y_pred')),
    broadcastWeights(call, 'weight', 'y_pred'),
  );
  const ignored = call.option<number | null>('ignore_index');
  const dtype = isFloat(truth.dtype) && !truth.weak ? truth.dtype : smooths ? 'float32' : undefined;
  return {
    elements: ignored === null ? loss : mul(loss, where(notEqual(y, ignored), 1, 0)),
    reduction: call.option<Reduction>('reduction'),
    ...(dtype !== undefined && { dtype: dtype as 'float32' | 'float64' }),
  };
}

/** The mean is over all pixels, ignored ones too. */
export function softLabelProgram(call: Call): Body {
  const smoothing = call.option<number | null>('smooth_factor');
  if (smoothing === null) {
    throw new LossLensError('parameter', t('smp divides smooth_factor, and fails where it is None.'), {
      found: 'smooth_factor=None',
      expected: t('a number, 0.0 for no smoothing'),
    });
  }
  const [logits, truth] = [call.array('y_pred'), call.array('y_true')];
  if (
    !actsAsFloat(logits) ||
    !(truth.dtype === 'int64' || truth.dtype === 'int32' || (truth.weak && actsAsInteger(truth)))
  ) {
    throw new LossLensError('dtype', t('smp looks labels up in floating-point scores.'), {
      found: `y_pred ${describe(logits)}, y_true ${describe(truth)}`,
      expected: t('y_pred float32 or float64, y_true int64 or int32'),
    });
  }
  const axis = axisOf(call, 'y_pred', call.option('dim'));
  const kept = logits.shape.map((size, d) => (d === axis ? 1 : size));
  const isKept = sameShape(truth.shape, kept);
  if (!isKept && !sameShape(truth.shape, kept.toSpliced(axis, 1))) {
    throw new LossLensError('shape-mismatch', t('There is one label for each pixel.'), {
      found: `y_pred ${describe(logits)}, y_true ${describe(truth)}`,
      expected: `y_true [${kept.toSpliced(axis, 1).join(', ')}]`,
    });
  }
  const ignored = call.option<number | null>('ignore_index');
  const classes = logits.shape[axis]!;
  requireValues(
    call,
    'y_true',
    (label) => label === ignored || (label >= 0 && label < classes),
    'label-out-of-range',
    t('Labels are classes of y_pred.'),
    t`0 to ${classes - 1}`,
  );
  // Where labels can be ignored, the unreduced loss keeps an extent of 1 in place of the classes.
  const at = (d: number): number => (d > axis ? d + 1 : d);
  const dimensions = logits.shape.map((size, d) => ({ axis: d === axis ? 'class' : 'batch', size }));
  call.space = new Space(dimensions.toSpliced(axis + 1, 0, { axis: 'one', size: 1 }));
  const x = call.place(
    'y_pred',
    logits.shape.map((_, d) => at(d)),
  );
  const rest = logits.shape.map((_, d) => (d === axis ? -1 : at(d)));
  const label = call.place('y_true', isKept ? rest : rest.filter((d) => d >= 0));
  const along = call.space.axis('class');
  const { elements } = crossEntropyOfLabels({
    logP: logSoftmax(x, along),
    label,
    classes: along,
    ignoreIndex: ignored === null ? undefined : call.uniform('ignore_index'),
    smoothing: call.uniform('smooth_factor'),
    shields: false,
  });
  const reduction = call.option<Reduction>('reduction');
  const keeps = reduction === 'none' && ignored !== null;
  return {
    elements: keeps ? where(less(index(call.space.axis('one')), 1), elements, 0) : elements,
    reduction,
  };
}
