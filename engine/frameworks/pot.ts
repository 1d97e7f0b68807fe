/** Python Optimal Transport (`ot`), as POT 0.9 computes it; held to its answers by test/golden/data/transport.json. */
import { t } from '@vscode/l10n';
import { type Call, describe, type FrameworkSymbol, floatInput } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import { requireValues } from '../layout.ts';
import { displacementCurve } from '../losses/curves.ts';
import { betweenSamples, requireLine, transportBody } from '../losses/specialized/earth-movers-distance.ts';
import { declare, ignoredArgument, inputArgument, parameterArgument, withDefault } from './symbol.ts';

/** Masses that differ by less count as the same: NumPy's assert_array_almost_equal with six decimals, by which POT compares. */
const alike = 1.5e-6;

const massOf = (call: Call, name: string): number =>
  Array.from(call.array(name).data, Number).reduce((a, b) => a + b, 0);

/** @throws LossLensError `domain` unless both hold the same mass, as POT asserts. */
function requireEqualMass(call: Call, first: string, second: string): void {
  const [a, b] = [massOf(call, first), massOf(call, second)];
  if (Math.abs(a - b) < alike) return;
  throw new LossLensError(
    'domain',
    t('POT moves all of one distribution onto the other: both hold the same mass.'),
    {
      found: t`${first} sums to ${a}, ${second} to ${b}`,
      expected: t('two equal sums'),
    },
  );
}

/** @throws LossLensError `domain` unless what is given of both masses adds up to 1, which POT does not look at. */
function requireUnitMass(call: Call, names: readonly string[]): void {
  for (const name of names.filter((each) => call.has(each))) {
    const total = massOf(call, name);
    if (Math.abs(total - 1) < alike) continue;
    throw new LossLensError('domain', t('Of masses that do not add up to 1 POT gives no distance.'), {
      found: t`${name} sums to ${total}`,
      expected: t`masses with a sum of 1, as of ${name} / ${name}.sum()`,
    });
  }
}

/** @throws LossLensError `domain` where an array does not ascend. */
function requireSorted(call: Call, names: readonly string[]): void {
  for (const name of names) {
    let before = Number.NEGATIVE_INFINITY;
    requireValues(
      call,
      name,
      (value) => {
        const ascends = !(value < before);
        before = value;
        return ascends;
      },
      'domain',
      t('Without sorting POT gives no distance of values that are not sorted.'),
      t('ascending values, or require_sort=True'),
    );
  }
}

export const potSymbols: readonly FrameworkSymbol[] = [
  declare({
    name: 'ot.wasserstein_1d',
    paths: ['ot.wasserstein_1d', 'ot.lp.wasserstein_1d', 'ot.lp.solver_1d.wasserstein_1d'],
    framework: 'pot',
    loss: 'earth-movers-distance',
    call: [
      inputArgument(floatInput('u_values', 'where the first distribution has mass, [n]')),
      inputArgument(floatInput('v_values', 'where the second has mass, [m]')),
      inputArgument(floatInput('u_weights', 'how much mass, [n]; equal amounts unless given', true)),
      inputArgument(floatInput('v_weights', 'how much mass, [m]', true)),
      withDefault(
        parameterArgument({
          name: 'p',
          kind: 'number',
          default: 1,
          minimum: 1,
          description: 'moving a unit by d costs |d|ᵖ',
        }),
        '1',
      ),
      parameterArgument({
        name: 'require_sort',
        kind: 'boolean',
        default: true,
        description: 'whether the values are sorted first; without it they have to be sorted already',
      }),
      ignoredArgument('return_plans', 'False'),
    ],
    caveats: [
      'The p-th root is not taken: for p=2 the answer is the squared distance.',
      'Masses are taken as they are: of those that do not add up to 1 POT gives a number that is no distance; here they are refused.',
      'With `require_sort=False` values that are not sorted give a number that is no distance; here they are refused.',
    ],
    program(call) {
      if (!call.option<boolean>('require_sort')) requireSorted(call, ['u_values', 'v_values']);
      requireUnitMass(call, ['u_weights', 'v_weights']);
      return {
        ...betweenSamples(call, ['u_values', 'v_values'], ['u_weights', 'v_weights']),
        reduction: 'mean',
      };
    },
    curve: displacementCurve('u_values', 'v_values'),
  }),
  declare({
    name: 'ot.emd2',
    paths: ['ot.emd2', 'ot.lp.emd2'],
    framework: 'pot',
    loss: 'earth-movers-distance',
    call: [
      inputArgument(floatInput('a', 'masses of the first distribution, [n]')),
      inputArgument(floatInput('b', 'masses of the second, [m]')),
      inputArgument(floatInput('M', 'what moving a unit from i to j costs, [n, m]')),
      ignoredArgument('processes', '1'),
      ignoredArgument('numItermax', '100000'),
      ignoredArgument('log', 'False'),
      ignoredArgument('return_matrix', 'False'),
      ignoredArgument('center_dual', 'True'),
      ignoredArgument('numThreads', '1'),
      ignoredArgument('check_marginals', 'True'),
      ignoredArgument('potentials_init', 'None'),
    ],
    caveats: ['Both distributions must hold the same mass.', 'Exact; costs grow with the cube of the size.'],
    program(call) {
      const sizes = [requireLine(call, 'a'), requireLine(call, 'b')] as const;
      const shape = call.shape('M');
      if (shape.length !== 2 || shape[0] !== sizes[0] || shape[1] !== sizes[1]) {
        throw new LossLensError('shape-mismatch', t('There is one cost for each pair.'), {
          found: `M ${describe(call.array('M'))}`,
          expected: `[${sizes.join(', ')}]`,
        });
      }
      requireValues(call, 'M', Number.isFinite, 'domain', t('Costs are finite.'), t('finite numbers'));
      requireEqualMass(call, 'a', 'b');
      return { ...transportBody(call, { cost: 'M', weights: ['a', 'b'], sizes }), reduction: 'mean' };
    },
    curve: (parameters) => {
      const line = displacementCurve('M', 'b')(parameters);
      return {
        ...line,
        xLabel: t('cost of the pair'),
        range: [0, 3],
        series: [
          {
            label: '',
            rows: (x) => ({
              count: 1,
              inputs: {
                a: { dtype: 'float64', shape: [1], data: Float64Array.of(1) },
                b: { dtype: 'float64', shape: [1], data: Float64Array.of(1) },
                M: { dtype: 'float64', shape: [1, 1], data: x },
              },
              entry: () => 0,
            }),
          },
        ],
      };
    },
  }),
];
