/** Network files that are cut off; any other damage is what test/fuzz makes. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LossLensError } from '../../../engine/errors.ts';
import { batchesOf } from '../../../engine/networks/images.ts';
import { subnetwork } from '../../../engine/networks/layers.ts';
import { Matrices } from '../../../engine/networks/matrix.ts';
import { matrixModule } from '../../../engine/networks/matrix-module.ts';
import { readOnnx } from '../../../engine/networks/onnx.ts';
import { Plan } from '../../../engine/networks/plan.ts';
import { bytesOf, exports, operators } from './goldens.ts';

const matrices = new Matrices(matrixModule());

const files = [
  ...exports.map(({ network, prediction }) => ({ bytes: bytesOf(network), shape: prediction.shape })),
  ...operators.map(({ network, image }) => ({ bytes: bytesOf(network), shape: image.shape })),
];

function understand(bytes: Uint8Array, shape: readonly number[]): 'understood' | 'refused' {
  try {
    const network = subnetwork(readOnnx(bytes, 'damaged.onnx'), []);
    new Plan(network, batchesOf(network, shape).passShape, matrices);
    return 'understood';
  } catch (error) {
    if (error instanceof LossLensError) return 'refused';
    throw error;
  }
}

const anyFile = fc.constantFrom(...files);

describe('damaged network files', () => {
  it('are understood when they are not damaged', () => {
    for (const { bytes, shape } of files) assert.equal(understand(bytes, shape), 'understood');
  });

  it('are refused when they are cut off', () => {
    fc.assert(
      fc.property(anyFile, fc.double({ min: 0, max: 0.99, noNaN: true }), ({ bytes, shape }, part) => {
        const cut = bytes.subarray(0, Math.floor(part * bytes.length));
        // Cut between two fields of the model, a file may lack its opset alone, which refuses it too.
        assert.equal(understand(cut, shape), 'refused');
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
