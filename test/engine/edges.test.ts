/** The catalogue at its edges: what the definitions give for 0, 1, ±∞, NaN, ties, nothing at all, and misfits. */
import assert from 'node:assert/strict';
import type { NdArray } from '../../engine/array.ts';
import { dispose, evaluate, LossLensError, losses } from '../../engine/node.ts';
import { edges, inputsOf } from './edges/catalogue.ts';

function assertNumbers(actual: NdArray, expected: readonly number[], what: string): void {
  const found = Array.from(actual.data, Number);
  const agree =
    found.length === expected.length &&
    found.every((x, i) => {
      const y = expected[i]!;
      return (
        x === y || (Number.isNaN(x) && Number.isNaN(y)) || Math.abs(x - y) <= 1e-15 + 1e-13 * Math.abs(y)
      );
    });
  assert.ok(agree, `${what} is [${found}] instead of [${expected}]`);
}

describe('the catalogue at its edges', () => {
  after(() => dispose());

  for (const backend of ['reference', 'wasm'] as const) {
    for (const [loss, rows] of Object.entries(edges)) {
      describe(`${loss} on ${backend}`, () => {
        for (const edge of rows) {
          it(edge.note, async () => {
            const inputs = inputsOf(loss, edge);
            const { parameters = {}, reduction = 'none' } = edge;
            const asked = evaluate({ loss, inputs, parameters, reduction, gradients: true, backend });
            if (edge.refused) {
              await assert.rejects(asked, (error) => {
                assert.ok(error instanceof LossLensError, String(error));
                assert.equal(error.code, edge.refused);
                return true;
              });
              return;
            }
            const evaluation = await asked;
            assertNumbers(evaluation.value, edge.value!, 'value');
            for (const [name, expected] of Object.entries(edge.gradients ?? {})) {
              assertNumbers(evaluation.gradients[name]!, expected, `gradient by ${name}`);
            }
            if (edge.firstNonFinite) assert.deepEqual(evaluation.nonFinite.first, edge.firstNonFinite);
            else if (edge.value!.every(Number.isFinite)) assert.equal(evaluation.nonFinite.count, 0);
          });
        }
      });
    }
  }

  it('has edges of every loss', () => {
    assert.deepEqual(Object.keys(edges).sort(), losses.map(({ id }) => id).sort());
  });
});
