/** MONAI's adversarial loss on patches: of a discriminator's outputs before any activation. */
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
import {
  constant,
  type Expr,
  less,
  mean,
  min,
  mul,
  neg,
  sigmoid,
  square,
  sub,
  tanh,
  where,
  withGradient,
} from '../language/expression.ts';
import { elementwise, requireValues } from '../layout.ts';
import { scoreCurve } from '../losses/curves.ts';
import { type Argument, declare, inputArgument, parameterArgument } from './symbol.ts';
import { clampedCrossEntropy } from './torch/classification.ts';

type Criterion = 'least_squares' | 'bce' | 'hinge';

/** A sigmoid whose slope is of the rounded probability: 0 where that is 1. */
const asTorch = (p: Expr, x: Expr): Expr => withGradient(p, [[x, mul(sub(1, p), p)]]);

const leakyRelu = (x: Expr): Expr => where(less(0, x), x, mul(0.05, x));

function program(call: Call): Body {
  const output = call.array('input');
  if (!actsAsFloat(output)) {
    throw new LossLensError('dtype', t('A discriminator’s outputs are floating-point numbers.'), {
      found: `input ${describe(output)}`,
      expected: t('float32 or float64'),
    });
  }
  if (output.shape.length === 0 || output.shape[0] === 0) {
    throw new LossLensError('shape-mismatch', t('MONAI asks the first sample for its device.'), {
      found: `input ${describe(output)}`,
      expected: t('at least one sample'),
    });
  }
  const forDiscriminator = call.option<boolean>('for_discriminator');
  const isReal = call.option<boolean>('target_is_real') || !forDiscriminator;
  if (!call.option<boolean>('target_is_real') && isReal) {
    call.warn(
      'ignored',
      t('A generator wants its samples to look real: MONAI ignores target_is_real=False.'),
    );
  }
  const [x] = elementwise(call, ['input']) as [Expr];
  const reduction = call.option<Reduction>('reduction');
  switch (call.option<Criterion>('criterion')) {
    case 'hinge': {
      const score = isReal ? tanh(x) : neg(tanh(x));
      const hinge = neg(min(sub(score, 1), 0, { tie: 0.5 }));
      // Whatever the reduction, this criterion takes the mean.
      return reduction === 'mean'
        ? { elements: hinge, reduction }
        : { elements: mean(hinge, hinge.dims), reduction };
    }
    case 'bce':
      requireValues(
        call,
        'input',
        (score) => !Number.isNaN(score),
        'domain',
        t('torch refuses a probability that is no number.'),
        t('no NaN'),
      );
      return { elements: clampedCrossEntropy(asTorch(sigmoid(x), x), constant(isReal ? 1 : 0)), reduction };
    case 'least_squares': {
      const score = call.option<boolean>('no_activation_leastsq') ? x : leakyRelu(x);
      return { elements: square(sub(score, isReal ? 1 : 0)), reduction };
    }
  }
}

const required = (name: string, description: string): Argument => ({
  argument: { name, kind: 'parameter' },
  parameter: { name, kind: 'boolean', default: true, description },
});

export const patchAdversarialLoss: FrameworkSymbol = declare({
  name: 'monai.losses.PatchAdversarialLoss',
  paths: ['monai.losses.PatchAdversarialLoss', 'monai.losses.adversarial_loss.PatchAdversarialLoss'],
  framework: 'monai',
  loss: 'lsgan-generator',
  constructor_: [
    parameterArgument({
      name: 'reduction',
      kind: 'choice',
      choices: ['none', 'mean', 'sum'],
      default: 'mean',
      description: 'how the patches become one number',
    }),
    parameterArgument({
      name: 'criterion',
      kind: 'choice',
      choices: ['least_squares', 'bce', 'hinge'],
      default: 'least_squares',
      description: 'squares after a leaky ReLU, cross-entropy after a sigmoid, or a hinge after a tanh',
    }),
    parameterArgument({
      name: 'no_activation_leastsq',
      kind: 'boolean',
      default: false,
      description: 'whether the squares are taken without the leaky ReLU',
    }),
  ],
  call: [
    inputArgument(floatInput('input', 'the discriminator’s outputs before any activation, [N, …]')),
    required('target_is_real', 'whether the outputs should be those of real samples'),
    required(
      'for_discriminator',
      'whether it trains the discriminator; for the generator all should look real',
    ),
  ],
  caveats: [
    'Applies an activation of its own: least squares come after a leaky ReLU of slope 0.05 (unless `no_activation_leastsq=True`), cross-entropy after a sigmoid, the hinge after a tanh.',
    'There is no ½ before the squares, and one call sees one side: a discriminator’s loss is the sum, or the mean, of two.',
    'After the tanh the hinge is never below 0 and its gradient vanishes for sure scores; the generator’s is a hinge too, not −D.',
    '`criterion="hinge"` takes the mean whatever the `reduction`.',
    'A list of outputs, of a discriminator at several scales, is a mean (or sum) of each one’s loss: evaluate them one by one.',
  ],
  program,
  curve: (parameters) => {
    const { xLabel: _, ...spec } = scoreCurve({ fake: 'input' }, () => 'score')(parameters);
    return {
      ...spec,
      xLabel: t('input (before the activation)'),
      parameters: { criterion: parameters['criterion']! },
    };
  },
});
