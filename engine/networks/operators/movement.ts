/** Operators that put numbers elsewhere: each element of the result has one source, or none. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { broadcastShape, repeated, requireExtent, requireRoom, select, stridesOf, walk } from './indices.ts';
import { type Operator, type OperatorCall, type Step, written } from './operator.ts';

/** The same numbers in another shape. */
function reshaped(call: OperatorCall, shape: readonly number[]): Step {
  const { shape: before, integer } = call.input(0);
  if (sizeOf(before) !== sizeOf(shape)) {
    call.refuse(
      (node) =>
        t`${node} does not keep the number of elements; the network may be exported for another image size.`,
      `${written(before)} → ${written(shape)}`,
      t`${sizeOf(before)} elements`,
    );
  }
  return { shape, integer, run: ([x]) => ({ output: x!, back: (slope) => [slope] }) };
}

/** @param places  for each element of the result its source in the first input, or −1 for `fill` */
function taken(call: OperatorCall, shape: readonly number[], places: Int32Array, fill = 0): Step {
  return {
    shape,
    integer: call.input(0).integer,
    run([given]) {
      const x = given!;
      const y = new Float64Array(places.length);
      for (let i = 0; i < places.length; i++) y[i] = places[i]! < 0 ? fill : x[places[i]!]!;
      return {
        output: y,
        back(slope) {
          const below = new Float64Array(x.length);
          for (let i = 0; i < places.length; i++) if (places[i]! >= 0) below[places[i]!]! += slope[i]!;
          return [below];
        },
      };
    },
  };
}

const selected = (
  call: OperatorCall,
  sources: readonly (ArrayLike<number> | undefined)[],
  fill = 0,
): Step => {
  const { shape, places } = select(call.input(0).shape, sources);
  return taken(call, shape, places, fill);
};

const range = (count: number, from = 0, step = 1): number[] => {
  requireExtent(count);
  return Array.from({ length: Math.max(0, count) }, (_, i) => from + i * step);
};

const reshape: Operator = (call) => {
  const { shape } = call.input(0);
  const keepZero = call.flag('allowzero');
  const asked = call.constant(1)!.map((extent, d) => (extent === 0 && !keepZero ? (shape[d] ?? 0) : extent));
  const rest = sizeOf(asked.filter((extent) => extent !== -1));
  return reshaped(
    call,
    asked.map((extent) => (extent === -1 ? sizeOf(shape) / rest : extent)),
  );
};

const flatten: Operator = (call) => {
  const { shape } = call.input(0);
  const given = call.number('axis', 1);
  const axis = given === shape.length ? given : call.axis(given, shape.length);
  return reshaped(call, [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]);
};

const squeeze: Operator = (call) => {
  const { shape } = call.input(0);
  const axes = call.axes(1, shape.length) ?? range(shape.length).filter((d) => shape[d] === 1);
  return reshaped(
    call,
    shape.filter((_, d) => !axes.includes(d)),
  );
};

const unsqueeze: Operator = (call) => {
  const { shape } = call.input(0);
  const given = call.constant(1) ?? call.numbers('axes') ?? [];
  const rank = shape.length + given.length;
  const axes = call.axes(1, rank) ?? [];
  const rest = [...shape];
  return reshaped(
    call,
    range(rank).map((d) => (axes.includes(d) ? 1 : rest.shift()!)),
  );
};

const transpose: Operator = (call) => {
  const { shape } = call.input(0);
  const order = call.numbers('perm') ?? range(shape.length).reverse();
  const strides = stridesOf(shape);
  const result = order.map((d) => shape[d]!);
  const places = walk(
    result,
    order.map((d) => strides[d]!),
  );
  return taken(call, result, places);
};

const expand: Operator = (call) => {
  const { shape } = call.input(0);
  const asked = call.constant(1)!;
  const result =
    broadcastShape([shape, asked]) ??
    call.refuse((node) => t`${node} cannot be repeated so.`, written(shape), written(asked));
  return taken(call, result, repeated(shape, result) ?? walk(result, stridesOf(result)));
};

