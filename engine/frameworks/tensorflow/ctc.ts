/** `tf.nn.ctc_loss` of dense labels: TensorFlow's own lattice, in which nothing is impossible. */

import { t } from '@vscode/l10n';
import { cast } from '../../array.ts';
import { type Call, describe, type FrameworkSymbol, integerInput } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { KernelArray, KernelBody } from '../../kernels/kernel.ts';
import { alignmentCurve } from '../../losses/curves.ts';
import { declare, ignoredArgument, inputArgument, parameterArgument } from '../symbol.ts';
import { required } from './arguments.ts';

export interface TensorflowCtc {
  readonly scores: string;
  readonly batchFirst: boolean;
  /** [N, S] or [1, S]: as the classes are numbered, or numbers outside them. */
  readonly target: KernelArray;
  readonly inputLength: ArrayLike<number>;
  readonly targetLength: ArrayLike<number>;
  readonly blank: number;
}

/** TensorFlow's lattice, for its own function and for Keras. */
export function tensorflowCtc(call: Call, given: TensorflowCtc): KernelBody {
  const { data, shape } = call.array(given.scores);
  const count = given.batchFirst ? shape[0]! : shape[1]!;
  const lengths = (values: ArrayLike<number>) => ({ data: Float64Array.from(values), shape: [count] });
  return {
    kernel: 'ctc-tensorflow',
    arrays: {
      scores: { data, shape },
      target: given.target,
      inputLength: lengths(given.inputLength),
      targetLength: lengths(given.targetLength),
    },
    facts: { batchFirst: given.batchFirst, blank: given.blank },
    differentiable: { [given.scores]: 'scores' },
    elementShape: [count],
    dtype: 'float32',
  };
}

/** Says of labels within their lengths what the lattice makes of them. */
export function warnOfLabels(
  call: Call,
  { data, shape }: KernelArray,
  lengths: ArrayLike<number>,
  classes: number,
  blank: number,
): void {
  const width = shape[1]!;
  let [outside, blanks] = [0, 0];
  for (let n = 0; n < lengths.length; n++) {
    const row = shape[0] === 1 ? 0 : n;
    for (let s = 0; s < Math.min(width, lengths[n]!); s++) {
      const label = Number(data[row * width + s]);
      if (label === blank) blanks++;
      else if (label < 0 || label >= classes) outside++;
    }
  }
  if (outside > 0) {
    call.warn(
      'label-out-of-range',
      t`${outside} of the labels are none of the ${classes} classes: such a label has probability 1 in every frame, so the loss comes out too small.`,
    );
  }
  if (blanks > 0) {
    call.warn(
      'blank-in-target',
      t`${blanks} of the labels are the blank (${blank}); CTC is not defined for those.`,
    );
  }
}

const numbers = (call: Call, name: string): number[] =>
  Array.from(call.array(name).data as ArrayLike<number>, Number);

function refuse(call: Call, names: readonly string[], sentence: string, expected: string): LossLensError {
  return new LossLensError('shape-mismatch', sentence, {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });
}

function checkShapes(call: Call): void {
  const shape = call.shape('logits');
  const batchFirst = call.option('logits_time_major') === false;
  if (shape.length !== 3 || call.shape('labels').length !== 2) {
    throw refuse(
      call,
      ['labels', 'logits'],
      t('tf.nn.ctc_loss takes rows of labels, and logits by frame, sample and class.'),
      t('labels [N, S], logits [T, N, C], or [N, T, C] with logits_time_major=False'),
    );
  }
  const count = batchFirst ? shape[0]! : shape[1]!;
  if (count === 0) {
    throw refuse(call, ['logits'], t('tf.nn.ctc_loss refuses a batch without samples.'), t('N of 1 or more'));
  }
  const [rows] = call.shape('labels');
  if (rows !== count && rows !== 1) {
    throw refuse(
      call,
      ['labels', 'logits'],
      t('There is one row of labels for each sample.'),
      `[${count}, S]`,
    );
  }
  for (const name of ['label_length', 'logit_length']) {
    if (call.shape(name).length !== 1 || call.shape(name)[0] !== count) {
      throw refuse(call, [name], t`${name} is one number a sample.`, `[${count}]`);
    }
  }
}

function checkDtypes(call: Call): void {
  const { dtype, weak } = call.array('logits');
  if (dtype !== 'float32' && !weak) {
    throw new LossLensError('dtype', t('tf.nn.ctc_loss computes in float32 and converts nothing.'), {
      found: `logits ${describe(call.array('logits'))}`,
      expected: 'float32',
    });
  }
  const labels = call.array('labels');
  if (!labels.weak && !['uint8', 'int8', 'int32', 'int64'].includes(labels.dtype)) {
    throw new LossLensError('dtype', t('tf.nn.ctc_loss takes labels of another dtype.'), {
      found: `labels ${describe(labels)}`,
      expected: t('int32 or int64 (int8 and uint8 run)'),
    });
  }
}

