import { t } from '@vscode/l10n';
import { cast } from '../../array.ts';
import { type Body, type Call, describe, type FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { type Expr, type Input, less, where } from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { broadcastShape, sameShape } from '../../layout.ts';
import { similarityCurve } from '../../losses/curves.ts';
import { circleLoss } from '../../losses/ranking/circle.ts';
import { asReference } from '../../losses/ranking/embeddings.ts';
import { type Argument, inputArgument, parameterArgument } from '../symbol.ts';
import { atLeast } from './backends.ts';
import { number, pair, reduction, yPred, yTrue } from './declare.ts';
import { reduced, requireFloatPrediction } from './numbers.ts';
import { type Extent, extents, sizes, squeezeOrExpand } from './shapes.ts';

function misfit(call: Call, names: readonly string[], expected: string): LossLensError {
  return new LossLensError('shape-mismatch', t('There is one label for each row of embeddings.'), {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });
}

/** [N] or [N, 1], for embeddings of N rows. */
function requireLabels(call: Call, labels: string, embeddings: string): void {
  const [shape, rows] = [call.shape(labels), call.shape(embeddings)];
  const fits = sameShape(shape, rows.slice(0, 1)) || sameShape(shape, [rows[0]!, 1]);
  if (rows.length !== 2 || !fits) throw misfit(call, [labels, embeddings], '[N] or [N, 1], and [N, D]');
}

function circleProgram(call: Call): Body {
  requireFloatPrediction(call);
  requireLabels(call, 'y_true', 'y_pred');
  const own = !call.has('ref_embeddings') && !call.has('ref_labels');
  if (!own && !(call.has('ref_embeddings') && call.has('ref_labels'))) {
    throw new LossLensError('missing-input', t('References are embeddings with their labels.'), {
      found: call.has('ref_labels') ? t('ref_labels alone') : t('ref_embeddings alone'),
      expected: t('both or neither'),
    });
  }
  const [count, features] = call.shape('y_pred') as [number, number];
  let references = count;
  if (!own) {
    requireLabels(call, 'ref_labels', 'ref_embeddings');
    references = call.shape('ref_embeddings')[0]!;
    if (call.shape('ref_embeddings')[1] !== features) {
      throw misfit(call, ['ref_embeddings', 'y_pred'], t('embeddings of one length'));
    }
  }
  let [weight, values] = [[] as Extent[], [{ size: count, own: 0 }] as Extent[]];
  if (call.has('sample_weight')) {
    [weight, values] = squeezeOrExpand(extents(call.shape('sample_weight')), values);
  }
  const result = broadcastShape(sizes(weight), sizes(values));
  if (!result) throw misfit(call, ['sample_weight', 'y_pred'], `sample_weight [${count}]`);
  call.space = new Space([
    ...result.map((size) => ({ axis: 'batch', size })),
    { axis: 'reference', size: references },
    { axis: 'feature', size: features },
  ]);
  const offset = result.length - values.length;
  const rowAt = offset + values.findIndex((extent) => extent.own === 0);
  const [referenceAt, featureAt] = [result.length, result.length + 1];
  const row = count === result[rowAt] ? rowAt : -1;

  const labels = (name: string, at: number): Input => {
    const array = call.array(name);
    const at2 = array.shape.length === 2 ? [at, -1] : [at];
    return call.place(name, at2, { ...array, data: cast(array.data, 'int32') });
  };
  const embedding = call.place('y_pred', [row, featureAt]);
  const label = labels('y_true', row);
  const [rows, all] = [1 << rowAt, 1 << referenceAt];
  const loss = circleLoss({
    embedding,
    label,
    reference: own
      ? asReference(embedding, rows, all)
      : call.place('ref_embeddings', [referenceAt, featureAt]),
    referenceLabel: own ? asReference(label, rows, all) : labels('ref_labels', referenceAt),
    row: rows,
    references: all,
    along: 1 << featureAt,
    removesDiagonal: call.option<boolean>('remove_diagonal'),
    nonNegative: (x) => atLeast(call, 0, x),
    gamma: call.uniform('gamma'),
    margin: call.uniform('margin'),
  });
  const weights: Expr | undefined = call.has('sample_weight')
    ? call.place('sample_weight', placeTrailing(call.shape('sample_weight'), weight, result))
    : undefined;
  // A row whose loss is 0 counts for nothing in the mean.
  return reduced(call, loss, weights, where(less(0, loss), 1, 0));
}

/** The dimensions of an array at the end of the result; what was squeezed away or is repeated has none. */
function placeTrailing(
  shape: readonly number[],
  list: readonly Extent[],
  result: readonly number[],
): number[] {
  const at = new Array<number>(shape.length).fill(-1);
  list.forEach(({ size, own }, i) => {
    const d = result.length - list.length + i;
    if (own !== undefined && !(size === 1 && result[d] !== 1)) at[own] = d;
  });
  return at;
}

const optional = (name: string, description: string): Argument =>
  inputArgument({ name, kind: name === 'ref_labels' ? 'any' : 'float', optional: true, description });
const scale = number('gamma', 80, 'the scale of the similarities');
const margin = number('margin', 0.4, 'how far from 1 and 0 the similarities may stay');
const removeDiagonal = parameterArgument({
  name: 'remove_diagonal',
  kind: 'boolean',
  default: true,
  description: 'whether the reference of a row’s own number is left out',
});

export const similarity: readonly FrameworkSymbol[] = pair({
  class: 'Circle',
  function: 'circle',
  loss: 'circle',
  inputs: [yTrue('class numbers, [N] or [N, 1]', 'any'), yPred('embeddings of length 1, [N, D]')],
  options: [
    optional('ref_labels', 'class numbers of the references: y_true unless given'),
    optional('ref_embeddings', 'what is compared with: y_pred unless given'),
    removeDiagonal,
    scale,
    margin,
  ],
  classOptions: [scale, margin, removeDiagonal, reduction],
  name: 'circle',
  isMetric: false,
  caveats: [
    'Embeddings are not normalised: they should have length 1 along the last axis.',
    'Rows whose loss is 0, such as those without a partner of their class, do not count in the mean.',
    'The gradient flows through the weights of the pairs, which the paper keeps constant.',
  ],
  program: circleProgram,
  curve: similarityCurve('y_pred', 'y_true'),
});
