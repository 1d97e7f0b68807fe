import { t } from '@vscode/l10n';
import { type NdArray, sizeOf } from '../../array.ts';
import { type Call, floatInput, integerInput, type Loss } from '../../definition.ts';
import {
  add,
  and,
  type Dims,
  div,
  type Expr,
  equal,
  extent,
  type Input,
  index,
  less,
  lessEqual,
  maxOver,
  pick,
  sub,
  sum,
  where,
} from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { requireValues, sameShape, shapeMismatch } from '../../layout.ts';
import { classMarginCurve } from '../curves.ts';

/**
 * 1/K Σ max(0, 1 − ŷ_t + ŷ_j) over the listed classes t and the classes j that are not listed. `listed` varies along `list` and
 * is −1 where it names no class.
 */
export function multilabelMarginLoss(prediction: Expr, listed: Expr, classes: Dims, list: Dims): Expr {
  const isListed = maxOver(where(equal(index(classes), listed), 1, 0), list);
  const violation = add(sub(1, pick(prediction, listed, classes)), prediction);
  const counts = and(and(lessEqual(0, listed), equal(isListed, 0)), less(0, violation));
  return div(sum(where(counts, violation, 0), classes | list), extent(classes));
}

/** Lists of labels with everything after the first −1 of a row blanked: it closes the list. */
function closedLists(lists: NdArray, width: number): NdArray {
  const data = new Int32Array(sizeOf(lists.shape));
  let open = true;
  for (let i = 0; i < data.length; i++) {
    if (i % width === 0) open = true;
    const label = Number(lists.data[i]);
    open &&= label >= 0;
    data[i] = open ? label : -1;
  }
  return { dtype: 'int32', shape: lists.shape, data };
}

/**
 * Puts scores and lists, both [N, K] or [K], into a space of batch, classes and list.
 * @throws LossLensError `label-out-of-range` for what is neither a class nor −1.
 */
export function placeLists(
  call: Call,
  prediction: string,
  target: string,
): { scores: Input; listed: Input; classes: Dims; list: Dims } {
  const shape = call.shape(prediction);
  const rows = shape.slice(0, -1);
  const classes = shape.at(-1) ?? 1;
  requireValues(
    call,
    target,
    (label) => Number.isInteger(label) && label >= -1 && label < classes,
    'label-out-of-range',
    t`The prediction has ${classes} classes; −1 ends a list of labels.`,
    t`class numbers from 0 to ${classes - 1}, or −1`,
  );
  call.space = new Space([
    ...rows.map((size) => ({ axis: 'batch', size })),
    { axis: 'class', size: classes },
    { axis: 'list', size: classes },
  ]);
  const batch = [...rows.keys()];
  const scores = call.place(prediction, shape.length === 0 ? [] : [...batch, rows.length]);
  const lists = call.array(target);
  const along = lists.shape.length === 0 ? [] : [...batch, rows.length + 1];
  const listed = call.place(target, along, closedLists(lists, classes));
  return { scores, listed, classes: call.space.axis('class'), list: call.space.axis('list') };
}

export const multilabelMargin: Loss = {
  id: 'multilabel-margin',
  title: 'Multi-label margin loss',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'scores of the classes, [N, K] or [K]'),
    integerInput('target', 'the true class numbers of each row, then −1, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    if (call.shape('prediction').length === 0 || !sameShape(call.shape('prediction'), call.shape('target'))) {
      throw shapeMismatch(
        call,
        'prediction',
        'target',
        t('Each row of scores has a list of labels as long.'),
      );
    }
    const { scores, listed, classes, list } = placeLists(call, 'prediction', 'target');
    return { elements: multilabelMarginLoss(scores, listed, classes, list) };
  },
  curve: classMarginCurve('prediction', 'target', 'list'),
};