const slice: Operator = (call) => {
  const { shape } = call.input(0);
  const early = call.opset < 10;
  const starts = early ? [...(call.numbers('starts') ?? [])] : call.constant(1)!;
  const ends = early ? [...(call.numbers('ends') ?? [])] : call.constant(2)!;
  const axes = call.axes(3, shape.length) ?? range(starts.length);
  const steps = call.constant(4) ?? starts.map(() => 1);
  const sources: number[][] = [];
  axes.forEach((axis, i) => {
    const extent = shape[axis]!;
    const step = steps[i]!;
    const within = (place: number): number => {
      const fromFront = place < 0 ? place + extent : place;
      return step > 0 ? clamp(fromFront, 0, extent) : clamp(fromFront, -1, extent - 1);
    };
    const [from, to] = [within(starts[i]!), within(ends[i]!)];
    sources[axis] = range(Math.ceil((to - from) / step), from, step);
  });
  return selected(
    call,
    shape.map((_, d) => sources[d]),
  );
};

const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));

const split: Operator = (call) => {
  const { shape } = call.input(0);
  const axis = call.axis(call.number('axis', 0), shape.length);
  const extent = shape[axis]!;
  const parts = call.node.outputs.length;
  const piece = Math.ceil(extent / parts);
  const sizes =
    call.constant(1) ?? call.numbers('split') ?? range(parts).map((i) => Math.min(piece, extent - i * piece));
  const from = sizes.slice(0, call.output).reduce((sum, size) => sum + size, 0);
  return selected(
    call,
    shape.map((_, d) => (d === axis ? range(sizes[call.output]!, from) : undefined)),
  );
};

const gather: Operator = (call) => {
  const { shape } = call.input(0);
  const axis = call.axis(call.number('axis', 0), shape.length);
  const extent = shape[axis]!;
  const indices = call.constant(1)!.map((index) => (index < 0 ? index + extent : index));
  const beyond = indices.find((index) => !(index >= 0 && index < extent));
  if (beyond !== undefined)
    call.refuse((node) => t`${node} takes what is not there.`, t`index ${beyond}`, t`0 to ${extent - 1}`);
  const { places } = select(
    shape,
    shape.map((_, d) => (d === axis ? indices : undefined)),
  );
  const result = [...shape.slice(0, axis), ...call.input(1).shape, ...shape.slice(axis + 1)];
  return taken(call, result, places);
};

const concat: Operator = (call) => {
  const shapes = call.inputs.map((_, i) => call.input(i).shape);
  const [first] = shapes as [readonly number[]];
  const axis = call.axis(call.number('axis', 0), first.length);
  if (
    shapes.some(
      (shape) => shape.length !== first.length || shape.some((n, d) => d !== axis && n !== first[d]),
    )
  ) {
    call.refuse(
      (node) => t`${node} is given shapes that do not fit.`,
      shapes.map(written).join(' and '),
      t('shapes that agree but for one axis'),
    );
  }
  const outer = sizeOf(first.slice(0, axis));
  const blocks = shapes.map((shape) => sizeOf(shape.slice(axis)));
  const block = blocks.reduce((sum, own) => sum + own, 0);
  const shape = first.map((extent, d) =>
    d === axis ? shapes.reduce((sum, own) => sum + own[axis]!, 0) : extent,
  );
  return {
    shape,
    integer: call.inputs.every((_, i) => call.input(i).integer),
    run(inputs) {
      const output = new Float64Array(outer * block);
      const offsets = blocks.map((_, k) => blocks.slice(0, k).reduce((sum, own) => sum + own, 0));
      inputs.forEach((input, k) => {
        const own = blocks[k]!;
        for (let o = 0; o < outer; o++) {
          output.set(input!.subarray(o * own, (o + 1) * own), o * block + offsets[k]!);
        }
      });
      return {
        output,
        back: (slope) =>
          blocks.map((own, k) => {
            if (!call.varies(k)) return undefined;
            const below = new Float64Array(outer * own);
            for (let o = 0; o < outer; o++) {
              const from = o * block + offsets[k]!;
              below.set(slope.subarray(from, from + own), o * own);
            }
            return below;
          }),
      };
    },
  };
};

