import type { Loss } from '../../definition.ts';
import { add, div, type Expr, mul, sub } from '../../language/expression.ts';
import { overlapCurve } from '../curves.ts';
import { overlapInputs, overlapOf, overlapParameters } from './overlap.ts';

/** 1 − (2·intersection + smooth) / (total + smooth) */
export const diceLoss = (intersection: Expr, total: Expr, smooth: Expr | number): Expr =>
  sub(1, div(add(mul(2, intersection), smooth), add(total, smooth)));

export const dice: Loss = {
  id: 'dice',
  title: 'Dice loss',
  family: 'image',
  inputs: overlapInputs,
  parameters: overlapParameters,
  reduction: 'mean',
  program(call) {
    const { intersection, prediction, target, parts } = overlapOf(call);
    return { elements: diceLoss(intersection, add(target, prediction), call.uniform('smooth')), parts };
  },
  curve: overlapCurve('prediction', 'target'),
};
