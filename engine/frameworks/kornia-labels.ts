/** How kornia takes labels and class weights. */
import { t } from '@vscode/l10n';
import { type DType, isFloat } from '../array.ts';
import { actsAsFloat, actsAsInteger, type Call, describe } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import {
  add,
  type Dims,
  type Expr,
  equal,
  type Input,
  index,
  lessEqual,
  mul,
  where,
} from '../language/expression.ts';
import { Space } from '../language/space.ts';
import { requireValues, sameShape, shapeMismatch } from '../layout.ts';

const indicator = (condition: Expr): Expr => where(condition, 1, 0);

export interface Placed {
  readonly logits: Input;
  readonly label: Input;
  /** 1 where a pixel counts; `undefined` where all do. */
  readonly counted: Expr | undefined;
}

/**
 * Scores [N, C, …] and labels [N, …]; the ignored ones are −1.
 * @param images  whether there are exactly two spatial dimensions
 */
export function place(call: Call, integers: readonly DType[], { images = true } = {}): Placed {
  const [pred, target] = [call.array('pred'), call.array('target')];
  if (!actsAsFloat(pred) || !(integers.includes(target.dtype) || (target.weak && actsAsInteger(target)))) {
    throw new LossLensError('dtype', t('kornia compares floating-point scores with integer labels.'), {
      found: `pred ${describe(pred)}, target ${describe(target)}`,
      expected: t`pred float32 or float64, target ${integers.join(' or ')}`,
    });
  }
  const [samples, channels, ...image] = pred.shape as [number, number, ...number[]];
  if (images ? pred.shape.length !== 4 : pred.shape.length < 2) {
    throw new LossLensError('shape-mismatch', t('kornia takes images with channels.'), {
      found: `pred ${describe(pred)}`,
      expected: images ? '[N, C, H, W]' : '[N, C, …]',
    });
  }
  if (!sameShape(target.shape, [samples, ...image])) {
    throw shapeMismatch(
      call,
      'pred',
      'target',
      t('There is one label for each pixel; kornia would broadcast others.'),
    );
  }
  const ignored = call.option<number | null>('ignore_index');
  requireValues(
    call,
    'target',
    (label) => label === ignored || (label >= 0 && label < channels),
    'label-out-of-range',
    t('Labels are channels of the prediction.'),
    t`0 to ${channels - 1}`,
  );
  call.space = new Space(pred.shape.map((size, d) => ({ axis: ['batch', 'class'][d] ?? 'space', size })));
  const data = Int32Array.from(Array.from(target.data, Number), (label) => (label === ignored ? -1 : label));
  const places = [...pred.shape.keys()];
  const label = call.place('target', places.toSpliced(1, 1), { dtype: 'int32', shape: target.shape, data });
  return {
    logits: call.place('pred', places),
    label,
    counted: ignored === null ? undefined : indicator(lessEqual(0, label)),
  };
}

/** An ignored label stands for class 0 until it is masked. */
export const atLeastZero = (label: Expr): Expr => where(lessEqual(0, label), label, 0);

/** What kornia's one-hot labels have for 0, and lack for 1. */
const offLabel = 1e-6;

export const oneHot = (label: Expr, classes: Dims): Expr =>
  add(mul(indicator(equal(index(classes), atLeastZero(label))), 1 - offLabel), offLabel);

/** A weight for each class, along the class dimension; it has a gradient. */
export function classWeight(call: Call, name: string): Expr | undefined {
  if (!call.has(name)) return undefined;
  const weight = call.array(name);
  const channels = call.space.sizes[1]!;
  if (!sameShape(weight.shape, [channels]) || !isFloat(weight.dtype)) {
    throw new LossLensError('shape-mismatch', t('Weights are one number for each class.'), {
      found: `${name} ${describe(weight)}`,
      expected: t`[${channels}] of floating-point numbers`,
    });
  }
  return call.place(name, [1]);
}
