import type { Loss } from '../../definition.ts';
import { type Input, mean, neg, sub } from '../../language/expression.ts';
import { fakeInput, realInput, requireMeans, scores } from '../adversarial/scores.ts';
import { scoreCurve } from '../curves.ts';

export const wasserstein: Loss = {
  id: 'wasserstein',
  title: 'Wasserstein loss (critic)',
  family: 'specialized',
  inputs: [realInput, fakeInput],
  parameters: [],
  reduction: 'mean',
  program(call) {
    requireMeans(call);
    const [real, fake] = scores(call, ['real', 'fake']) as [Input, Input];
    return {
      elements: sub(mean(real, real.dims), mean(fake, fake.dims)),
      parts: { real, fake: neg(fake) },
    };
  },
  curve: scoreCurve({ real: 'real', fake: 'fake' }, () => 'score'),
};
