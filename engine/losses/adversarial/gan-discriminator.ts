import type { Loss } from '../../definition.ts';
import { add, type Input, log, log1p, mean, neg, softplus } from '../../language/expression.ts';
import { scoreCurve } from '../curves.ts';
import { fakeInput, fromParameter, realInput, requireMeans, requireProbabilities, scores } from './scores.ts';

export const ganDiscriminator: Loss = {
  id: 'gan-discriminator',
  title: 'GAN loss of the discriminator',
  family: 'adversarial',
  inputs: [realInput, fakeInput],
  parameters: [fromParameter],
  reduction: 'mean',
  program(call) {
    requireMeans(call);
    const [real, fake] = scores(call, ['real', 'fake']) as [Input, Input];
    const expectation = (x: Parameters<typeof mean>[0], of: Input) => mean(x, of.dims);
    if (call.option('from') === 'logit') {
      return { elements: add(expectation(softplus(neg(real)), real), expectation(softplus(fake), fake)) };
    }
    requireProbabilities(call, ['real', 'fake']);
    return { elements: neg(add(expectation(log(real), real), expectation(log1p(neg(fake)), fake))) };
  },
  curve: scoreCurve({ real: 'real', fake: 'fake' }, ({ from }) =>
    from === 'logit' ? 'logit' : 'probability',
  ),
};
