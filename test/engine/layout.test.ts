/** How inputs lie in the space of a loss, and what is said when they do not fit. */
import assert from 'node:assert/strict';
import { array, type NdArray, sizeOf } from '../../engine/array.ts';
import { Call, type Definition } from '../../engine/definition.ts';
import { LossLensError } from '../../engine/errors.ts';
import {
  axisOf,
  broadcast,
  broadcastShape,
  classSpace,
  elementwise,
  placeBroadcast,
  placeWithClasses,
  position,
  requireValues,
} from '../../engine/layout.ts';

const of = (...shape: number[]): NdArray => array(new Float32Array(sizeOf(shape)), { shape });

function callWith(given: Readonly<Record<string, NdArray>>): Call {
  const definition: Definition = {
    name: 'a loss',
    inputs: [],
    parameters: [],
    program: () => assert.fail('no program is written here'),
  };
  return new Call(definition, given, {}, 'mean');
}

const refusal =
  (code: string, ...pieces: string[]) =>
  (error: unknown): true => {
    assert.ok(error instanceof LossLensError);
    assert.equal(error.code, code);
    for (const piece of pieces)
      assert.ok(error.message.includes(piece), `‘${error.message}’ lacks ‘${piece}’`);
    return true;
  };

describe('a shape of broadcasting', () => {
  for (const [shapes, expected] of [
    [[], []],
    [[[]], []],
    [[[2, 3]], [2, 3]],
    [
      [[2, 3], [3]],
      [2, 3],
    ],
    [
      [[2, 1], [3]],
      [2, 3],
    ],
    [
      [[2], [2, 1]],
      [2, 2],
    ],
    [
      [[4, 1, 3], [5, 1], []],
      [4, 5, 3],
    ],
    [[[0], [1]], [0]],
    [
      [
        [0, 3],
        [1, 1],
      ],
      [0, 3],
    ],
    [[[2], [3]], undefined],
    [[[0], [2]], undefined],
    [[[2, 3], [2]], undefined],
  ] as [number[][], number[] | undefined][]) {
    it(`of ${shapes.map((shape) => `[${shape}]`).join(' and ') || 'nothing'} is ${expected ? `[${expected}]` : 'refused'}`, () => {
      assert.deepEqual(broadcastShape(...shapes), expected);
      assert.deepEqual(broadcastShape(...[...shapes].reverse()), expected);
    });
  }
});

describe('inputs laid out', () => {
  it('element by element: each along all dimensions, the last of an axis of its own if asked for', () => {
    const call = callWith({ a: of(2, 3, 4), b: of(2, 3, 4) });
    const [a, b] = elementwise(call, ['a', 'b'], 'class');
    assert.deepEqual([a!.dims, b!.dims, call.space.axis('class'), call.space.axis('batch')], [7, 7, 4, 3]);
    assert.deepEqual(call.arrays.a!.strides, [12, 4, 1]);
  });

  it('as NumPy broadcasts them: aligned at the last, repeated along what they lack or have once', () => {
    const call = callWith({ a: of(4, 1, 3), b: of(5, 1), c: of() });
    const [a, b, c] = broadcast(call, ['a', 'b', 'c']);
    assert.deepEqual(call.space.sizes, [4, 5, 3]);
    assert.deepEqual([a!.dims, b!.dims, c!.dims], [0b101, 0b010, 0]);
    assert.deepEqual(
      [call.arrays.a!.strides, call.arrays.b!.strides, call.arrays.c!.strides],
      [
        [3, 0, 1],
        [0, 1, 0],
        [0, 0, 0],
      ],
    );
  });

  it('with another placed into their space', () => {
    const call = callWith({ a: of(2, 3), b: of(2, 3), weight: of(2, 1) });
    elementwise(call, ['a', 'b']);
    assert.equal(placeBroadcast(call, 'weight').dims, 0b01);
    assert.deepEqual(call.arrays.weight!.strides, [1, 0]);
  });

  it('with a class axis anywhere, as a strided view', () => {
    for (const axis of [0, 1, 2]) {
      const call = callWith({ a: of(2, 3, 4) });
      const { prediction, rest } = placeWithClasses(call, 'a', axis);
      assert.equal(prediction.dims, 7);
      assert.deepEqual(call.arrays.a!.strides, [12, 4, 1]);
      assert.equal(call.space.axis('class'), 1 << axis);
      assert.deepEqual(
        rest,
        [0, 1, 2].filter((d) => d !== axis),
      );
    }
    assert.deepEqual(classSpace([2, 3], 0).dimensions, [
      { axis: 'class', size: 2 },
      { axis: 'batch', size: 3 },
    ]);
  });

  it('that are empty keep their dimensions', () => {
    const call = callWith({ a: of(3, 0), b: of(3, 0) });
    elementwise(call, ['a', 'b']);
    assert.ok(
      call.arrays.a!.strides.every((stride) => stride > 0),
      'a stride of 0 would mean: repeated',
    );
  });

  it('that differ are refused with both shapes', () => {
    assert.throws(
      () => elementwise(callWith({ a: of(2, 3), b: of(3, 2) }), ['a', 'b']),
      refusal('shape-mismatch', 'a [2, 3]', 'b [3, 2]'),
    );
    assert.throws(
      () => elementwise(callWith({ a: of(2), b: of(2, 1) }), ['a', 'b']),
      refusal('shape-mismatch', 'a [2]', 'b [2, 1]'),
    );
    assert.throws(
      () => broadcast(callWith({ a: of(2, 3), b: of(2) }), ['a', 'b']),
      refusal('shape-mismatch', 'a [2, 3]', 'b [2]'),
    );
  });
});

describe('an axis', () => {
  for (const [axis, dimension] of [
    [0, 0],
    [2, 2],
    [-1, 2],
    [-3, 0],
  ] as const) {
    it(`${axis} of three dimensions is ${dimension}`, () => {
      assert.equal(axisOf(callWith({ a: of(2, 3, 4) }), 'a', axis), dimension);
    });
  }
  for (const axis of [3, -4]) {
    it(`${axis} of three dimensions is refused`, () => {
      assert.throws(
        () => axisOf(callWith({ a: of(2, 3, 4) }), 'a', axis),
        refusal('parameter', `no axis ${axis}`, '[2, 3, 4]'),
      );
    });
  }
  it('of a scalar is refused, whichever', () => {
    for (const axis of [0, -1])
      assert.throws(() => axisOf(callWith({ a: of() }), 'a', axis), refusal('parameter'));
  });
});

describe('a position', () => {
  it('is where a flat index lies, outermost first', () => {
    assert.deepEqual(position([2, 3, 4], 0), [0, 0, 0]);
    assert.deepEqual(position([2, 3, 4], 23), [1, 2, 3]);
    assert.deepEqual(position([2, 3, 4], 16), [1, 1, 0]);
    assert.deepEqual(position([], 0), []);
  });

  it('of the first wrong value is told, with the value and how many there are', () => {
    const wrong = array(Float32Array.of(0, 1, 2, Number.NaN, 0.5, -1), { shape: [2, 3] });
    const check = (fine: (value: number) => boolean) =>
      requireValues(callWith({ p: wrong }), 'p', fine, 'domain', 'A sentence.', 'numbers from 0 to 1');
    assert.throws(
      () => check((value) => value >= 0 && value <= 1),
      refusal('domain', 'A sentence.', '2 at [0, 2] of p', 'and 2 more of 6', 'numbers from 0 to 1'),
    );
    assert.throws(() => check((value) => value !== -1), refusal('domain', '-1 at [1, 2] of p.'));
    check(() => true);
  });
});
