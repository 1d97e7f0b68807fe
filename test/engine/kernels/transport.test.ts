/** Optimal transport against itself: on a line and by a cost matrix, and against every assignment there is. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { evaluate, type NdArray } from '../../../engine/index.ts';

const line = (values: readonly number[]): NdArray => ({
  dtype: 'float64',
  shape: [values.length],
  data: Float64Array.from(values),
});

const costs = (x: readonly number[], y: readonly number[], p: number): NdArray => ({
  dtype: 'float64',
  shape: [x.length, y.length],
  data: Float64Array.from(x.flatMap((a) => y.map((b) => Math.abs(a - b) ** p))),
});

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));

const positions = fc.array(
  fc.integer({ min: -40, max: 40 }).map((n) => n / 8),
  { minLength: 1, maxLength: 7 },
);

describe('optimal transport', () => {
  it('costs the same by sorting and by shortest paths, and its plan moves exactly the masses', async () => {
    await fc.assert(
      fc.asyncProperty(positions, positions, fc.constantFrom(1, 2), async (x, y, p) => {
        const weights = (n: number): number[] => Array.from({ length: n }, (_, i) => 1 + (i % 3));
        const inputs = {
          first: line(x),
          second: line(y),
          firstWeights: line(weights(x.length)),
          secondWeights: line(weights(y.length)),
        };
        const sorted = await evaluate({ loss: 'earth-movers-distance', inputs, parameters: { p } });
        const solved = await evaluate({
          loss: 'earth-movers-distance',
          inputs: { ...inputs, cost: costs(x, y, p) },
        });
        assert(close(Number(sorted.value.data[0]), Number(solved.value.data[0])));
        for (const { extras } of [sorted, solved]) {
          const plan = extras['plan']!.data;
          const total = weights(x.length).reduce((a, b) => a + b);
          x.forEach((_, i) => {
            let moved = 0;
            for (let j = 0; j < y.length; j++) moved += Number(plan[i * y.length + j]);
            assert(close(moved, weights(x.length)[i]! / total));
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('finds the cheapest of all assignments', async () => {
    const permutations = (list: number[]): number[][] =>
      list.length < 2
        ? [list]
        : list.flatMap((first) =>
            permutations(list.filter((k) => k !== first)).map((rest) => [first, ...rest]),
          );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 25, maxLength: 25 }),
        async (values) => {
          const cost: NdArray = { dtype: 'float64', shape: [5, 5], data: Float64Array.from(values) };
          const { value } = await evaluate({
            loss: 'earth-movers-distance',
            inputs: { first: line([1, 1, 1, 1, 1]), second: line([1, 1, 1, 1, 1]), cost },
            parameters: { form: 'histograms' },
          });
          const cheapest = Math.min(
            ...permutations([0, 1, 2, 3, 4]).map((to) =>
              to.reduce((sum, j, i) => sum + values[5 * i + j]!, 0),
            ),
          );
          assert(close(Number(value.data[0]), cheapest / 5), `${value.data[0]} instead of ${cheapest / 5}`);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the difference of the cumulated masses for histograms', async () => {
    const { value } = await evaluate({
      loss: 'earth-movers-distance',
      inputs: { first: line([3, 1, 0]), second: line([0, 1, 3]) },
      parameters: { form: 'histograms' },
    });
    assert(close(Number(value.data[0]), 0.75 + 0.75));
  });

  it('refuses masses below 0, no mass at all, and numbers that are not finite', async () => {
    const ask = (first: NdArray, firstWeights?: NdArray) =>
      evaluate({
        loss: 'earth-movers-distance',
        inputs: { first, second: line([0]), ...(firstWeights && { firstWeights }) },
      });
    await assert.rejects(ask(line([1, 2]), line([1, -1])), { code: 'domain' });
    await assert.rejects(ask(line([1, 2]), line([0, 0])), { code: 'domain' });
    await assert.rejects(ask(line([1, Number.NaN])), { code: 'domain' });
    await assert.rejects(ask(line([])), { code: 'shape-mismatch' });
  });
});
