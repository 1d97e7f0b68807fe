/** Network files: refused in words, or a network all the same. */
import fc from 'fast-check';
import { batchesOf } from '../../../engine/networks/images.ts';
import { subnetwork } from '../../../engine/networks/layers.ts';
import { Matrices } from '../../../engine/networks/matrix.ts';
import { matrixModule } from '../../../engine/networks/matrix-module.ts';
import { readOnnx } from '../../../engine/networks/onnx.ts';
import { Plan } from '../../../engine/networks/plan.ts';
import { bytesOf, exports, operators } from '../../engine/networks/goldens.ts';
import { damagedFiles } from '../damage.ts';
import { readOrRefused, type Target, target } from '../target.ts';

const goldens = Object.fromEntries(
  [
    ...exports.map(({ note, network, prediction }) => ({ note, network, shape: prediction.shape })),
    ...operators.map(({ note, network, image }) => ({ note, network, shape: image.shape })),
  ]
    .map(({ note, network, shape }): [string, { bytes: Uint8Array; shape: readonly number[] }] => [
      note,
      { bytes: bytesOf(network), shape },
    ])
    .filter(([, { bytes }]) => bytes.length < 5000),
);
const files = Object.fromEntries(Object.entries(goldens).map(([note, { bytes }]) => [note, bytes]));

const matrices = new Matrices(matrixModule());

export const networkTarget: Target = target({
  name: 'file-onnx',
  slice: 3000,
  inputs: fc.oneof(
    {
      weight: 9,
      arbitrary: damagedFiles(files).map(({ name, bytes }) => ({ bytes, shape: goldens[name]!.shape })),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 200 })
        .map((bytes) => ({ bytes, shape: [1, 1, 4, 4] as readonly number[] })),
    },
  ),
  examine: ({ bytes, shape }) =>
    readOrRefused(() => {
      const network = subnetwork(readOnnx(bytes, 'damaged.onnx'), []);
      return new Plan(network, batchesOf(network, shape).passShape, matrices);
    }),
});
