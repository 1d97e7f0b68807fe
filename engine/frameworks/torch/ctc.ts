/** torch's CTC: log-probabilities in, the gradient of the logits before them out. */
import { t } from '@vscode/l10n';
import { cast } from '../../array.ts';
import { type Call, describe, type FrameworkSymbol, integerInput } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Reduction } from '../../evaluation.ts';
import type { KernelArray } from '../../kernels/kernel.ts';
import { requireValues } from '../../layout.ts';
import { alignmentCurve } from '../../losses/curves.ts';
import { ctcBody, endsInBlank } from '../../losses/specialized/ctc.ts';
import { inputArgument, parameterArgument } from '../symbol.ts';
import { flag, float, plainChoices, reduction } from './arguments.ts';
import { pair } from './pair.ts';

const integers = (name: string, description: string) => inputArgument(integerInput(name, description));

const lengthsOf = (call: Call, name: string): number[] =>
  Array.from(call.array(name).data as ArrayLike<number>, Number);

/** @throws LossLensError unless there is one length a sample, between 0 and the most there can be. */
function requireLengths(call: Call, name: string, count: number, most: number): void {
  const { data } = call.array(name);
  if (data.length !== count) {
    throw new LossLensError('shape-mismatch', t`${name} is one number a sample.`, {
      found: describe(call.array(name)),
      expected: `[${count}]`,
    });
  }
  requireValues(
    call,
    name,
    (length) => length >= 0 && length <= most,
    'domain',
    t`torch refuses lengths outside [0, ${most}].`,
    t`numbers from 0 to ${most}`,
  );
}

/** Targets as one padded row a sample: torch also takes them one after the other in a single list. */
function padded(call: Call, count: number, lengths: readonly number[]): KernelArray {
  const { data, shape } = call.array('targets');
  const labels = cast(data, 'int32');
  const listed = shape.length === 1;
  const width = listed ? Math.max(0, ...lengths) : (shape.at(-1) ?? 0);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const fits = listed
    ? labels.length === total
    : shape.length <= 2 && labels.length === count * width && lengths.every((length) => length <= width);
  if (!fits) {
    throw new LossLensError(
      'shape-mismatch',
      t('The targets do not hold as many labels as target_lengths says.'),
      {
        found: t`targets ${describe(call.array('targets'))}, target_lengths ${lengths.join(', ')}`,
        expected: listed ? `[${total}]` : t`[${count}, ${Math.max(0, ...lengths)}] or wider`,
      },
    );
  }
  if (!listed) return { data: labels, shape: [count, width] };
  const rows = new Int32Array(count * width);
  let at = 0;
  lengths.forEach((length, n) => {
    rows.set(labels.subarray(at, at + length), n * width);
    at += length;
  });
  return { data: rows, shape: [count, width] };
}

/** Labels that torch reads beyond its memory, and blanks among them, which it takes for labels. */
function checkLabels(
  call: Call,
  { data, shape }: KernelArray,
  lengths: readonly number[],
  classes: number,
  blank: number,
): void {
  let blanks = 0;
  lengths.forEach((length, n) => {
    for (let s = 0; s < length; s++) {
      const label = Number(data[n * shape[1]! + s]);
      if (label === blank) blanks++;
      if (label >= 0 && label < classes) continue;
      throw new LossLensError(
        'label-out-of-range',
        t('torch does not check CTC labels and would read foreign memory here.'),
        {
          found: t`${label} at label ${s} of sample ${n}`,
          expected: t`numbers from 0 to ${classes - 1}`,
          count: 1,
          index: [n, s],
        },
      );
    }
  });
  if (blanks > 0)
    call.warn(
      'blank-in-target',
      t`${blanks} of the labels are the blank (${blank}); CTC is not defined for those.`,
    );
}

export const ctcSymbols: readonly FrameworkSymbol[] = pair({
  class: 'CTCLoss',
  function: 'ctc_loss',
  loss: 'ctc',
  inputs: [
    float('log_probs', 'log-probabilities of each frame, [T, N, C] or [T, C]'),
    integers('targets', 'labels, [N, S], or one after the other'),
    integers('input_lengths', 'how many frames each sample has, [N]'),
    integers('target_lengths', 'how many labels each sample has, [N]'),
  ],
  options: [
    parameterArgument({
      name: 'blank',
      kind: 'integer',
      default: 0,
      minimum: 0,
      description: 'the class that stands for no label',
    }),
    reduction(plainChoices),
    flag('zero_infinity', false, 'whether a target that fits no alignment counts 0, not infinity'),
  ],
  caveats: [
    'Takes log-probabilities: logits run too, and give wrong numbers that may be negative.',
    '`mean` divides each sample by the length of its target first, then takes the mean over the batch.',
    'The gradient is that of the logits before the log-softmax: it is not the derivative by `log_probs`.',
    'A target longer than its frames allow (with one more frame for each repeated label) gives infinity, and NaN gradients unless `zero_infinity`.',
  ],
  program(call) {
    const shape = call.shape('log_probs');
    if (shape.length !== 3 && shape.length !== 2) {
      throw new LossLensError('shape-mismatch', t('CTC takes scores by frame, sample and class.'), {
        found: describe(call.array('log_probs')),
        expected: t('[T, N, C], or [T, C] for one sample'),
      });
    }
    const isBatch = shape.length === 3;
    const [frames, count, classes] = (isBatch ? shape : [shape[0]!, 1, shape[1]!]) as [
      number,
      number,
      number,
    ];
    if (shape.includes(0)) {
      throw new LossLensError('shape-mismatch', t('torch’s CTC refuses an array without elements.'), {
        found: describe(call.array('log_probs')),
        expected: t('a sample, a frame and a class, at least'),
      });
    }
    const blank = call.option<number>('blank');
    if (blank >= classes) {
      throw new LossLensError('parameter', t('The blank is one of the classes.'), {
        found: `blank=${blank}`,
        expected: t`a number from 0 to ${classes - 1}`,
      });
    }
    requireLengths(call, 'input_lengths', count, frames);
    requireLengths(call, 'target_lengths', count, Number.POSITIVE_INFINITY);
    const lengths = lengthsOf(call, 'target_lengths');
    const target = padded(call, count, lengths);
    checkLabels(call, target, lengths, classes, blank);
    const chosen = call.option<Reduction>('reduction');
    return ctcBody(call, {
      scores: 'log_probs',
      shape: [frames, count, classes],
      scoresAre: 'log-probability',
      batchFirst: false,
      target,
      inputLength: call.array('input_lengths').data,
      targetLength: lengths,
      infeasible: Number.POSITIVE_INFINITY,
      zeroInfinity: call.option<boolean>('zero_infinity'),
      gradientBy: 'logits',
      blankLast: endsInBlank(target, lengths, blank),
      perLabel: chosen === 'mean',
      elementShape: isBatch ? [count] : [],
      reduction: chosen,
    });
  },
  curve: alignmentCurve(
    {
      scores: 'log_probs',
      target: 'targets',
      inputLength: 'input_lengths',
      targetLength: 'target_lengths',
    },
    // torch's gradient is that of the logits before: the derivative by the abscissa.
    { logProbabilities: true },
  ),
});
