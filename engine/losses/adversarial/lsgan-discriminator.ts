import type { Loss } from '../../definition.ts';
import { add, type Input, mean, mul, square, sub } from '../../language/expression.ts';
import { scoreCurve } from '../curves.ts';
import { fakeInput, realInput, requireMeans, scores } from './scores.ts';

export const lsganDiscriminator: Loss = {
  id: 'lsgan-discriminator',
  title: 'Least-squares GAN loss of the discriminator',
  family: 'adversarial',
  inputs: [realInput, fakeInput],
  parameters: [],
  reduction: 'mean',
  program(call) {
    requireMeans(call);
    const [real, fake] = scores(call, ['real', 'fake']) as [Input, Input];
    return {
      elements: mul(0.5, add(mean(square(sub(real, 1)), real.dims), mean(square(fake), fake.dims))),
    };
  },
  curve: scoreCurve({ real: 'real', fake: 'fake' }, () => 'score'),
};
