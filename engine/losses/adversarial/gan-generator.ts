import type { Loss } from '../../definition.ts';
import { type Input, log, log1p, neg, softplus } from '../../language/expression.ts';
import { scoreCurve } from '../curves.ts';
import { fakeInput, fromParameter, requireProbabilities, scores } from './scores.ts';

export const ganGenerator: Loss = {
  id: 'gan-generator',
  title: 'GAN loss of the generator',
  family: 'adversarial',
  inputs: [fakeInput],
  parameters: [
    {
      name: 'form',
      kind: 'choice',
      choices: ['minimax', 'non-saturating'],
      default: 'minimax',
      description: 'log(1 − D) of the game, or −log D, whose gradient does not vanish where D is sure',
    },
    fromParameter,
  ],
  reduction: 'mean',
  program(call) {
    const [fake] = scores(call, ['fake']) as [Input];
    const saturates = call.option('form') === 'minimax';
    if (call.option('from') === 'logit') {
      const elements = saturates ? neg(softplus(fake)) : softplus(neg(fake));
      return { elements, parts: { fake: elements } };
    }
    requireProbabilities(call, ['fake']);
    const elements = saturates ? log1p(neg(fake)) : neg(log(fake));
    return { elements, parts: { fake: elements } };
  },
  curve: scoreCurve({ fake: 'fake' }, ({ from }) => (from === 'logit' ? 'logit' : 'probability')),
};
