/** `scipy.stats`, as scipy 1.17 computes it; held to its answers by test/golden/data/transport.json. */
import { type FrameworkSymbol, floatInput } from '../definition.ts';
import { displacementCurve } from '../losses/curves.ts';
import { betweenSamples } from '../losses/specialized/earth-movers-distance.ts';
import { declare, inputArgument } from './symbol.ts';

export const scipySymbols: readonly FrameworkSymbol[] = [
  declare({
    name: 'scipy.stats.wasserstein_distance',
    paths: ['scipy.stats.wasserstein_distance'],
    framework: 'scipy',
    loss: 'earth-movers-distance',
    call: [
      inputArgument(floatInput('u_values', 'where the first distribution has mass, [n]')),
      inputArgument(floatInput('v_values', 'where the second has mass, [m]')),
      inputArgument(floatInput('u_weights', 'how much mass, [n]; equal amounts unless given', true)),
      inputArgument(floatInput('v_weights', 'how much mass, [m]', true)),
    ],
    caveats: [
      'The first two arguments are positions, not histograms: two histograms over the same bins are `u_weights` and `v_weights`.',
      'Weights are divided by their sum.',
    ],
    program: (call) => ({
      ...betweenSamples(call, ['u_values', 'v_values'], ['u_weights', 'v_weights']),
      reduction: 'mean',
    }),
    curve: displacementCurve('u_values', 'v_values'),
  }),
];
