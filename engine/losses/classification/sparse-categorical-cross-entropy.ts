import { t } from '@vscode/l10n';
import { type Call, describe, floatInput, integerInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { notEqual, where } from '../../language/expression.ts';
import { axisOf, placeWithClasses, requireValues, sameShape } from '../../layout.ts';
import { classCurve, type From } from '../curves.ts';
import { placeClassWeight } from './categorical-cross-entropy.ts';
import {
  axisParameter,
  crossEntropyOfLabels,
  fromParameter,
  labelSmoothingParameter,
  logProbabilities,
} from './cross-entropy.ts';

export const sparseCategoricalCrossEntropy: Loss = {
  id: 'sparse-categorical-cross-entropy',
  title: 'Sparse categorical cross-entropy',
  family: 'classification',
  inputs: [
    floatInput('prediction', 'a distribution over the classes, [N, K] or any rank'),
    integerInput('target', 'class numbers, the shape of the prediction without its class axis'),
    floatInput('classWeight', 'a weight for each class, [K]', true),
  ],
  parameters: [
    fromParameter,
    axisParameter,
    labelSmoothingParameter,
    {
      name: 'ignoreIndex',
      kind: 'integer',
      default: null,
      description: 'the label that counts nothing; none unless given',
    },
  ],
  reduction: 'sum',
  program(call) {
    const axis = axisOf(call, 'prediction', call.option<number>('axis'));
    const { prediction, rest } = placeWithClasses(call, 'prediction', axis);
    const expected = rest.map((d) => call.shape('prediction')[d]!);
    if (!sameShape(expected, call.shape('target'))) {
      throw new LossLensError(
        'shape-mismatch',
        t('Class numbers have the shape of the prediction without its class axis.'),
        {
          found: `target ${describe(call.array('target'))}`,
          expected: `[${expected.join(', ')}]`,
        },
      );
    }
    const label = call.place('target', rest);
    const ignored = call.option<number | null>('ignoreIndex');
    requireLabels(call, 'target', call.space.sizes[axis]!, ignored);
    const classes = call.space.axis('class');
    const ignoreIndex = ignored === null ? undefined : call.uniform('ignoreIndex');
    // A NaN in a row that is ignored reaches nothing, the row's own gradient neither.
    const counted = ignoreIndex ? where(notEqual(label, ignoreIndex), prediction, 0) : prediction;
    const { elements, weight } = crossEntropyOfLabels({
      logP: logProbabilities(call, counted, classes),
      label,
      classes,
      classWeight: placeClassWeight(call, axis),
      ignoreIndex,
      smoothing: call.vanishes('labelSmoothing') ? undefined : call.uniform('labelSmoothing'),
    });
    return weight ? { elements, weight } : { elements };
  },
  curve: classCurve(
    {
      prediction: 'prediction',
      target: 'target',
      from: ({ from }) => from as From,
      axis: ({ axis }) => Number(axis),
      ignored: ({ ignoreIndex }) => ignoreIndex as number | null,
    },
    'index',
  ),
};

/** @throws LossLensError `label-out-of-range` with the first label that is no class and how many there are. */
export function requireLabels(call: Call, name: string, classes: number, ignored: number | null): void {
  requireValues(
    call,
    name,
    (label) => (label >= 0 && label < classes && Number.isInteger(label)) || label === ignored,
    'label-out-of-range',
    t`The prediction has ${classes} classes.`,
    ignored === null
      ? t`class numbers from 0 to ${classes - 1}`
      : t`class numbers from 0 to ${classes - 1}, or ${ignored} to ignore`,
  );
}
