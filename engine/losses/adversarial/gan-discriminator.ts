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
      const parts = { real: softplus(neg(real)), fake: softplus(fake) };
      return { elements: add(expectation(parts.real, real), expectation(parts.fake, fake)), parts };
    }
    requireProbabilities(call, ['real', 'fake']);
    const [ofReal, ofFake] = [log(real), log1p(neg(fake))];
    return {
      elements: neg(add(expectation(ofReal, real), expectation(ofFake, fake))),
      parts: { real: neg(ofReal), fake: neg(ofFake) },
    };
  },
  curve: scoreCurve({ real: 'real', fake: 'fake' }, ({ from }) =>
    from === 'logit' ? 'logit' : 'probability',
  ),
};