/**
 * Where a blank is given, it is brought to the front and labels below it move up by one, so that the blank's own number
 * comes to mean the class before it, and −1 the blank. Returned as the classes are numbered.
 */
function renumbered(labels: KernelArray, blank: number, isGiven: boolean): KernelArray {
  const data = Float64Array.from(cast(labels.data, 'float64'), (label) => {
    const moved = isGiven && label < blank ? label + 1 : label;
    if (moved === 0) return blank;
    return moved > 0 && moved <= blank ? moved - 1 : moved;
  });
  return { data, shape: labels.shape };
}

export const ctcSymbols: readonly FrameworkSymbol[] = [
  declare({
    framework: 'tensorflow',
    name: 'tf.nn.ctc_loss',
    paths: [
      'tensorflow.nn.ctc_loss',
      'tensorflow.compat.v2.nn.ctc_loss',
      'tensorflow.compat.v1.nn.ctc_loss_v2',
    ],
    loss: 'ctc',
    call: [
      inputArgument(integerInput('labels', 'labels of each sample, padded at the end, [N, S]')),
      required('logits', 'logits of each frame, [T, N, C], in float32'),
      inputArgument(integerInput('label_length', 'how many labels each sample has, [N]')),
      inputArgument(integerInput('logit_length', 'how many frames each sample has, [N]')),
      parameterArgument({
        name: 'logits_time_major',
        kind: 'boolean',
        default: true,
        description: 'whether the logits are [T, N, C], not [N, T, C]',
      }),
      ignoredArgument('unique', 'None'),
      parameterArgument({
        name: 'blank_index',
        kind: 'integer',
        default: null,
        nullable: true,
        description: 'the class that stands for no label: 0 unless given, counted from the end if negative',
      }),
      ignoredArgument('name', 'None'),
    ],
    caveats: [
      'One value a sample; nothing is averaged.',
      'Takes logits, where torch takes log-probabilities. Sparse labels run on other code, which is not shown here.',
      'A target that fits no alignment is not refused and not infinite: its loss is about 707 to 712, and its gradient finite.',
      'So is a target of a probability below e^-706.9: its loss stays near 707 however unlikely it is.',
      'Labels outside the classes, such as a padding of -1 within `label_length`, have probability 1; lengths are not checked.',
      'NaN or -inf in a frame beyond `logit_length` makes the sample NaN.',
      '`unique` makes it faster on a TPU and changes no number.',
    ],
    program(call) {
      checkShapes(call);
      checkDtypes(call);
      const batchFirst = call.option('logits_time_major') === false;
      const shape = call.shape('logits');
      const classes = shape[2]!;
      const asked = call.option<number | null>('blank_index') ?? 0;
      if (asked < -classes || asked >= classes) {
        throw new LossLensError(
          'parameter',
          t(
            'The blank is one of the classes; TensorFlow goes on with other columns, as if nothing were wrong.',
          ),
          { found: `blank_index=${asked}`, expected: t`a number from ${-classes} to ${classes - 1}` },
        );
      }
      const blank = asked < 0 ? asked + classes : asked;
      const target = renumbered(call.array('labels'), blank, asked !== 0);
      const lengths = numbers(call, 'label_length');
      warnOfLabels(call, target, lengths, classes, blank);
      const [width, frames] = [target.shape[1]!, batchFirst ? shape[1]! : shape[0]!];
      if (lengths.some((length) => length < 0 || length > width)) {
        call.warn(
          'length',
          t`label_length is outside 0 … ${width}: TensorFlow then lets no state be the last.`,
        );
      }
      if (numbers(call, 'logit_length').some((length) => length < 0 || length > frames)) {
        call.warn('length', t`logit_length is outside 0 … ${frames}: TensorFlow takes the nearer of these.`);
      }
      return {
        ...tensorflowCtc(call, {
          scores: 'logits',
          batchFirst,
          target,
          inputLength: numbers(call, 'logit_length'),
          targetLength: lengths,
          blank,
        }),
        reduction: 'none',
      };
    },
    curve: alignmentCurve(
      {
        scores: 'logits',
        target: 'labels',
        inputLength: 'logit_length',
        targetLength: 'label_length',
        blank: 'blank_index',
      },
      { batchFirst: (parameters) => parameters['logits_time_major'] === false },
    ),
  }),
];
