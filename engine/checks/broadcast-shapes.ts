import { t } from '@vscode/l10n';
import { type Node, none } from '../recognise/tree.ts';
import type { Check } from './check.ts';
import type { Problem } from './finding.ts';
import type { NamedCall, Program } from './program.ts';
import { argument, range } from './reading.ts';

/** What each does with `[N, 1]` against `[N]`, asked of torch 2.13 and TensorFlow.js 4.22. */
type Answer = 'warns' | 'silent' | 'refuses';

interface Pair {
  readonly prediction: string;
  readonly target: string;
  readonly answer: Answer;
}

const torch = (answer: Answer, prediction = 'input'): Pair => ({ prediction, target: 'target', answer });
const tfjs = (answer: Answer, prediction: string, target: string): Pair => ({ prediction, target, answer });
const tfjsLoss = tfjs('refuses', 'predictions', 'labels');
const tfjsMetric = tfjs('silent', 'yPred', 'yTrue');

const pairs: Readonly<Record<string, Pair>> = {
  'torch.nn.MSELoss': torch('warns'),
  'torch.nn.functional.mse_loss': torch('warns'),
  'torch.nn.L1Loss': torch('warns'),
  'torch.nn.functional.l1_loss': torch('warns'),
  'torch.nn.SmoothL1Loss': torch('warns'),
  'torch.nn.functional.smooth_l1_loss': torch('warns'),
  'torch.nn.HuberLoss': torch('warns'),
  'torch.nn.functional.huber_loss': torch('warns'),
  'torch.nn.PoissonNLLLoss': torch('silent', 'log_input'),
  'torch.nn.functional.poisson_nll_loss': torch('silent', 'log_input'),
  'torch.nn.BCELoss': torch('refuses'),
  'torch.nn.functional.binary_cross_entropy': torch('refuses'),
  'torch.nn.BCEWithLogitsLoss': torch('refuses'),
  'torch.nn.functional.binary_cross_entropy_with_logits': torch('refuses'),
  'tf.losses.absoluteDifference': tfjsLoss,
  'tf.losses.hingeLoss': tfjsLoss,
  'tf.losses.huberLoss': tfjsLoss,
  'tf.losses.logLoss': tfjsLoss,
  'tf.losses.meanSquaredError': tfjsLoss,
  'tf.losses.sigmoidCrossEntropy': tfjs('refuses', 'logits', 'multiClassLabels'),
  'tf.layers.binaryCrossentropy': tfjs('refuses', 'yPred', 'yTrue'),
  'tf.layers.meanAbsoluteError': tfjsMetric,
  'tf.layers.meanAbsolutePercentageError': tfjsMetric,
  'tf.layers.meanSquaredError': tfjsMetric,
};

export const broadcastShapes: Check = {
  code: 'broadcast-shapes',
  severity: 'warning',
  find: (program) => program.calls.flatMap((call) => compare(program, call)),
};

function compare(program: Program, call: NamedCall): Problem[] {
  const { symbol, alternatives } = call.named.reported;
  const pair = Object.hasOwn(pairs, symbol) ? pairs[symbol]! : undefined;
  if (!pair || alternatives || call.evaluates === none) return [];
  const prediction = argument(call, pair.prediction);
  const target = argument(call, pair.target);
  if (prediction === none || target === none) return [];
  const isTorch = symbol.startsWith('torch.');
  const shapes = [prediction, target].map((node) => program.tensors.of(node).shape ?? {});
  const column = shapes.findIndex(({ rank, last }) => last === 1 && (rank ?? 2) === 2);
  const row = shapes.findIndex(({ rank, last }) => rank === 1 && last !== 1);
  if (column < 0 || row < 0) {
    return isTorch || pair.answer !== 'refuses' ? [] : ranks(program, prediction, target, shapes);
  }
  const [long, flat] = column === 0 ? [prediction, target] : [target, prediction];
  return [
    {
      ...range(program, long),
      message: `${t`This has the shape [N, 1], and ${program.syntax.source(flat)} has [N]:`} ${outcome(pair.answer, isTorch)}`,
      fixes: [
        isTorch
          ? fix(program, long, t('Squeeze the last dimension'), '.squeeze(-1)')
          : fix(program, long, t('Flatten it'), '.flatten()'),
      ],
    },
  ];
}

function outcome(answer: Answer, isTorch: boolean): string {
  if (answer === 'refuses') return t`${isTorch ? 'torch' : 'TensorFlow.js'} refuses them.`;
  if (!isTorch) {
    return t(
      'TensorFlow.js broadcasts them to [N, N] without a word and averages each sample over the targets of all.',
    );
  }
  return answer === 'warns'
    ? t(
        'torch broadcasts them to [N, N] with a warning and averages every pair: the model learns the mean of the targets.',
      )
    : t(
        'torch broadcasts them to [N, N] without a word and averages every pair: the model learns the mean of the targets.',
      );
}

/** Where no more than the numbers of dimensions is known. */
function ranks(
  program: Program,
  prediction: Node,
  target: Node,
  [ours, theirs]: readonly { readonly rank?: number }[],
): Problem[] {
  if (ours?.rank === undefined || theirs?.rank === undefined || ours.rank === theirs.rank) return [];
  const other = program.syntax.source(target);
  return [
    {
      ...range(program, prediction),
      message:
        ours.rank === 1
          ? t`This has 1 dimension, and ${other} has ${theirs.rank}: TensorFlow.js refuses shapes that differ.`
          : t`This has ${ours.rank} dimensions, and ${other} has ${theirs.rank}: TensorFlow.js refuses shapes that differ.`,
      fixes: [],
    },
  ];
}

const fix = (program: Program, node: Node, title: string, text: string) => ({
  title,
  edits: [program.edits.appendCall(node, text)],
});
