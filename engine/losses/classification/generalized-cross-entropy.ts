import { t } from '@vscode/l10n';
import { describe, floatInput, integerInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { div, type Expr, pick, pow, sub } from '../../language/expression.ts';
import { placeWithClasses, requireValues, sameShape } from '../../layout.ts';
import { classCurve } from '../curves.ts';
import { requireLabels } from './sparse-categorical-cross-entropy.ts';

/** (1 − p^q) / q of a power p^q. */
export const generalized = (power: Expr, q: Expr): Expr => div(sub(1, power), q);

export const generalizedCrossEntropy: Loss = {
  id: 'generalized-cross-entropy',
  title: 'Generalized cross-entropy',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'probabilities of the classes, [N, K] or any rank'),
    integerInput('target', 'class numbers, the shape of the prediction without its last axis'),
  ],
  parameters: [
    {
      name: 'q',
      kind: 'number',
      default: 0.5,
      above: 0,
      maximum: 1,
      description: 'from cross-entropy (towards 0) to the absolute error of the probability (at 1)',
    },
  ],
  reduction: 'mean',
  program(call) {
    const shape = call.shape('prediction');
    if (shape.length === 0 || !sameShape(shape.slice(0, -1), call.shape('target'))) {
      throw new LossLensError(
        'shape-mismatch',
        t('There is one class number for each row of probabilities.'),
        {
          found: `prediction ${describe(call.array('prediction'))}, target ${describe(call.array('target'))}`,
          expected: `target [${shape.slice(0, -1).join(', ')}]`,
        },
      );
    }
    const { prediction, rest } = placeWithClasses(call, 'prediction', shape.length - 1);
    const label = call.place('target', rest);
    requireLabels(call, 'target', shape.at(-1)!, null);
    requireValues(
      call,
      'prediction',
      (p) => !(p < 0 || p > 1),
      'domain',
      t('A probability lies between 0 and 1.'),
      t('numbers from 0 to 1'),
    );
    const q = call.uniform('q');
    return { elements: generalized(pow(pick(prediction, label, call.space.axis('class')), q), q) };
  },
  curve: classCurve(
    { prediction: 'prediction', target: 'target', from: () => 'probability', axis: () => -1 },
    'index',
  ),
};