const pad: Operator = (call) => {
  const { shape } = call.input(0);
  const pads = call.opset < 11 ? [...(call.numbers('pads') ?? [])] : call.constant(1)!;
  const axes = call.axes(3, shape.length) ?? range(shape.length);
  const mode = call.text('mode', 'constant');
  const fill = call.opset < 11 ? call.number('value', 0) : (call.constant(2)?.[0] ?? 0);
  const sources: number[][] = [];
  axes.forEach((axis, i) => {
    const [before, after, extent] = [pads[i]!, pads[i + axes.length]!, shape[axis]!];
    sources[axis] = range(before + extent + after, -before).map((at) => {
      if (at >= 0 && at < extent) return at;
      if (mode === 'constant') return -1;
      if (mode === 'edge') return clamp(at, 0, extent - 1);
      const period = 2 * (extent - 1);
      if (mode !== 'reflect' || Math.max(before, after) >= extent) {
        return call.refuse(
          (node) => t`${node} pads in a way that is not there.`,
          t`mode '${mode}', ${before} and ${after} around ${extent}`,
          t("'constant', 'edge', or 'reflect' by less than the extent"),
        );
      }
      const folded = ((at % period) + period) % period;
      return folded < extent ? folded : period - folded;
    });
  });
  return selected(
    call,
    shape.map((_, d) => sources[d]),
    fill,
  );
};

/** Blocks of channels to blocks of pixels: [N, C·b², H, W] to [N, C, H·b, W·b]. */
const depthToSpace: Operator = (call) => {
  const [n, c, h, w] = fourDimensions(call);
  const b = call.number('blocksize', 1);
  const deep = c / (b * b);
  const [plane, channel] = [h * w, call.text('mode', 'DCR') === 'CRD' ? 'outer' : 'inner'] as const;
  const shape = [n, deep, h, b, w, b];
  const strides =
    channel === 'outer'
      ? [c * plane, b * b * plane, w, b * plane, 1, plane]
      : [c * plane, plane, w, b * deep * plane, 1, deep * plane];
  return taken(call, [n, deep, h * b, w * b], walk(shape, strides));
};

const spaceToDepth: Operator = (call) => {
  const [n, c, h, w] = fourDimensions(call);
  const b = call.number('blocksize', 1);
  const places = walk([n, b, b, c, h / b, w / b], [c * h * w, w, 1, h * w, b * w, b]);
  return taken(call, [n, c * b * b, h / b, w / b], places);
};

function fourDimensions(call: OperatorCall): [number, number, number, number] {
  const { shape } = call.input(0);
  if (shape.length !== 4)
    call.refuse((node) => t`${node} takes four dimensions.`, written(shape), '[N, C, H, W]');
  return shape as unknown as [number, number, number, number];
}

/** Numbers that stand in the node itself. */
const fixed = (shape: readonly number[], data: ArrayLike<number>, integer: boolean): Step => ({
  shape,
  integer,
  run: () => ({ output: Float64Array.from(data), back: () => [] }),
});

const constant: Operator = (call) => {
  const tensor = call.tensor('value');
  if (tensor) return fixed(tensor.shape, tensor.data, tensor.integer);
  for (const [name, integer] of [
    ['value_float', false],
    ['value_int', true],
  ] as const) {
    if (name in call.node.attributes) return fixed([], [call.number(name, 0)], integer);
  }
  for (const [name, integer] of [
    ['value_floats', false],
    ['value_ints', true],
  ] as const) {
    const numbers = call.numbers(name);
    if (numbers) return fixed([numbers.length], numbers, integer);
  }
  return call.refuse(
    (node) => t`${node} holds no numbers.`,
    Object.keys(call.node.attributes).join(', '),
    t('a tensor or numbers'),
  );
};

const constantOfShape: Operator = (call) => {
  const shape = call.constant(0)!;
  requireRoom(shape);
  const value = call.tensor('value');
  return fixed(shape, new Float64Array(sizeOf(shape)).fill(value?.data[0] ?? 0), value?.integer ?? false);
};

const shapeOf: Operator = (call) => {
  const { shape } = call.input(0);
  const end = call.node.attributes['end'] === undefined ? shape.length : call.number('end', 0);
  const extents = shape.slice(call.number('start', 0), end);
  return fixed([extents.length], extents, true);
};

export const movement: Readonly<Record<string, Operator>> = {
  Concat: concat,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  DepthToSpace: depthToSpace,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  Pad: pad,
  Reshape: reshape,
  Shape: shapeOf,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: squeeze,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
