import { t } from '@vscode/l10n';
import { type Call, describe, floatInput, integerInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Reduction } from '../../evaluation.ts';
import type { KernelArray, KernelBody } from '../../kernels/kernel.ts';
import { requireValues } from '../../layout.ts';
import { alignmentCurve } from '../curves.ts';

export interface CtcCall {
  /** The input that holds the scores, what they are, and their shape where a batch of one has to be added. */
  readonly scores: string;
  readonly shape?: readonly number[];
  readonly scoresAre: 'logit' | 'log-probability';
  readonly batchFirst: boolean;
  /** Labels, padded at the end: [N, S]. */
  readonly target: KernelArray;
  readonly inputLength: ArrayLike<number | bigint>;
  readonly targetLength: ArrayLike<number | bigint>;
  /** The loss where no alignment fits. */
  readonly infeasible: number;
  readonly zeroInfinity: boolean;
  /** As torch sends back: 'logits', softmax − posteriors, of log-probabilities too; 'log-softmax', through one. */
  readonly gradientBy: 'scores' | 'logits' | 'log-softmax';
  /** Each sample's mean divides by its target's length first. */
  readonly perLabel: boolean;
  /** The blank, where it is no parameter. */
  readonly blank?: number;
  /** Whether a target ends in the blank, of which torch then loses a posterior. */
  readonly blankLast?: boolean;
  readonly elementShape?: readonly number[];
  readonly reduction?: Reduction;
}

/** The kernel's problem, once shapes and lengths have been checked. */
export function ctcBody(call: Call, given: CtcCall): KernelBody {
  const { data, shape } = call.array(given.scores);
  const scores = { data, shape: given.shape ?? shape };
  const [a, b] = scores.shape as [number, number];
  const count = given.batchFirst ? a : b;
  const targetLength = Float64Array.from(given.targetLength as ArrayLike<number>, Number);
  return {
    kernel: 'ctc',
    arrays: {
      scores,
      target: given.target,
      inputLength: {
        data: Float64Array.from(given.inputLength as ArrayLike<number>, Number),
        shape: [count],
      },
      targetLength: { data: targetLength, shape: [count] },
    },
    facts: {
      scoresAre: given.scoresAre,
      batchFirst: given.batchFirst,
      infeasible: given.infeasible,
      zeroInfinity: given.zeroInfinity,
      gradientBy: given.gradientBy,
      ...(given.blank !== undefined && { blank: given.blank }),
      ...(given.blankLast && { blankLast: true }),
    },
    differentiable: { [given.scores]: 'scores' },
    elementShape: given.elementShape ?? [count],
    ...(given.reduction && { reduction: given.reduction }),
    ...(given.perLabel && { scale: targetLength.map((length) => 1 / Math.max(length, 1)) }),
  };
}

/** Whether the last label of any target, [N, S], is the blank. */
export const endsInBlank = (
  { data, shape }: KernelArray,
  lengths: readonly number[],
  blank: number,
): boolean => lengths.some((length, n) => length > 0 && Number(data[n * shape[1]! + length - 1]) === blank);

/** @throws LossLensError `shape-mismatch` unless there is one length a sample, none above `most`. */
function requireLengths(call: Call, name: string, count: number, most: number, sentence: string): void {
  const shape = call.shape(name);
  if (shape.length !== 1 || shape[0] !== count) {
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
    sentence,
    t`numbers from 0 to ${most}`,
  );
}

export const ctc: Loss = {
  id: 'ctc',
  title: 'CTC loss',
  family: 'specialized',
  inputs: [
    floatInput('logits', 'scores of each frame and class, [T, N, C]; or give logProbabilities', true),
    floatInput('logProbabilities', 'their logarithms after a softmax, [T, N, C]', true),
    integerInput('target', 'labels of each sample, padded at the end, [N, S]'),
    integerInput('inputLength', 'how many frames each sample has, [N]'),
    integerInput('targetLength', 'how many labels each sample has, [N]'),
  ],
  parameters: [
    {
      name: 'blank',
      kind: 'integer',
      default: 0,
      minimum: 0,
      description: 'the class that stands for no label',
    },
    {
      name: 'zeroInfinity',
      kind: 'boolean',
      default: false,
      description: 'whether a target that fits no alignment counts 0, not infinity',
    },
  ],
  reduction: 'sum',
  program(call) {
    const scores = call.has('logits') ? 'logits' : 'logProbabilities';
    if (call.has('logits') === call.has('logProbabilities')) {
      throw new LossLensError('missing-input', t('Give the logits or their log-probabilities.'), {
        found: call.has('logits') ? t('both') : t('neither'),
        expected: t('logits, or logProbabilities'),
      });
    }
    const shape = call.shape(scores);
    const [frames, count, classes] = shape as [number, number, number];
    const target = call.shape('target');
    if (shape.length !== 3 || target.length !== 2 || target[0] !== count) {
      throw new LossLensError(
        'shape-mismatch',
        t('CTC takes scores by frame, sample and class, and labels by sample.'),
        {
          found: `${scores} [${shape.join(', ')}], target [${target.join(', ')}]`,
          expected: `${scores} [T, N, C], target [N, S]`,
        },
      );
    }
    requireLengths(call, 'inputLength', count, frames, t`A sample has at most ${frames} frames.`);
    requireLengths(call, 'targetLength', count, target[1]!, t`A sample has at most ${target[1]!} labels.`);
    const blank = call.option<number>('blank');
    if (blank >= classes) {
      throw new LossLensError('parameter', t('The blank is one of the classes.'), {
        found: `blank: ${blank}`,
        expected: t`a number from 0 to ${classes - 1}`,
      });
    }
    requireLabelsWithin(call, 'target', call.array('targetLength').data, classes, blank);
    return ctcBody(call, {
      scores,
      scoresAre: scores === 'logits' ? 'logit' : 'log-probability',
      batchFirst: false,
      target: call.array('target'),
      inputLength: call.array('inputLength').data,
      targetLength: call.array('targetLength').data,
      infeasible: Number.POSITIVE_INFINITY,
      zeroInfinity: call.option<boolean>('zeroInfinity'),
      gradientBy: 'scores',
      perLabel: call.reduction === 'mean',
    });
  },
  curve: alignmentCurve({
    scores: 'logits',
    target: 'target',
    inputLength: 'inputLength',
    targetLength: 'targetLength',
  }),
};

/** @throws LossLensError `label-out-of-range`: within its length, a target holds classes other than the blank. */
export function requireLabelsWithin(
  call: Call,
  name: string,
  lengths: ArrayLike<number | bigint>,
  classes: number,
  blank: number,
): void {
  const { data, shape } = call.array(name);
  const width = shape[1]!;
  for (let n = 0; n < shape[0]!; n++) {
    for (let s = 0; s < Number(lengths[n]); s++) {
      const label = Number(data[n * width + s]);
      if (label >= 0 && label < classes && label !== blank) continue;
      throw new LossLensError('label-out-of-range', t`Labels are classes other than the blank (${blank}).`, {
        found: t`${label} at [${n}, ${s}] of ${name}`,
        expected: t`numbers from 0 to ${classes - 1} without ${blank}`,
        count: 1,
        index: [n, s],
      });
    }
  }
}
