import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { mul, neg, sum } from '../../language/expression.ts';
import { axisOf, placeWithClasses, sameShape, shapeMismatch } from '../../layout.ts';
import { classCurve, type From } from '../curves.ts';
import {
  axisParameter,
  fromParameter,
  labelSmoothingParameter,
  logProbabilities,
  smoothed,
  timesLog,
} from './cross-entropy.ts';

export const categoricalCrossEntropy: Loss = {
  id: 'categorical-cross-entropy',
  title: 'Categorical cross-entropy',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'a distribution over the classes, [N, K] or any rank'),
    floatInput('target', 'one-hot or soft labels, same shape'),
    floatInput('classWeight', 'a weight for each class, [K]', true),
  ],
  parameters: [fromParameter, axisParameter, labelSmoothingParameter],
  reduction: 'sum',
  program(call) {
    const axis = axisOf(call, 'prediction', call.option<number>('axis'));
    if (!sameShape(call.shape('prediction'), call.shape('target'))) {
      throw shapeMismatch(
        call,
        'prediction',
        'target',
        t(
          'One-hot targets have the shape of the prediction; for class numbers use sparse-categorical-cross-entropy.',
        ),
      );
    }
    const { prediction } = placeWithClasses(call, 'prediction', axis);
    const classes = call.space.axis('class');
    let target: ReturnType<typeof timesLog> = call.place('target', [...call.shape('target').keys()]);
    if (!call.vanishes('labelSmoothing')) target = smoothed(target, call.uniform('labelSmoothing'), classes);
    const term = timesLog(target, logProbabilities(call, prediction, classes));
    const weight = placeClassWeight(call, axis);
    return { elements: neg(sum(weight ? mul(weight, term) : term, classes)) };
  },
  curve: classCurve(
    {
      prediction: 'prediction',
      target: 'target',
      from: ({ from }) => from as From,
      axis: ({ axis }) => Number(axis),
    },
    'one-hot',
  ),
};

/**
 * The class weights, if given, along the class axis.
 * @throws LossLensError `shape-mismatch` unless there is one a class.
 */
export function placeClassWeight(call: Parameters<Loss['program']>[0], axis: number, name = 'classWeight') {
  if (!call.has(name)) return undefined;
  const classes = call.space.sizes[axis]!;
  const shape = call.shape(name);
  if (shape.length !== 1 || shape[0] !== classes) {
    throw new LossLensError('shape-mismatch', t('Class weights are one number a class.'), {
      found: `${name} [${shape.join(', ')}]`,
      expected: `[${classes}]`,
    });
  }
  return call.place(name, [axis]);
}
