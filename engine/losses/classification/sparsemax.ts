import { t } from '@vscode/l10n';
import { type Call, floatInput, integerInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  add,
  type Dims,
  div,
  type Expr,
  equal,
  type Input,
  index,
  less,
  max,
  maxOver,
  mul,
  notEqual,
  pick,
  square,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { sameShape } from '../../layout.ts';
import { classMarginCurve } from '../curves.ts';
import { requireLabels } from './sparse-categorical-cross-entropy.ts';

export interface Sparsemax {
  readonly scores: Input;
  /** Which class each row's is. */
  readonly label: Expr;
  readonly classes: Dims;
  /** The classes once more, for comparing them with each other. */
  readonly others: Dims;
}

/**
 * The projection of the scores onto the simplex. A class is in its support when all others are ahead of it by less than 1
 * together, so every class is compared with every other and nothing is sorted; tied classes share.
 */
function project({ scores, classes, others }: Sparsemax): Expr {
  const ahead = max(sub(pick(scores, index(others), classes), scores), 0, { tie: 0 });
  const supported = less(sum(ahead, others), 1);
  const size = sum(where(supported, 1, 0), classes);
  // Less the largest: 1 ÷ size would vanish beside large scores.
  const shifted = sub(scores, maxOver(scores, classes));
  const centre = div(sum(where(supported, shifted, 0), classes), size);
  return max(add(div(1, size), sub(shifted, centre)), 0, { tie: 0 });
}

/** ½(1 − ‖p‖²) + Σ p (s − s_y), whose gradient is p less the one-hot label, and what `slope` adds to it. */
export function sparsemaxLoss(of: Sparsemax, slope?: (probability: Expr, loss: Expr) => Expr): Expr {
  const { scores, label, classes } = of;
  const probability = project(of);
  const isLabel = equal(index(classes), label);
  const lead = where(isLabel, 0, sub(scores, pick(scores, label, classes)));
  const leads = sum(mul(probability, where(notEqual(probability, 0), lead, 0)), classes);
  const loss = add(leads, mul(0.5, sub(1, sum(square(probability), classes))));
  const difference = sub(probability, where(isLabel, 1, 0));
  return withGradient(loss, [[scores, slope ? add(difference, slope(probability, loss)) : difference]]);
}

/**
 * Lays out rows of scores, classes last, with one class number for each.
 * @throws LossLensError `shape-mismatch`.
 */
export function placeRows(call: Call, name: string, labels: string): Sparsemax {
  const shape = call.shape(name);
  const rest = shape.slice(0, -1);
  if (shape.length === 0 || !sameShape(rest, call.shape(labels))) {
    throw new LossLensError('shape-mismatch', t('There is one class number for each row of scores.'), {
      found: `${name} [${shape.join(', ')}], ${labels} [${call.shape(labels).join(', ')}]`,
      expected: `${labels} [${rest.join(', ')}]`,
    });
  }
  const size = shape.at(-1)!;
  call.space = new Space([
    ...rest.map((extent) => ({ axis: 'batch', size: extent })),
    { axis: 'class', size },
    { axis: 'other', size },
  ]);
  return {
    scores: call.place(name, [...shape.keys()]),
    label: call.place(labels, [...rest.keys()]),
    classes: call.space.axis('class'),
    others: call.space.axis('other'),
  };
}

export const sparsemax: Loss = {
  id: 'sparsemax',
  title: 'Sparsemax loss',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'scores of the classes, [N, K] or any rank, classes last'),
    integerInput('target', 'class numbers, [N]'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const rows = placeRows(call, 'prediction', 'target');
    requireLabels(call, 'target', call.shape('prediction').at(-1)!, null);
    return { elements: sparsemaxLoss(rows) };
  },
  curve: classMarginCurve('prediction', 'target'),
};
