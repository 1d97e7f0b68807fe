/** `torchvision.ops`, as torchvision 0.28 computes it; held to its answers by test/golden/data/torchvision.json. */
import { t } from '@vscode/l10n';
import {
  actsAsFloat,
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
} from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Reduction } from '../evaluation.ts';
import { add, type Expr, type Input, mul, pow, sigmoid, sub } from '../language/expression.ts';
import { elementwise } from '../layout.ts';
import { binaryCurve } from '../losses/curves.ts';
import { declare, inputArgument, parameterArgument } from './symbol.ts';
import { crossEntropyWithLogits } from './torch/logits.ts';

/** Between a and b by how true a label is, which need not be 0 or 1. */
const mixed = (a: Expr, b: Expr, label: Expr): Expr => add(mul(a, label), mul(b, sub(1, label)));

function focalProgram(call: Call): Body {
  for (const name of ['inputs', 'targets']) {
    if (actsAsFloat(call.array(name))) continue;
    throw new LossLensError(
      'dtype',
      t`${call.definition.name}: torch computes this in floating point only.`,
      {
        found: `${name} ${describe(call.array(name))}`,
        expected: t('float32 or float64'),
      },
    );
  }
  const [x, y] = elementwise(call, ['inputs', 'targets']) as [Input, Input];
  const p = sigmoid(x);
  const trueP = mixed(p, sub(1, p), y);
  const loss = mul(crossEntropyWithLogits(x, y), pow(sub(1, trueP), call.uniform('gamma')));
  const balanced = call.sign('alpha') >= 0;
  if (!balanced && call.option<number>('alpha') !== -1) {
    throw new LossLensError('parameter', t('alpha is a share, or −1 for no balance between the classes.'), {
      found: `alpha=${call.option('alpha')}`,
      expected: t('a number from 0 to 1, or −1'),
    });
  }
  const alpha = call.uniform('alpha');
  return {
    elements: balanced ? mul(mixed(alpha, sub(1, alpha), y), loss) : loss,
    reduction: call.option<Reduction>('reduction'),
  };
}

export const torchvisionSymbols: readonly FrameworkSymbol[] = [
  declare({
    name: 'torchvision.ops.sigmoid_focal_loss',
    paths: ['torchvision.ops.sigmoid_focal_loss', 'torchvision.ops.focal_loss.sigmoid_focal_loss'],
    framework: 'torchvision',
    loss: 'focal',
    call: [
      inputArgument(floatInput('inputs', 'logits, any shape')),
      inputArgument(floatInput('targets', 'labels 0 or 1, or probabilities, same shape')),
      parameterArgument({
        name: 'alpha',
        kind: 'number',
        default: 0.25,
        minimum: -1,
        maximum: 1,
        description: 'the weight of class 1, and 1 − α that of class 0; −1 for none',
      }),
      parameterArgument({
        name: 'gamma',
        kind: 'number',
        default: 2,
        description: 'how strongly easy examples are played down',
      }),
      parameterArgument({
        name: 'reduction',
        kind: 'choice',
        choices: ['none', 'mean', 'sum'],
        default: 'none',
        description: 'how the elements become one number',
      }),
    ],
    caveats: [
      'Takes logits: a sigmoid before it squashes twice.',
      'Not reduced by default, unlike the losses of `torch.nn`.',
      'alpha = 0.25 weighs the positive class down, not up; the RetinaNet paper chose it together with gamma = 2. `alpha=-1` leaves the weights out.',
      'The mean divides by the number of elements; RetinaNet divides the sum by the number of positive anchors.',
    ],
    program: focalProgram,
    curve: binaryCurve('inputs', 'targets', () => true),
  }),
];
