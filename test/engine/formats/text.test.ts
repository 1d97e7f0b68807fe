import assert from 'node:assert/strict';
import type { NdArray } from '../../../engine/array.ts';
import { type ErrorCode, LossLensError } from '../../../engine/errors.ts';
import { parseArray } from '../../../engine/formats/text.ts';

function brief({ dtype, shape, data, origin, weak }: NdArray): string {
  const marks = `${weak ? ' weak' : ''}${origin ? ` of ${origin}` : ''}`;
  const values: Iterable<number | bigint> = data;
  const written = Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value)));
  return `${dtype}${marks} [${shape.join(', ')}]: ${written.join(' ')}`;
}

function failure(text: string): LossLensError {
  try {
    parseArray(text);
  } catch (error) {
    assert.ok(error instanceof LossLensError, `${text}: ${error}`);
    return error;
  }
  return assert.fail(`read ${JSON.stringify(text)}`);
}

describe('parseArray reads', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    // Literals, typed as Python types them.
    ['[1, 2, 3]', 'int64 weak [3]: 1 2 3'],
    ['[1, 2.5]', 'float64 weak [2]: 1 2.5'],
    ['[true, false]', 'bool weak [2]: 1 0'],
    ['[True, 2]', 'int64 weak [2]: 1 2'],
    ['  ( (1, 2), [3, 4,], )  ', 'int64 weak [2, 2]: 1 2 3 4'],
    ['(((1.5)))', 'float64 weak []: 1.5'],
    ['[(1), (-2)]', 'int64 weak [2]: 1 -2'],
    ['()', 'float64 weak [0]: '],
    ['[[], [],]', 'float64 weak [2, 0]: '],
    ['[-0, -0.0, 0.]', 'float64 weak [3]: -0 -0 0'],
    ['-0', 'int64 weak []: 0'],
    ['[- 1, + 2, -.5e1]', 'float64 weak [3]: -1 2 -5'],
    [
      '[NaN, Infinity, -Infinity, inf, +inf, nan]',
      'float64 weak [6]: NaN Infinity -Infinity Infinity Infinity NaN',
    ],
    [
      "[float('nan'), float( \"-inf\" ), -float('Infinity'), float(2), float('1e3')]",
      'float64 weak [5]: NaN -Infinity -Infinity 2 1000',
    ],
    [
      '[np.nan, -np.inf, math.inf, torch.inf, numpy.NINF, math.pi]',
      `float64 weak [6]: NaN -Infinity Infinity Infinity -Infinity ${Math.PI}`,
    ],
    ['[1, # one ]\r\n 2, \\\r\n 3]', 'int64 weak [3]: 1 2 3'],
    ['[1_000, 1_0.2_5, 1_0e1_0, .5_0]', 'float64 weak [4]: 1000 10.25 100000000000 0.5'],
    [
      '[9007199254740993, -9223372036854775808, - 9007199254740995]',
      'int64 weak [3]: 9007199254740993 -9223372036854775808 -9007199254740995',
    ],
    ['[99999999999999999999, 0.5]', 'float64 weak [2]: 100000000000000000000 0.5'],
    ['\ufeff[1,\u00a02]', 'int64 weak [2]: 1 2'],
    // Assignments and declarations.
    ['y = [1, 2]', 'int64 weak [2]: 1 2'],
    ["batch['y'][0]: list[int] = [1, 2]  # two", 'int64 weak [2]: 1 2'],
    ['self.preds: Tensor = torch.tensor([0.5])  # of one', 'float32 [1]: 0.5'],
    ['a = b = (1, 2);', 'int64 weak [2]: 1 2'],
    ['target=np.float32(2)', 'float32 []: 2'],
    ['größe = [1.]', 'float64 weak [1]: 1'],
    ['export const y: number[] = [1, // one\n  // two\n  2]; // all', 'int64 weak [2]: 1 2'],
    // Printed by NumPy.
    ['[[1. 2.]\n [3. 4.]]', 'float64 weak [2, 2]: 1 2 3 4'],

    // Rows, and what pandas prints.
    ['0.5,1\n0.25,0\n', 'float64 weak [2, 2]: 0.5 1 0.25 0'],
    ['1, 2, 3', 'int64 weak [3]: 1 2 3'],
    ['1\n2\n3', 'int64 weak [3]: 1 2 3'],
    ['pred;target\r\n0.5;1\r\nnan;0', 'float64 weak [2, 2]: 0.5 1 NaN 0'],
    ['1\t2\n3\t4', 'int64 weak [2, 2]: 1 2 3 4'],
    [',a,b\n0,1,2\n1,3,4', 'int64 weak [2, 2]: 1 2 3 4'],
    ['"a, b",c\n1,2', 'int64 weak [2]: 1 2'],
    ['True,False\nFalse,True', 'bool weak [2, 2]: 1 0 0 1'],
    ['   a    b\n0  1 -0.5\n1  2  1.5', 'float64 weak [2, 2]: 1 -0.5 2 1.5'],
    ['x    1.5\ny   -2.0\nName: t, dtype: float32', 'float32 [2]: 1.5 -2'],
    ['[[[1 2]\n  [3 4]]\n\n [[5 6]\n  [7 8]]]', 'int64 weak [2, 2, 2]: 1 2 3 4 5 6 7 8'],
    ['[ 1.e+00 -2.e-05  nan  -inf]', 'float64 weak [4]: 1 -0.00002 NaN -Infinity'],
    ['[ True False]', 'bool weak [2]: 1 0'],
    ['[[1.]\n [-2.]]', 'float64 weak [2, 1]: 1 -2'],
    ['array([[1., 2.],\n       [3., 4.]], dtype=float32)', 'float32 [2, 2]: 1 2 3 4'],
    ['array([], shape=(2, 0, 3), dtype=int64)', 'int64 [2, 0, 3]: '],
    // Printed by PyTorch.
    [
      "tensor([[1.0000e+00, 2.], [-3., nan]], device='cuda:0', dtype=torch.float16, grad_fn=<AddmmBackward0>)",
      'float32 of float16 [2, 2]: 1 2 -3 NaN',
    ],
    ['tensor([], size=(2, 0), grad_fn=<ViewBackward0>)', 'float32 [2, 0]: '],
    ['tensor(3)', 'int64 []: 3'],
    ["tensor([[1., 2.]], names=('N', 'C'), grad_fn=<CloneBackward0>)", 'float32 [1, 2]: 1 2'],
    ['Parameter containing:\ntensor([1., 2.], requires_grad=True)', 'float32 [2]: 1 2'],
    // Calls whose dtypes differ from their content.
    ['np.array([1, 2], dtype="<f4")', 'float32 [2]: 1 2'],
    ['numpy.asarray([1.9, -1.9], dtype=numpy.int8)', 'int8 [2]: 1 -1'],
    ['torch.tensor([1, 2], dtype=None)', 'int64 [2]: 1 2'],
    ['torch.tensor(data = [0.1] , dtype = torch.bfloat16 , )', `float32 of bfloat16 [1]: ${0.10009765625}`],
    ['np.array([9007199254740993], dtype=np.uint64)', 'int64 [1]: 9007199254740993'],
    ['Array(1.5, dtype=float32, weak_type=True)', 'float32 weak []: 1.5'],
    ['[np.array([1, 2], dtype=np.int8), np.array([3, 4], dtype=np.int8)]', 'int8 [2, 2]: 1 2 3 4'],
    // JavaScript, after TensorFlow.js and typed arrays.
    ['new Float32Array([1, 0.1])', `float32 [2]: 1 ${Math.fround(0.1)}`],
    ["tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32')", 'int32 [2, 2]: 1 2 3 4'],
    ['tf.tensor([[1, 2]])', 'float32 [1, 2]: 1 2'],
    ['[Number.NaN, -Number.POSITIVE_INFINITY]', 'float64 weak [2]: NaN -Infinity'],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => assert.equal(brief(parseArray(text)), expected));
  }

  it('brackets 63 deep', () => {
    const { shape } = parseArray(`${'['.repeat(63)}1${']'.repeat(63)}`);
    assert.deepEqual(shape, Array(63).fill(1));
  });

  it('a million rows of one, through every growth of its buffer', () => {
    const { shape, data } = parseArray(`[${Array.from({ length: 1e6 }, (_, i) => `[${i}]`).join(',')}]`);
    assert.deepEqual(shape, [1e6, 1]);
    assert.ok((data as BigInt64Array).every((value, index) => value === BigInt(index)));
  });
});

