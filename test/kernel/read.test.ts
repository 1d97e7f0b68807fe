/** The arrays of a real kernel, through the Jupyter extension's API: listed, read to the last bit, and nothing changed. */
import assert from 'node:assert/strict';
import type { NdArray } from '../../engine/array.ts';
import { LossLensError } from '../../engine/errors.ts';
import type { Kernel } from '../../extension/arrays/kernel/jupyter.ts';
import { listArrays, readArray } from '../../extension/arrays/kernel/read.ts';
import { nameOf } from '../../extension/arrays/python/described.ts';
import type { IPythonKernel } from './ipykernel.ts';
import { started } from './kernel.ts';

const never = new AbortController().signal;
const quiet = { report: () => undefined, signal: never };

const failsAs =
  (code: string, ...words: string[]) =>
  (error: unknown) => {
    assert(error instanceof LossLensError, String(error));
    assert.equal(error.code, code, error.message);
    for (const word of words) assert(error.message.includes(word), error.message);
    return true;
  };

describe('kernel: reading', function () {
  this.timeout(120_000);
  let process: IPythonKernel;
  let kernel: Kernel;
  let run: (code: string) => Promise<string>;

  before(async () => {
    ({ process, kernel, run } = await started());
    await run('import numpy as np');
  });
  after(() => process.stop());

  const read = (name: string, ...keys: (string | number)[]): Promise<NdArray> =>
    readArray(kernel, [name, ...keys], quiet);

  it('every dtype of numpy comes bit by bit', async () => {
    await run(`
rng = np.random.default_rng(0)
numpy_ = {}
for _name in ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'float16', 'float32', 'float64']:
    _dtype = np.dtype(_name)
    numpy_[_name] = np.frombuffer(rng.bytes(7 * 11 * _dtype.itemsize), _dtype).reshape(7, 11)
numpy_['bool'] = rng.random((3, 5)) > 0.5
numpy_['uint64'] = np.array([0, 2**63 - 1], dtype='uint64')
`);
    for (const name of [
      'int8',
      'int16',
      'int32',
      'int64',
      'uint8',
      'uint16',
      'uint32',
      'float32',
      'float64',
      'bool',
    ]) {
      const { dtype, shape, data } = await read('numpy_', name);
      assert.equal(dtype, name);
      assert.deepEqual(shape, name === 'bool' ? [3, 5] : [7, 11]);
      const hex = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
      assert.equal(hex, await run(`print(numpy_['${name}'].tobytes().hex(), end='')`), name);
    }
    const half = await read('numpy_', 'float16');
    assert.equal(half.origin, 'float16');
    assert.equal(half.dtype, 'float32');
    const widened = Buffer.from(half.data.buffer).toString('hex');
    // Which NaN it is does not survive; that it is one does.
    await run(`wide = numpy_['float16'].astype('float32'); nan = np.isnan(wide)`);
    assert.equal(
      await run(`print(int(nan.sum()))`),
      `${[...half.data].filter((value) => Number.isNaN(value)).length}\n`,
    );
    await run(`other = np.frombuffer(bytes.fromhex('${widened}'), 'float32').reshape(7, 11)`);
    assert.equal(
      await run(`print((other[~nan].tobytes() == wide[~nan].tobytes()), np.isnan(other[nan]).all())`),
      'True True\n',
    );
    const large = await read('numpy_', 'uint64');
    assert.equal(large.dtype, 'int64');
    assert.deepEqual([...large.data], [0n, 2n ** 63n - 1n]);
  });

  it('strides, byte order, scalars and emptiness make no difference', async () => {
    await run(`
base = np.arange(24, dtype='>f4').reshape(4, 6)
turned = base.T[::-2, 1:]
scalar = np.float64(0.1)
nothing = np.zeros((0, 3), dtype='float32')
fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
`);
    const turned = await read('turned');
    assert.deepEqual([turned.dtype, turned.shape], ['float32', [3, 3]]);
    assert.deepEqual([...turned.data], [11, 17, 23, 9, 15, 21, 7, 13, 19]);
    assert.deepEqual([...(await read('scalar')).data], [0.1]);
    assert.deepEqual((await read('nothing')).shape, [0, 3]);
    assert.deepEqual([...(await read('fortran')).data], [0, 1, 2, 3, 4, 5]);
  });

  it('tensors of torch: half precision, gradients, views', async () => {
    await run(`
import torch
logits = torch.tensor([[1.5, -2.25], [0.1, 3.0]], requires_grad=True)
brain = torch.tensor([1.0, 0.1, -3.5], dtype=torch.bfloat16)
halves = torch.tensor([1.0, 0.1, 65504.0], dtype=torch.float16)
view = torch.arange(12).reshape(3, 4).t()[1:, ::2]
mask = torch.tensor([True, False])
point = torch.tensor(2.5, dtype=torch.float64)
weights = torch.nn.Linear(2, 2).weight
empty = torch.zeros(0, 4)
`);
    const logits = await read('logits');
    assert.deepEqual([...logits.data], [1.5, -2.25, Math.fround(0.1), 3]);
    const brain = await read('brain');
    assert.deepEqual([brain.dtype, brain.origin], ['float32', 'bfloat16']);
    assert.deepEqual([...brain.data], [1, 0.10009765625, -3.5]);
    assert.deepEqual([...(await read('halves')).data], [1, 0.0999755859375, 65504]);
    const view = await read('view');
    assert.deepEqual([view.dtype, view.shape], ['int64', [3, 2]]);
    assert.deepEqual([...view.data], [1n, 9n, 2n, 10n, 3n, 11n]);
    assert.deepEqual([...(await read('mask')).data], [1, 0]);
    assert.deepEqual((await read('point')).shape, []);
    assert.deepEqual((await read('weights')).shape, [2, 2]);
    assert.deepEqual((await read('empty')).shape, [0, 4]);
  });

  it('arrays of TensorFlow, JAX, Keras and pandas, and lists', async () => {
    await run(`
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import tensorflow as tf, jax.numpy as jnp, pandas as pd, keras
tensor = tf.constant([[1.0, 2.0]], dtype=tf.bfloat16)
variable = tf.Variable([1, 2, 3])
kept = keras.Variable([[1.0], [2.0]])
jaxed = jnp.array([1.0, 0.1], dtype=jnp.bfloat16)
frame = pd.DataFrame({'a': [1.0, 2.0], 'b': [3, 4]})
column = frame['b']
nullable = pd.Series([1, 2], dtype='Int64')
rows = [[1, 2], [3, 4.5]]
flags = (True, False)
`);
    const tensor = await read('tensor');
    assert.deepEqual([tensor.origin, [...tensor.data]], ['bfloat16', [1, 2]]);
    assert.deepEqual([...(await read('variable')).data], [1, 2, 3]);
    assert.deepEqual([...(await read('kept')).data], [1, 2]);
    assert.deepEqual([...(await read('jaxed')).data], [1, 0.10009765625]);
    const frame = await read('frame');
    assert.deepEqual([frame.dtype, frame.shape, [...frame.data]], ['float64', [2, 2], [1, 3, 2, 4]]);
    assert.deepEqual([...(await read('column')).data], [3n, 4n]);
    assert.deepEqual([...(await read('nullable')).data], [1n, 2n]);
    const rows = await read('rows');
    assert.deepEqual([rows.weak, rows.shape, [...rows.data]], [true, [2, 2], [1, 2, 3, 4.5]]);
    assert.equal((await read('flags')).dtype, 'bool');
  });

  it('lists what is an array, in containers too, and nothing else', async () => {
    await run(`
batch = {'input_ids': torch.ones(2, 3, dtype=torch.int64), 'name': 'x', 7: np.zeros(2)}
pair = (jnp.zeros((2,)), 'text')
def function(): pass
class Broken(dict):
    def __getattr__(self, name): raise RuntimeError(name)
broken = Broken()
_hidden = np.zeros(3)
`);
    const arrays = await listArrays(kernel, never);
    const byName = new Map(arrays.map((array) => [nameOf(array.path), array]));
    assert.deepEqual(byName.get('batch["input_ids"]'), {
      path: ['batch', 'input_ids'],
      library: 'torch',
      dtype: 'int64',
      shape: [2, 3],
      bytes: 48,
    });
    assert(byName.has('batch[7]') && byName.has('pair[0]'));
    assert.equal(byName.get('brain')?.dtype, 'bfloat16');
    assert.equal(byName.get('tensor')?.library, 'tensorflow');
    assert.equal(byName.get('frame')?.dtype, 'float64, int64');
    for (const name of ['function', 'broken', '_hidden', 'In', 'Out', 'np', 'batch'])
      assert(!byName.has(name), name);
    for (const {
      path: [name, ...keys],
    } of arrays) {
      if (!['complex_'].includes(String(name))) await readArray(kernel, [name!, ...keys], quiet);
    }
  });

  it('refuses what no dtype holds exactly, with what to do', async () => {
    await run(`
complex_ = np.array([1j])
masked = np.ma.masked_array([1.0, 2.0], mask=[True, False])
huge = np.array([2**64 - 1], dtype='uint64')
objects = np.array([1, 'a'], dtype=object)
long_double = np.array([1], dtype=np.longdouble)
sparse = torch.eye(3).to_sparse()
meta = torch.zeros(2, device='meta')
ragged_list = [[1, 2], [3]]
words = pd.DataFrame({'a': [1.0], 'b': ['x']})
missing = pd.Series([1, None], dtype='Int64')
rounded = pd.DataFrame({'a': [2**53 + 1], 'b': [0.5]})
ragged = tf.ragged.constant([[1], [2, 3]])
`);
    const refused: [name: string, ...words: string[]][] = [
      ['complex_', 'complex128', 'x.real'],
      ['masked', 'masked', 'filled'],
      ['huge', '18446744073709551615'],
      ['objects', 'dtype object'],
      ['sparse', 'to_dense'],
      ['meta', 'meta device'],
      ['ragged_list', 'different lengths'],
      ['words', "'b' has dtype"],
      ['missing', 'missing values'],
      ['rounded', "'a' holds integers that float64 rounds"],
      ['ragged', 'RaggedTensor'],
      ['nowhere', 'nowhere is not there'],
    ];
    for (const [name, ...words] of refused)
      await assert.rejects(read(name), failsAs('unreadable', ...words), name);
    if ((await run('print(long_double.dtype)')) !== 'float64\n') {
      await assert.rejects(read('long_double'), failsAs('unreadable', 'float128'));
    }
  });

  it('changes nothing: names, counters, history, the last error, random numbers, reference counts', async () => {
    await run('counted = np.zeros(1000); 1 / 0').catch(() => undefined);
    await run('40 + 2');
    await run('from re import *; exec = None\nimport sys, gc');
    const state = `
import sys as _sys, gc as _gc
_gc.collect()
print(sorted(globals()), len(In), sorted(Out), _, __, get_ipython().execution_count, _sys.last_value,
    _sys.getrefcount(counted), np.random.get_state()[1][:3], torch.random.get_rng_state().sum(), sorted(_sys.modules) == _sys.modules_before if hasattr(_sys, 'modules_before') else '',
    get_ipython().history_manager.outputs.keys() if hasattr(get_ipython().history_manager, 'outputs') else '',
    len(get_ipython().history_manager.input_hist_parsed))
_sys.modules_before = sorted(_sys.modules)`;
    const snapshot = (): Promise<string> => silently(`${state}`);
    // Without history itself, so that two snapshots compare.
    const silently = async (code: string): Promise<string> => {
      let printed = '';
      const token = {
        isCancellationRequested: false,
        onCancellationRequested: () => ({ dispose: () => undefined }),
      };
      for await (const { items } of kernel.executeCode(code, token)) {
        for (const { data } of items) printed += new TextDecoder().decode(data);
      }
      return printed;
    };
    await snapshot();
    const before = await snapshot();
    assert.match(before, /division by zero/);
    await listArrays(kernel, never);
    await read('counted');
    await read('frame');
    await assert.rejects(read('complex_'));
    assert.equal(await snapshot(), before);
  });

  it('an array of 30 MB: progress rises to the end, and every bit is there', async () => {
    await run('big = np.random.default_rng(1).random(30_000_000 // 8)');
    const fractions: number[] = [];
    const { data } = await readArray(kernel, ['big'], {
      report: (fraction) => fractions.push(fraction),
      signal: never,
    });
    assert(
      fractions.length >= 10 && fractions.every((fraction, i) => i === 0 || fraction > fractions[i - 1]!),
    );
    assert.equal(fractions.at(-1), 1);
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update(Buffer.from(data.buffer)).digest('hex');
    assert.equal(digest, await run(`import hashlib; print(hashlib.sha256(big).hexdigest(), end='')`));
  });

  it('a reading that is cancelled ends at once, and the kernel works on', async () => {
    const stop = new AbortController();
    const reading = readArray(kernel, ['big'], {
      report: () => stop.abort(new Error('stopped')),
      signal: stop.signal,
    });
    await assert.rejects(reading, /stopped/);
    assert.equal(await run('print(6 * 7)'), '42\n');
    assert.equal((await read('counted')).shape[0], 1000);
  });

  it('a reading that waits behind a cell is cancelled without an interrupt of the cell', async () => {
    const cell = run('import time; time.sleep(1.5); print("whole")');
    const stop = new AbortController();
    const reading = readArray(kernel, ['counted'], { report: () => undefined, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('stopped')), 200);
    await assert.rejects(reading, /stopped/);
    assert.equal(await cell, 'whole\n');
  });

  it('an error of Python is told as Python tells it', async () => {
    await run(`deleted = jnp.zeros(3); deleted.delete()`);
    await assert.rejects(read('deleted'), failsAs('process-error', 'RuntimeError', 'deleted'));
  });
});

describe('kernel: ends', function () {
  this.timeout(60_000);

  it('a kernel that dies in the middle gives an error that says so', async () => {
    const { process, kernel, run } = await started();
    try {
      await run('import numpy as np; big = np.zeros(200_000_000, dtype="uint8")');
      const reading = readArray(kernel, ['big'], { report: () => process.kill(), signal: never });
      await assert.rejects(reading, failsAs('process-died', 'ended while big was read', 'run again'));
      await assert.rejects(readArray(kernel, ['big'], quiet), failsAs('process-died'));
    } finally {
      await process.stop();
    }
  });

  it('a kernel that crashes by itself, too', async () => {
    const { process, kernel, run } = await started();
    try {
      await run(`
import numpy as np, os
class Deadly(np.ndarray):
    def __array_finalize__(self, other): pass
    @property
    def shape(self): os._exit(1)
trap = np.zeros(3).view(Deadly)`);
      await assert.rejects(listArrays(kernel, never), failsAs('process-died'));
    } finally {
      await process.stop();
    }
  });
});
