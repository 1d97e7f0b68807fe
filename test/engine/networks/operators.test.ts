/** Each operator: its value as ONNX's reference implementation has it, its gradient against finite differences. */
import assert from 'node:assert/strict';
import { sizeOf } from '../../../engine/array.ts';
import { subnetwork } from '../../../engine/networks/layers.ts';
import { Matrices } from '../../../engine/networks/matrix.ts';
import { matrixModule } from '../../../engine/networks/matrix-module.ts';
import { readOnnx } from '../../../engine/networks/onnx.ts';
import { operators as supported } from '../../../engine/networks/operators/index.ts';
import { Plan } from '../../../engine/networks/plan.ts';
import { bytesOf, type OperatorGolden, operators } from './goldens.ts';

const matrices = new Matrices(matrixModule());

const planOf = ({ network, image }: OperatorGolden): Plan =>
  new Plan(subnetwork(readOnnx(bytesOf(network), 'golden'), []), image.shape, matrices);

describe('operators of networks', () => {
  it('each have a golden case', () => {
    const seen = new Set(
      operators.flatMap(({ network }) =>
        readOnnx(bytesOf(network), 'golden').nodes.map(({ operator }) => operator),
      ),
    );
    assert.deepEqual(
      Object.keys(supported).filter((operator) => !seen.has(operator)),
      [],
    );
  });

  for (const golden of operators) {
    it(golden.note, () => {
      const { image, output } = golden;
      const plan = planOf(golden);
      const x = Float64Array.from(image.data);
      const { layers, back } = plan.run(x, true);
      const [features] = layers;
      assert.deepEqual(plan.shapes, [output.shape]);
      assert.equal(features!.length, sizeOf(output.shape));
      const largest = Math.max(...output.data.map(Math.abs), 1e-300);
      // What the reference does in float32, although it is given float64.
      const tolerance = roughly.test(golden.note) ? 1e-6 : 1e-12;
      output.data.forEach((expected, i) => {
        const error = Math.abs(features![i]! - expected);
        assert.ok(error <= tolerance * largest, `${features![i]} instead of ${expected} at ${i}`);
      });

      // Of Σ weight · output, by every number of the image.
      const weights = Float64Array.from(features!, (_, i) => Math.sin(1 + 2.3 * i));
      const gradient = back([weights]);
      const valueAt = (at: number, step: number): number => {
        const moved = x.slice();
        moved[at]! += step;
        return plan.run(moved, false).layers[0]!.reduce((sum, own, i) => sum + weights[i]! * own, 0);
      };
      const h = 1e-5;
      const scale = Math.max(...Array.from(gradient, Math.abs), 1);
      gradient.forEach((slope, i) => {
        const expected =
          (8 * (valueAt(i, h) - valueAt(i, -h)) - (valueAt(i, 2 * h) - valueAt(i, -2 * h))) / (12 * h);
        assert.ok(Math.abs(slope - expected) < 1e-7 * scale, `${slope} instead of ${expected} at ${i}`);
      });
    });
  }
});

/** Operators that the reference computes, or whose coefficients it rounds, in float32. */
const roughly = /^(Erf|Gelu|HardSwish|Cast|InstanceNorm|LayerNorm|GroupNorm|LRN|Resize cubic)/;