describe('parseArray refuses', () => {
  /** The offset of what is wrong is where `¦` stands. */
  const cases: readonly (readonly [text: string, code: ErrorCode, says: RegExp])[] = [
    ['¦', 'no-array', /no array in this text/],
    ['  \n¦', 'no-array', /no array in this text/],
    ['y = ¦', 'no-array', /no array in this text/],
    ['¦hello world', 'no-array', /name.*never run.*"hello"/],
    ['¦{"a": [1, 2]}', 'no-array', /dict or a set/],
    ['[1, ¦{2}]', 'no-array', /dict or a set/],
    ['[¦"a", 1]', 'no-array', /string is no number/],
    ["[¦b'a']", 'no-array', /string is no number/],
    ['[1, ¦None]', 'no-array', /None is no number.*nan/],
    ['[¦null]', 'no-array', /null is no number/],
    ['[1¦+2j]', 'no-array', /complex/],
    ['[1¦j]', 'no-array', /complex/],
    ['array([1.¦+2.j, 3.+0.j])', 'no-array', /complex/],
    ['[1 ¦/ 3]', 'no-array', /expression/],
    ['[7 ¦// 2,\n 3\n]', 'no-array', /expression/],
    ['[1 ¦- 2]', 'no-array', /expression/],
    ['[0.1]¦ * 10'.replace('¦ ', ' ¦'), 'no-array', /expression/],
    ['[¦x for x in y]', 'no-array', /name/],
    ['[1¦;2]', 'no-array', /";".*"," or "\]"/],
    ['[1, 2 ¦3]', 'no-array', /commas.*or only blanks/],
    ['[1 2¦, 3]', 'no-array', /commas.*or only blanks/],
    ['[[1, 2] ¦[3, 4]]', 'no-array', /commas.*or only blanks/],
    ['(1 ¦2)', 'no-array', /Expected: "\)"/],
    ['[1,¦,2]', 'no-array', /Found: ","/],
    ['[¦,]', 'no-array', /Found: ","/],
    ['[1, 2¦)', 'no-array', /Found: "\)"/],
    ['[1, 2]¦]', 'no-array', /Expected: the end of the text/],
    ['[1, 2]¦, [3]', 'no-array', /more than one array/],
    ['1,2\n¦3,x', 'no-array', /Row 2 has no number.*"x"/],
    ['1,2\n¦3', 'ragged', /a row of 1/],
    ['¦3,187,734', 'no-array', /thousands/],
    ['¦1,5;2,5', 'no-array', /"5;2"/],
    ['   a    b\n¦0  1  ...\n1  2  ...', 'incomplete', /not the whole table/],
    ['¦0    a\n1    b\ndtype: object', 'dtype', /no real numbers/],
    ['¦hello, world', 'no-array', /name/],
    ['[1, 2]¦.sum()', 'no-array', /method/],
    ['[1, 2]¦[0]', 'no-array', /index/],
    ['torch.tensor([1., 2.])¦.cuda()', 'no-array', /method/],
    ['¦012', 'no-array', /leading zeros/],
    ['[1¦__0]', 'no-array', /Found: "__0"/],
    ['[1.5¦.5]', 'no-array', /Found: "\."/],
    ['0¦x1F', 'no-array', /Found: "x1F"/],
    ['¦torch.randn(2, 3)', 'no-array', /call.*torch\.randn/],
    ['[¦open("file")]', 'no-array', /call.*open/],
    ["[float(¦'two')]", 'no-array', /float/],
    ['np.array(¦)', 'no-array', /np\.array has no array/],
    ['np.array([1], ¦ndmin=3)', 'no-array', /ndmin/],
    ['torch.tensor([1], ¦[2])', 'no-array', /argument/],
    ['¦torch.Tensor(3)', 'no-array', /unknown content/],
    ['-¦[1]', 'no-array', /a number after the sign/],
    [
      'tensor(¦indices=tensor([[0]]), values=tensor([1.]), size=(1,), layout=torch.sparse_coo)',
      'no-array',
      /indices/,
    ],
    [`${'['.repeat(64)}¦[`, 'no-array', /more than 64 deep/],

    ['[[1, 2],\n ¦[3],\n [4, 5]]', 'ragged', /Line 2, column 2: Row \[1\].*a row of 1.*a row of 2/],
    ['[[1, 2],\n ¦[3, 4, 5]]', 'ragged', /a row of 3.*a row of 2/],
    ['[[[1], [2]], [[3], ¦[4, 5]]]', 'ragged', /Row \[1, 1\]/],
    ['[1, ¦[2]]', 'ragged', /Row \[1\].*a row.*a number/],
    ['[[1], ¦2]', 'ragged', /a number.*a row of 1/],
    ['[[], ¦[1]]', 'ragged', /a row of 1.*a row of 0/],
    ['[[], ¦1]', 'ragged', /a number.*a row/],
    ['[[1. 2.]\n ¦[3.]]', 'ragged', /Row \[1\]/],

    ['[0 1 2 ¦... 7 8 9]', 'incomplete', /threshold=sys\.maxsize.*profile="full"/],
    ['[[1, 2],\n ¦...,\n [3, 4]]', 'incomplete', /not the whole array/],
    ['tensor([0., 1.,  ¦..., 3.])', 'incomplete', /not the whole array/],
    ['[1, ¦…]', 'incomplete', /not the whole array/],
    ['[1 ¦… 2]', 'incomplete', /not the whole array/],
    ['[[1, 2], [3, 4.¦..', 'incomplete', /not the whole array/],
    ["tensor(¦..., device='meta', size=(2,))", 'incomplete', /not the whole array/],
    ['[[1, 2], [3¦', 'incomplete', /2 brackets still open, the first of them "\[" at offset 0/],
    ['np.array([1, 2]¦', 'incomplete', /ends before the array does/],
    ['np.array([1, 2], ¦', 'incomplete', /ends before the array does/],
    ['(¦', 'incomplete', /ends before the array does/],

    ['[1, ¦9223372036854775808]', 'dtype', /larger than an int64/],
    ['[¦-9223372036854775809, 1]', 'dtype', /larger than an int64/],
    ['np.array([¦18446744073709551615], dtype=np.uint64)', 'dtype', /larger than an int64/],
    ['¦np.array([1, 300], dtype=np.uint8)', 'dtype', /uint8.*element 1, 300/],
    ['¦np.array([-1], dtype=np.uint64)', 'dtype', /uint64/],
    ['¦np.array([1.5, float("nan")], dtype=int)', 'dtype', /element 1, NaN/],
    ['¦jnp.array([3000000000])', 'dtype', /int32/],
    ['¦tf.constant([1.7], dtype=tf.int32)', 'dtype', /TensorFlow/],
    ['array([1, 2], dtype=¦complex64)', 'dtype', /complex64/],
    ['array([1, 2], dtype=¦object)', 'dtype', /object/],
    ['tf.constant([1, 2, 3], shape=¦(2, 2))', 'shape-mismatch', /3 elements.*4 elements/],
  ];
  for (const [marked, code, says] of cases) {
    const offset = marked.indexOf('¦');
    const text = marked.replace('¦', '');
    it(`${JSON.stringify(marked.slice(0, 80))}: ${code}`, () => {
      const error = failure(text);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, says);
      assert.equal(error.details.offset, offset, error.message);
      const before = text.slice(0, offset).split('\n');
      assert.deepEqual(
        [error.details.line, error.details.column],
        [before.length, before.at(-1)!.length + 1],
      );
    });
  }

  it('ragged rows by their index', () => {
    assert.deepEqual(failure('[[[1], [2]], [[3], [4, 5]]]').details.index, [1, 1]);
  });

  it('what would run, without running it', () => {
    const host = globalThis as { touched?: boolean };
    failure('[globalThis.touched = true]');
    failure('(() => { globalThis.touched = true })()');
    assert.equal(host.touched, undefined);
  });
});
