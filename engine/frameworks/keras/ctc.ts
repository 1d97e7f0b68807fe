/** `keras.losses.CTC`: no lengths, 0 is blank and padding; computed by what each backend has for it. */

import { t } from '@vscode/l10n';
import { cast } from '../../array.ts';
import { type Call, describe, type FrameworkSymbol } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { KernelBody, Weighting } from '../../kernels/kernel.ts';
import { broadcastShape } from '../../layout.ts';
import { alignmentCurve } from '../../losses/curves.ts';
import { ctcBody, endsInBlank, requireLabelsWithin } from '../../losses/specialized/ctc.ts';
import { optaxCtc } from '../optax/ctc.ts';
import { tensorflowCtc, warnOfLabels } from '../tensorflow/ctc.ts';
import { backendOf, pair, yPred, yTrue } from './declare.ts';
import { type Extent, extents, sizes, squeezeOrExpand } from './shapes.ts';

function misfit(call: Call, sentence: string, expected = 'y_true [N, S], y_pred [N, T, C]'): LossLensError {
  return new LossLensError('shape-mismatch', sentence, {
    found: `y_true ${describe(call.array('y_true'))}, y_pred ${describe(call.array('y_pred'))}`,
    expected,
  });
}

/** The values of the samples by the backend's own CTC. */
function unreduced(call: Call): KernelBody {
  const [truth, scores] = [call.shape('y_true'), call.shape('y_pred')];
  if (truth.length !== 2 || scores.length !== 3 || truth[0] !== scores[0]) {
    throw misfit(call, t('Keras’ CTC takes rows of labels, and logits by sample, frame and class.'));
  }
  const [count, frames, classes] = scores as [number, number, number];
  const given = call.array('y_true').data;
  const width = truth[1]!;
  const target = { data: cast(given, 'int32'), shape: truth };
  const lengths = Array.from({ length: count }, (_, n) => {
    let length = 0;
    for (let s = 0; s < width; s++) if (Number(given[n * width + s]) !== 0) length++;
    return length;
  });
  const every = new Array<number>(count).fill(frames);
  const backend = backendOf(call);
  if (count === 0 && backend !== 'jax') {
    throw misfit(call, t('Keras’ CTC refuses a batch without samples.'), t('N of 1 or more'));
  }
  warnOfGaps(call, target.data, lengths, width);
  if (backend === 'torch') {
    requireLabelsWithin(call, 'y_true', lengths, classes, -1);
    return ctcBody(call, {
      scores: 'y_pred',
      scoresAre: 'logit',
      batchFirst: true,
      target,
      inputLength: every,
      targetLength: lengths,
      infeasible: Number.POSITIVE_INFINITY,
      zeroInfinity: false,
      gradientBy: 'log-softmax',
      perLabel: false,
      blank: 0,
      blankLast: endsInBlank(target, lengths, 0),
    });
  }
  warnOfLabels(call, target, lengths, classes, -1);
  return backend === 'jax'
    ? optaxCtc(call, {
        scores: 'y_pred',
        scoresPadding: { data: new Float64Array(count * frames), shape: [count, frames] },
        target,
        targetLength: lengths,
        blank: 0,
        logEpsilon: -1e5,
        scoresIn: 'float32',
        computesIn: 'float32',
      })
    : tensorflowCtc(call, {
        scores: 'y_pred',
        batchFirst: true,
        target,
        inputLength: every,
        targetLength: lengths,
        blank: 0,
      });
}

/** A 0 among the labels: it is not counted, but it is there, so labels at the end fall away. */
function warnOfGaps(call: Call, labels: Int32Array, lengths: readonly number[], width: number): void {
  const gaps = lengths.filter((length, n) =>
    labels.subarray(n * width, n * width + length).includes(0),
  ).length;
  if (gaps === 0) return;
  call.warn(
    'blank-in-target',
    t`In ${gaps} of the samples a 0 stands before other labels. Keras counts the labels that are not 0 and takes as many from the front: the 0 is taken for a label, and one at the end falls away.`,
  );
}

/** The sample weights against the values, by Keras' squeezing and NumPy's broadcasting. */
function weightingOf(call: Call, count: number, bySum: boolean): { shape: number[]; weighting: Weighting } {
  const [weight, values] = squeezeOrExpand(extents(call.shape('sample_weight')), [{ size: count, own: 0 }]);
  const shape = broadcastShape(sizes(weight), sizes(values));
  if (!shape) {
    throw new LossLensError('shape-mismatch', t('The sample weights do not fit the values of the samples.'), {
      found: `sample_weight ${describe(call.array('sample_weight'))}, values [${count}]`,
      expected: t`[${count}], or a shape that broadcasts to it`,
    });
  }
  return {
    shape,
    weighting: {
      input: 'sample_weight',
      count,
      value: indices(values, shape),
      weight: indices(weight, shape),
      bySum,
    },
  };
}

/** For each place of the result: which entry of the array is broadcast there. */
function indices(list: readonly Extent[], result: readonly number[]): Int32Array {
  let places = [0];
  result.forEach((size, d) => {
    const own = list[d - (result.length - list.length)]?.size ?? 1;
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, i) => place * own + (own === 1 ? 0 : i)),
    );
  });
  return Int32Array.from(places);
}

function program(call: Call): KernelBody {
  const body = unreduced(call);
  const count = call.shape('y_pred')[0]!;
  const isClass = call.definition.parameters.some(({ name }) => name === 'reduction');
  if (!isClass) return { ...body, reduction: 'none' };
  const chosen = call.option<string | null>('reduction');
  const isNone = chosen === null || chosen === 'none';
  const reduction = isNone || count === 0 ? 'none' : chosen === 'sum' ? 'sum' : 'mean';
  if (!call.has('sample_weight')) return { ...body, reduction };
  const { shape, weighting } = weightingOf(call, count, chosen === 'mean_with_sample_weight');
  return { ...body, reduction, elementShape: shape, weighting };
}

export const ctc: readonly FrameworkSymbol[] = pair({
  class: 'CTC',
  function: 'ctc',
  loss: 'ctc',
  inputs: [
    yTrue('labels of each sample from 1 on, padded with 0, [N, S]', 'any'),
    yPred('logits of each frame, [N, T, C]; class 0 is the blank'),
  ],
  name: 'ctc',
  isMetric: false,
  caveats: [
    'Takes logits, not probabilities, batch first.',
    'Every frame counts, padded ones too. A label counts if it is not 0: a padding of -1 counts.',
    'A target that fits no alignment is about 707 to 712 on TensorFlow, about 1e5 on JAX and infinite on torch.',
    'The mean is over the batch: it does not divide by the labels’ number, as torch’s does.',
  ],
  program,
  curve: alignmentCurve({ scores: 'y_pred', target: 'y_true' }, { batchFirst: () => true }),
});
