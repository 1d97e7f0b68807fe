/** `scipy.stats`, as scipy 1.17 computes it; held to its answers by test/golden/data/transport.json. */
import { type FrameworkSymbol, floatInput } from '../definition.ts';
import { displacementCurve } from '../losses/curves.ts';
import { requireLine, transportBody } from '../losses/specialized/earth-movers-distance.ts';
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
    program(call) {
      const weights = (name: string): string | undefined => (call.has(name) ? name : undefined);
      return {
        ...transportBody(call, {
          positions: ['u_values', 'v_values'],
          weights: [weights('u_weights'), weights('v_weights')],
          sizes: [requireLine(call, 'u_values'), requireLine(call, 'v_values')],
        }),
        reduction: 'mean',
      };
    },
    curve: displacementCurve('u_values', 'v_values'),
  }),
];
