import type { Loss } from '../../definition.ts';
import { type Input, mul, square, sub } from '../../language/expression.ts';
import { scoreCurve } from '../curves.ts';
import { fakeInput, scores } from './scores.ts';

export const lsganGenerator: Loss = {
  id: 'lsgan-generator',
  title: 'Least-squares GAN loss of the generator',
  family: 'adversarial',
  inputs: [fakeInput],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [fake] = scores(call, ['fake']) as [Input];
    const elements = mul(0.5, square(sub(fake, 1)));
    return { elements, parts: { fake: elements } };
  },
  curve: scoreCurve({ fake: 'fake' }, () => 'score'),
};
