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
    const [ofReal, ofFake] = [square(sub(real, 1)), square(fake)];
    return {
      elements: mul(0.5, add(mean(ofReal, real.dims), mean(ofFake, fake.dims))),
      parts: { real: mul(0.5, ofReal), fake: mul(0.5, ofFake) },
    };
  },
  curve: scoreCurve({ real: 'real', fake: 'fake' }, () => 'score'),
};
