import type { Loss } from '../../definition.ts';
import { add, div, type Expr, sub } from '../../language/expression.ts';
import { overlapCurve } from '../curves.ts';
import { overlapInputs, overlapOf, overlapParameters } from './overlap.ts';

/** 1 − (intersection + smooth) / (union + smooth) */
const jaccardLoss = (intersection: Expr, total: Expr, smooth: Expr | number): Expr =>
  sub(1, div(add(intersection, smooth), add(sub(total, intersection), smooth)));

export const jaccard: Loss = {
  id: 'jaccard',
  title: 'Jaccard loss (IoU)',
  family: 'image',
  inputs: overlapInputs,
  parameters: overlapParameters,
  reduction: 'mean',
  program(call) {
    const { intersection, prediction, target, parts } = overlapOf(call);
    return { elements: jaccardLoss(intersection, add(target, prediction), call.uniform('smooth')), parts };
  },
  curve: overlapCurve('prediction', 'target'),
};
