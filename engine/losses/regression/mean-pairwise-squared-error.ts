import { t } from '@vscode/l10n';
import { describe, floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  type Dims,
  div,
  type Expr,
  extent,
  type Input,
  mul,
  square,
  sub,
  sum,
} from '../../language/expression.ts';
import { elementwise } from '../../layout.ts';
import { pairwiseCurve } from '../curves.ts';

/** The mean of (rᵢ − rⱼ)² over the pairs of n residuals: 2·(Σr² − (Σr)²/n)/(n − 1), given n − 1 and n(n − 1). */
export const pairwiseSquaredError = (residual: Expr, over: Dims, less: Expr, pairs: Expr): Expr =>
  mul(2, sub(div(sum(square(residual), over), less), div(square(sum(residual, over)), pairs)));

export const meanPairwiseSquaredError: Loss = {
  id: 'mean-pairwise-squared-error',
  title: 'Mean pairwise squared error',
  family: 'regression',
  inputs: [
    floatInput('prediction', 'predicted values, [N, D]: the last axis is compared within itself'),
    floatInput('target', 'target values, same shape'),
  ],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = elementwise(call, ['prediction', 'target'], 'row') as [Input, Input];
    const row = call.space.axis('row');
    if (row === 0) {
      throw new LossLensError(
        'shape-mismatch',
        t('Pairs are taken along the last axis, and there is none.'),
        {
          found: describe(call.array('prediction')),
          expected: '[N, D]',
        },
      );
    }
    const fewer = sub(extent(row), 1);
    return {
      elements: pairwiseSquaredError(sub(prediction, target), row, fewer, mul(extent(row), fewer)),
    };
  },
  curve: pairwiseCurve('prediction', 'target'),
};
