/** optax's CTC: logits and paddings in; what cannot be costs `log_epsilon`. */

import { t } from '@vscode/l10n';
import { type Call, describe, type FrameworkSymbol, integerInput } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { KernelArray, KernelBody } from '../../kernels/kernel.ts';
import { sameShape } from '../../layout.ts';
import { alignmentCurve } from '../../losses/curves.ts';
import { type Argument, inputArgument, parameterArgument } from '../symbol.ts';
import { warnOfLabels } from '../tensorflow/ctc.ts';
import { array, keywordOnly, number, symbol, written } from './declare.ts';

export interface OptaxCtc {
  /** The input that holds the logits, [N, T, C]. */
  readonly scores: string;
  /** [N, T]: 1 where a frame does not count. */
  readonly scoresPadding: KernelArray;
  readonly target: KernelArray;
  readonly targetLength: readonly number[];
  readonly blank: number;
  readonly logEpsilon: number;
  readonly scoresIn: 'float32' | 'float64';
  readonly computesIn: 'float32' | 'float64';
}

/** optax's lattice, for its own functions and for Keras on JAX. */
export function optaxCtc(call: Call, given: OptaxCtc): KernelBody {
  const { data, shape } = call.array(given.scores);
  return {
    kernel: 'ctc-optax',
    arrays: {
      scores: { data, shape },
      scoresPadding: given.scoresPadding,
      target: given.target,
      targetLength: { data: Float64Array.from(given.targetLength), shape: [shape[0]!] },
    },
    facts: {
      blank: given.blank,
      logEpsilon: given.logEpsilon,
      scoresIn: given.scoresIn,
      computesIn: given.computesIn,
    },
    differentiable: { [given.scores]: 'scores' },
    elementShape: [shape[0]!],
    dtype: given.computesIn,
  };
}

function misfit(call: Call, names: readonly string[], sentence: string, expected: string): LossLensError {
  return new LossLensError('shape-mismatch', sentence, {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });
}

function checkShapes(call: Call): void {
  const [scores, labels] = [call.shape('logits'), call.shape('labels')];
  if (scores.length !== 3 || labels.length !== 2 || labels[0] !== scores[0]) {
    throw misfit(
      call,
      ['logits', 'labels'],
      t('optax takes logits by sample, frame and class, and a row of labels for each sample.'),
      'logits [N, T, C], labels [N, S]',
    );
  }
  for (const [padding, shape] of [
    ['logit_paddings', scores.slice(0, 2)],
    ['label_paddings', labels],
  ] as const) {
    if (!sameShape(call.shape(padding), shape)) {
      throw misfit(
        call,
        [padding],
        t`${padding} says of each entry whether it counts.`,
        `[${shape.join(', ')}]`,
      );
    }
  }
  if (scores[1] === 0)
    throw misfit(call, ['logits'], t('optax wants at least one frame.'), t('T of 1 or more'));
}

/** How many labels count: as many as are not padded, from the front, wherever the padding stands. */
function lengthsOf(call: Call, round: (x: number) => number): number[] {
  const { data, shape } = call.array('label_paddings');
  const [count, width] = shape as [number, number];
  let trails = true;
  const lengths = Array.from({ length: count }, (_, n) => {
    const row = Array.from({ length: width }, (_, s) => Number(data[n * width + s]));
    trails &&= row.every((padding, s) => (padding === 0 || padding === 1) && padding >= (row[s - 1] ?? 0));
    return width - Math.trunc(row.reduce((sum, padding) => round(sum + padding), 0));
  });
  if (!trails) {
    call.warn(
      'padding',
      t(
        'label_paddings is not 0 up to a label and 1 from there on: optax only counts it, and leaves out as many labels at the end.',
      ),
    );
  }
  return lengths;
}

const isDouble = (call: Call, name: string): boolean =>
  call.array(name).dtype === 'float64' && !call.array(name).weak;

function program(call: Call): KernelBody {
  checkShapes(call);
  const classes = call.shape('logits')[2]!;
  const asked = call.option<number>('blank_id');
  if (asked < -classes || asked >= classes || asked === -1) {
    throw new LossLensError('parameter', t('The blank is one of the classes.'), {
      found: `blank_id=${asked}`,
      expected: t`a number from 0 to ${classes - 1} (optax cannot slice the last class as -1)`,
    });
  }
  const blank = asked < 0 ? asked + classes : asked;
  // With float64 among the arrays JAX must run with jax_enable_x64: the recursion then is float64 for float32 logits too.
  const double = ['logits', 'logit_paddings', 'label_paddings'].some((name) => isDouble(call, name));
  const computesIn = double ? 'float64' : 'float32';
  const lengths = lengthsOf(call, double ? (x) => x : Math.fround);
  const { data, shape } = call.array('labels');
  warnOfLabels(call, { data, shape }, lengths, classes, blank);
  return {
    ...optaxCtc(call, {
      scores: 'logits',
      scoresPadding: call.array('logit_paddings'),
      target: { data, shape },
      targetLength: lengths,
      blank,
      logEpsilon: call.option<number>('log_epsilon'),
      scoresIn: isDouble(call, 'logits') ? 'float64' : 'float32',
      computesIn,
    }),
    reduction: 'none',
  };
}

/** A mask, of any dtype; the gradient that JAX has by a float one is not shown. */
const padding = (name: string, description: string): Argument =>
  inputArgument({ name, kind: 'any', optional: false, description });

const shared = {
  loss: 'ctc',
  call: [
    array('logits', 'logits of each frame, [N, T, C]'),
    padding('logit_paddings', '1 for a frame that does not count, else 0, [N, T]'),
    inputArgument(integerInput('labels', 'labels of each sample, padded at the end, [N, S]')),
    padding('label_paddings', '1 for a label that does not count, else 0, [N, S]'),
    keywordOnly(
      parameterArgument({
        name: 'blank_id',
        kind: 'integer',
        default: 0,
        description: 'the class that stands for no label',
      }),
    ),
    keywordOnly(
      written(
        number({
          name: 'log_epsilon',
          default: -1e5,
          description: 'the log-probability of what cannot be',
        }),
        '-100000.0',
      ),
    ),
  ],
  program,
  curve: alignmentCurve(
    {
      scores: 'logits',
      target: 'labels',
      paddings: ['logit_paddings', 'label_paddings'],
      blank: 'blank_id',
    },
    { batchFirst: () => true },
  ),
} as const;

const caveats = [
  'Padding has the sense reversed of a mask: 1 leaves an entry out.',
  'A target that fits no alignment is not refused and not infinite: its loss is about 1e5, or what `log_epsilon` says, and its gradient finite.',
  'In float32 numbers about 1e5 are 0.008 apart: such a loss and its gradient have three digits, and these are the ones shown.',
  'Labels outside the classes, such as a padding of -1 that counts, have probability 1.',
  'NaN or -inf in a padded frame makes the sample NaN.',
];

export const ctcSymbols: readonly FrameworkSymbol[] = [
  symbol({ ...shared, function: 'ctc_loss', caveats }),
  symbol({
    ...shared,
    function: 'ctc_loss_with_forward_probs',
    caveats: [
      'Returns three arrays; the loss is the first, and the one that is shown and differentiated.',
      ...caveats,
    ],
  }),
];
