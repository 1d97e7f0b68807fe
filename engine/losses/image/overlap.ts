/** What Dice, Jaccard and Tversky share: the overlap of two masks, of the whole batch or of each sample. */
import { t } from '@vscode/l10n';
import type { ParameterInfo } from '../../catalogue.ts';
import { type Call, floatInput, type Parts } from '../../definition.ts';
import { type Dims, type Expr, mul, sum } from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { sameShape, shapeMismatch } from '../../layout.ts';

export const overlapInputs = [
  floatInput('prediction', 'probabilities of each pixel, any shape'),
  floatInput('target', 'the true mask, same shape'),
];

export const overlapParameters: readonly ParameterInfo[] = [
  {
    name: 'smooth',
    kind: 'number',
    default: 0,
    minimum: 0,
    description: 'added above and below, so that two empty masks agree',
  },
  {
    name: 'over',
    kind: 'choice',
    choices: ['batch', 'sample'],
    default: 'batch',
    description: 'whether the whole batch is one mask, or each sample of the first axis',
  },
];

export interface Overlap {
  readonly intersection: Expr;
  readonly prediction: Expr;
  readonly target: Expr;
  /** The number of positions that were summed over. */
  readonly over: Dims;
  readonly parts: Parts;
}

/** Σ yŷ, Σ ŷ and Σ y over the batch, or over each sample. */
export function overlapOf(call: Call): Overlap {
  const shape = call.shape('prediction');
  if (!sameShape(shape, call.shape('target'))) {
    throw shapeMismatch(call, 'prediction', 'target', t('Both masks have one shape.'));
  }
  const bySample = call.option('over') === 'sample';
  call.space = new Space(shape.map((size, d) => ({ axis: bySample && d === 0 ? 'batch' : 'space', size })));
  const all = [...shape.keys()];
  const [prediction, target] = [call.place('prediction', all), call.place('target', all)];
  const over = call.space.axis('space');
  return {
    intersection: sum(mul(target, prediction), over),
    prediction: sum(prediction, over),
    target: sum(target, over),
    over,
    parts: { prediction, target },
  };
}
