import { t } from '@vscode/l10n';
import type { TypedArray } from '../../array.ts';
import { type Call, describe, floatInput, type Loss } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { KernelBody } from '../../kernels/kernel.ts';
import { requireValues } from '../../layout.ts';
import { displacementCurve } from '../curves.ts';

/** Above this many entries of the plan, an exact solution takes minutes: the caller is told, not kept waiting. */
const largestPlan = 4_000_000;

export interface Distributions {
  /** Inputs that hold positions on a line; none where a cost matrix or a grid stands for them. */
  readonly positions?: readonly [string, string];
  readonly cost?: string;
  /** Inputs that hold the masses; equal ones where absent. */
  readonly weights: readonly [string | undefined, string | undefined];
  readonly sizes: readonly [number, number];
}

/** The transport kernel's problem, once masses have been checked. */
export function transportBody(call: Call, { positions, cost, weights, sizes }: Distributions): KernelBody {
  if (sizes[0] * sizes[1] > largestPlan) {
    throw new LossLensError('out-of-memory', t('The transport plan is too large for an exact solution.'), {
      found: `${sizes[0]} × ${sizes[1]}`,
      expected: t`at most ${largestPlan} pairs`,
    });
  }
  const masses = weights.map((name, side) => {
    if (name === undefined) return { data: new Float64Array(sizes[side]!).fill(1), shape: [sizes[side]!] };
    requireMasses(call, name, sizes[side]!);
    return call.array(name);
  });
  const grid = (size: number): { data: TypedArray; shape: number[] } => ({
    data: Float64Array.from({ length: size }, (_, i) => i),
    shape: [size],
  });
  const line = positions?.map((name) => call.array(name)) ?? sizes.map(grid);
  return {
    kernel: 'transport',
    arrays: {
      firstWeights: masses[0]!,
      secondWeights: masses[1]!,
      ...(cost ? { cost: call.array(cost) } : { first: line[0]!, second: line[1]! }),
    },
    facts: {},
    differentiable: Object.fromEntries([
      ...(positions && !cost ? [[positions[0], 'first'] as const, [positions[1], 'second'] as const] : []),
      ...(cost ? [[cost, 'cost'] as const] : []),
      ...(weights[0] ? [[weights[0], 'firstWeights'] as const] : []),
      ...(weights[1] ? [[weights[1], 'secondWeights'] as const] : []),
    ]),
    elementShape: [],
  };
}

function requireMasses(call: Call, name: string, size: number): void {
  const { data, shape } = call.array(name);
  if (shape.length !== 1 || shape[0] !== size) {
    throw new LossLensError('shape-mismatch', t('There is one mass for each position.'), {
      found: `${name} ${describe(call.array(name))}`,
      expected: `[${size}]`,
    });
  }
  requireValues(
    call,
    name,
    (mass) => mass >= 0 && Number.isFinite(mass),
    'domain',
    t('Masses are not negative.'),
    t('finite numbers of at least 0'),
  );
  let total = 0;
  for (let i = 0; i < data.length; i++) total += Number(data[i]);
  if (total > 0) return;
  throw new LossLensError('domain', t('A distribution needs some mass.'), {
    found: t`${name} sums to 0`,
    expected: t('a sum above 0'),
  });
}

/** @throws LossLensError unless the array is one-dimensional, not empty and finite. */
export function requireLine(call: Call, name: string): number {
  const { shape } = call.array(name);
  if (shape.length !== 1 || shape[0] === 0) {
    throw new LossLensError('shape-mismatch', t`${name} is a list of numbers.`, {
      found: describe(call.array(name)),
      expected: t('[n], not empty'),
    });
  }
  requireValues(
    call,
    name,
    Number.isFinite,
    'domain',
    t('Transport is between finite numbers.'),
    t('finite numbers'),
  );
  return shape[0]!;
}

/** Transport between samples on a line, each weighted if its weights are given. */
export function betweenSamples(
  call: Call,
  positions: readonly [string, string],
  weights: readonly [string, string],
): KernelBody {
  const given = (name: string): string | undefined => (call.has(name) ? name : undefined);
  return transportBody(call, {
    positions,
    weights: [given(weights[0]), given(weights[1])],
    sizes: [requireLine(call, positions[0]), requireLine(call, positions[1])],
  });
}

export const earthMoversDistance: Loss = {
  id: 'earth-movers-distance',
  title: "Earth mover's distance",
  family: 'specialized',
  inputs: [
    floatInput('first', 'samples on a line, [n]; or the masses of a histogram, [n]'),
    floatInput('second', 'samples, [m]; or masses, [m]'),
    floatInput('firstWeights', 'a mass for each sample of first, [n]', true),
    floatInput('secondWeights', 'a mass for each sample of second, [m]', true),
    floatInput('cost', 'what moving a unit from i to j costs, [n, m]', true),
  ],
  parameters: [
    {
      name: 'form',
      kind: 'choice',
      choices: ['samples', 'histograms'],
      default: 'samples',
      description: 'whether first and second are positions, or masses at 0, 1, 2 …',
    },
    { name: 'p', kind: 'number', default: 1, minimum: 1, description: 'moving a unit by d costs |d|ᵖ' },
  ],
  reduction: 'mean',
  program(call) {
    const sizes = [requireLine(call, 'first'), requireLine(call, 'second')] as const;
    const cost = call.has('cost') ? 'cost' : undefined;
    if (cost) {
      const shape = call.shape('cost');
      if (shape[0] !== sizes[0] || shape[1] !== sizes[1] || shape.length !== 2) {
        throw new LossLensError('shape-mismatch', t('There is one cost for each pair.'), {
          found: `cost ${describe(call.array('cost'))}`,
          expected: `[${sizes.join(', ')}]`,
        });
      }
      requireValues(call, 'cost', Number.isFinite, 'domain', t('Costs are finite.'), t('finite numbers'));
    }
    if (call.option('form') === 'histograms') {
      if (call.has('firstWeights') || call.has('secondWeights')) {
        throw new LossLensError('unknown-input', t('Histograms are their own masses.'), {
          found: t('firstWeights or secondWeights'),
          expected: t("form: 'samples', or no weights"),
        });
      }
      return transportBody(call, { ...(cost && { cost }), weights: ['first', 'second'], sizes });
    }
    return transportBody(call, {
      positions: ['first', 'second'],
      ...(cost && { cost }),
      weights: [
        call.has('firstWeights') ? 'firstWeights' : undefined,
        call.has('secondWeights') ? 'secondWeights' : undefined,
      ],
      sizes,
    });
  },
  curve: displacementCurve('first', 'second'),
};
