/** Which elements of a channel each position of a convolution or a pooling sees, for any number of spatial dimensions. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { requireRoom, stridesOf } from './indices.ts';
import { type OperatorCall, written } from './operator.ts';

export interface Windows {
  /** Extents of the result. */
  readonly shape: readonly number[];
  readonly kernelSize: number;
  readonly count: number;
  /** [kernelSize, count]: places in a channel; −1 beyond its border. */
  readonly places: Int32Array;
  /** [count]: how many elements of a window lie within the border and its padding. */
  covered(): Float64Array;
}

export function windowsOf(
  call: OperatorCall,
  spatial: readonly number[],
  kernel: readonly number[],
): Windows {
  const rank = spatial.length;
  const ones = spatial.map(() => 1);
  const strides = call.numbers('strides') ?? ones;
  const dilations = call.numbers('dilations') ?? ones;
  if (kernel.length !== rank) {
    call.refuse(
      (node) => t`${node} has a kernel of another rank than its input.`,
      written(kernel),
      t`${rank} spatial extents`,
    );
  }
  const reach = kernel.map((extent, d) => dilations[d]! * (extent - 1) + 1);
  const [before, after] = paddings(call, spatial, reach, strides);
  const roundUp = call.flag('ceil_mode');
  const shape = spatial.map((extent, d) => {
    const padded = extent + before[d]! + after[d]!;
    const steps = (padded - reach[d]!) / strides[d]!;
    const count = (roundUp ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A window that would begin in the padding behind is none.
    return roundUp && (count - 1) * strides[d]! >= extent + before[d]! ? count - 1 : count;
  });
  if (shape.some((extent) => extent < 1)) {
    call.refuse(
      (node) => t`${node} does not fit into what it is given: the image is too small.`,
      written(spatial),
      t`at least ${written(reach.map((extent, d) => extent - before[d]! - after[d]!))}`,
    );
  }
  const kernelSize = sizeOf(kernel);
  const count = sizeOf(shape);
  requireRoom([kernelSize, ...shape]);
  const first = (position: number, d: number): number => position * strides[d]! - before[d]!;
  return {
    shape,
    kernelSize,
    count,
    places: placesOf(spatial, kernel, shape, (k, position, d) => first(position, d) + k * dilations[d]!),
    covered() {
      // Of a dimension: the taps of the window at a position that lie in [−before, extent + after).
      const inside = shape.map((extent, d) =>
        Array.from({ length: extent }, (_, position) => {
          let taps = 0;
          for (let k = 0; k < kernel[d]!; k++) {
            if (first(position, d) + k * dilations[d]! < spatial[d]! + after[d]!) taps++;
          }
          return taps;
        }),
      );
      let product = [1];
      for (const taps of inside) product = product.flatMap((own) => taps.map((tap) => own * tap));
      return Float64Array.from(product);
    },
  };
}

function paddings(
  call: OperatorCall,
  spatial: readonly number[],
  reach: readonly number[],
  strides: readonly number[],
): [readonly number[], readonly number[]] {
  const auto = call.text('auto_pad', 'NOTSET');
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const missing = spatial.map((extent, d) =>
      Math.max(0, (Math.ceil(extent / strides[d]!) - 1) * strides[d]! + reach[d]! - extent),
    );
    const less = missing.map((total) => Math.floor(total / 2));
    const more = missing.map((total) => Math.ceil(total / 2));
    return auto === 'SAME_UPPER' ? [less, more] : [more, less];
  }
  const pads = (auto === 'NOTSET' && call.numbers('pads')) || new Array<number>(2 * spatial.length).fill(0);
  return [pads.slice(0, spatial.length), pads.slice(spatial.length)];
}

function placesOf(
  spatial: readonly number[],
  kernel: readonly number[],
  shape: readonly number[],
  at: (k: number, position: number, d: number) => number,
): Int32Array {
  const strides = stridesOf(spatial);
  const [kernelSize, count] = [sizeOf(kernel), sizeOf(shape)];
  const places = new Int32Array(kernelSize * count);
  const [kernelStrides, shapeStrides] = [stridesOf(kernel), stridesOf(shape)];
  for (let d = 0; d < spatial.length; d++) {
    const extent = spatial[d]!;
    for (let k = 0; k < kernelSize; k++) {
      const own = Math.floor(k / kernelStrides[d]!) % kernel[d]!;
      const sources = Array.from({ length: shape[d]! }, (_, position) => {
        const source = at(own, position, d);
        return source >= 0 && source < extent ? source * strides[d]! : -1;
      });
      const stride = shapeStrides[d]!;
      for (let i = 0; i < count; i++) {
        const source = sources[Math.floor(i / stride) % shape[d]!]!;
        const place = k * count + i;
        places[place] = source < 0 || places[place]! < 0 ? -1 : places[place]! + source;
      }
    }
  }
  return places;
}
