/** The squared distance of what a network makes of two images, layer by layer; gradients go back through the network. */
import type { TypedArray } from '../array.ts';
import { sizeOf } from '../array.ts';
import { Matrices } from '../networks/matrix.ts';
import { type Features, Plan } from '../networks/plan.ts';
import type { KernelAnswer, KernelRequest } from './kernel.ts';

/** Inputs: `prediction`, `target`, images of equal shapes. Elements: [image, layer]. */
export function perceptual({ inputs, network, gradients, shares }: KernelRequest): KernelAnswer {
  const { imageShape, network: trained, module } = network!;
  const plan = new Plan(trained, imageShape, new Matrices(module));
  const [prediction, target] = [inputs['prediction']!.data, inputs['target']!.data];
  const layers = plan.shapes.length;
  const batch = imageShape[0]!;
  const size = sizeOf(imageShape);
  const elements = new Float64Array(shares.length);
  const own = (name: string): Float64Array | undefined =>
    gradients.includes(name) ? new Float64Array(prediction.length) : undefined;
  const [byPrediction, byTarget] = [own('prediction'), own('target')];

  for (let from = 0, image = 0; from < prediction.length; from += size, image += batch) {
    const predicted = plan.run(numbers(prediction, from, size), byPrediction !== undefined);
    const wanted = plan.run(numbers(target, from, size), byTarget !== undefined);
    const slopes = predicted.layers.map((map, layer) => {
      const other = wanted.layers[layer]!;
      const slope = new Float64Array(map.length);
      for (let b = 0; b < batch; b++) {
        const element = (image + b) * layers + layer;
        const [start, end] = [(map.length / batch) * b, (map.length / batch) * (b + 1)];
        let sum = 0;
        for (let i = start; i < end; i++) {
          const difference = map[i]! - other[i]!;
          sum += difference * difference;
          slope[i] = 2 * shares[element]! * difference;
        }
        elements[element] = sum;
      }
      return slope;
    });
    const put = (into: Float64Array | undefined, features: Features, sign: 1 | -1): void => {
      into?.set(features.back(sign === 1 ? slopes : slopes.map((slope) => slope.map((x) => -x))), from);
    };
    put(byPrediction, predicted, 1);
    put(byTarget, wanted, -1);
  }
  return {
    elements,
    gradients: {
      ...(byPrediction && { prediction: byPrediction }),
      ...(byTarget && { target: byTarget }),
    },
    extras: {},
  };
}

const numbers = (data: TypedArray, from: number, size: number): Float64Array =>
  Float64Array.from(
    data.subarray(from, from + size) as ArrayLike<number | bigint> as ArrayLike<number>,
    Number,
  );
