/** Gradients of losses that a user wrote, checked in a real kernel: right ones, wrong ones, and those that refuse. */
import assert from 'node:assert/strict';
import { LossLensError } from '../../engine/errors.ts';
import { measure, type Point, signatureOf } from '../../extension/gradient-check/run.ts';
import { type Checked, counted, rowsOf } from '../../extension/gradient-check/verdict.ts';
import { type Started, started } from './kernel.ts';

const signal = new AbortController().signal;

describe('gradient check', function () {
  this.timeout(120_000);
  let kernel: Started;

  before(async () => {
    kernel = await started();
    await kernel.run(`
import os
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
import numpy as np, torch, jax, jax.numpy as jnp, tensorflow as tf
torch.manual_seed(0)
pred = torch.randn(4, 3)
target = torch.randn(4, 3)
labels = torch.tensor([0, 2, 1, 1])
j_pred = jnp.array([[0.5, -1.0]]); j_target = jnp.zeros((1, 2))
t_pred = tf.constant([0.5, -1.0]); t_target = tf.zeros(2)
n_pred = np.array([0.5, -1.0]); n_target = np.zeros(2)
zeros = torch.zeros(3)
half = torch.tensor([0.25, 0.75]).to(torch.bfloat16)
many = torch.linspace(-3, 3, 10_000)

def right(pred, target): return ((pred - target) ** 2).mean()
def entropy(pred, labels): return torch.nn.functional.cross_entropy(pred, labels)
def unreduced(pred, target): return torch.sqrt((pred - target) ** 2 + 1)

class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x ** 3).sum()
    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return g * 2 * x ** 2
def wrong(pred): return Wrong.apply(pred)
def detached(pred, target): return ((pred.detach() - target) ** 2).mean() + 0 * pred.sum()
def cut(pred, target): return ((pred.argmax(1).float() - target[:, 0]) ** 2).mean()
def absolute(zeros): return zeros.abs().sum()
def logarithm(zeros): return torch.log(zeros + 1e-6).sum()
def raising(pred): raise ValueError('not today')
def noisy(pred, rng=np.random.default_rng(0)): return pred.sum() * rng.random()
def dropped(pred, target): return ((torch.nn.functional.dropout(pred, 0.5) - target) ** 2).mean()
layer = torch.nn.Linear(3, 1)
def weighted(pred): return layer(pred).pow(2).mean()
def j_loss(j_pred, j_target): return jnp.mean((j_pred - j_target) ** 2)
def t_loss(t_pred, t_target): return tf.reduce_mean((t_pred - t_target) ** 2)
def n_loss(n_pred, n_target): return np.mean((n_pred - n_target) ** 2)
def pair(pred): return pred.sum(), 1
def wave(many): return torch.sin(many).sum()
def halved(half): return (half ** 2).sum()
def scaled(pred, margin): return torch.relu(margin - pred).sum()
def narrow(pred, target): return ((pred.float() - target.float()) ** 2).mean()
`);
  });
  after(() => kernel.process.stop());

  const check = (name: string, by: string[], ...given: (string | Point)[]): Promise<Checked> =>
    measure(
      kernel.kernel,
      name,
      given.map((point) => (typeof point === 'string' ? { name: point, path: [point] } : point)),
      by,
      { report: () => undefined, signal },
    );
  const verdicts = ({ inputs, dtype }: Checked, input = 0) =>
    counted(rowsOf(inputs[input]!, dtype).map(({ verdict }) => verdict));
  const fails =
    (code: string, ...words: string[]) =>
    (error: unknown) => {
      assert(error instanceof LossLensError, String(error));
      assert.equal(error.code, code, error.message);
      for (const word of words) assert(error.message.includes(word), error.message);
      return true;
    };

  it('the signature says what has to be given', async () => {
    assert.deepEqual(await signatureOf(kernel.kernel, 'noisy', signal), [
      { name: 'pred', required: true },
      { name: 'rng', required: false },
    ]);
    await assert.rejects(
      signatureOf(kernel.kernel, 'nothing', signal),
      fails('unreadable', 'no nothing in the kernel'),
    );
    await assert.rejects(
      signatureOf(kernel.kernel, 'pred', signal),
      fails('unreadable', 'pred of type Tensor'),
    );
  });

  it('right gradients agree, by every argument, in float64 whatever the points are', async () => {
    const both = await check('right', ['pred', 'target'], 'pred', 'target');
    assert.deepEqual([both.library, both.dtype, both.shape], ['torch', 'float64', []]);
    assert.equal(verdicts(both, 0).agrees, 12);
    assert.equal(verdicts(both, 1).agrees, 12);
    const value = Number(await kernel.run('print(repr(float(right(pred.double(), target.double()))))'));
    assert.equal(both.value, value);
    assert.equal(verdicts(await check('entropy', ['pred'], 'pred', 'labels')).agrees, 12);
    const elements = await check('unreduced', ['pred'], 'pred', 'target');
    assert.deepEqual([elements.shape, verdicts(elements).agrees], [[4, 3], 12]);
    assert.equal(verdicts(await check('halved', ['half'], 'half')).agrees, 2);
  });

  it('a wrong backward is found, and so is a gradient that is cut off', async () => {
    const wrong = verdicts(await check('wrong', ['pred'], 'pred'));
    assert.deepEqual([wrong.differs, wrong.agrees], [12, 0]);
    assert.equal(verdicts(await check('detached', ['pred'], 'pred', 'target')).differs, 12);
    const cut = await check('cut', ['pred'], 'pred', 'target');
    assert.equal(cut.inputs[0]!.unused, true);
  });

  it('a kink is no mistake; a point without neighbours and differences that cannot tell are said to be so', async () => {
    assert.equal(verdicts(await check('absolute', ['zeros'], 'zeros')).kink, 3);
    const { agrees, differs } = verdicts(await check('logarithm', ['zeros'], 'zeros'));
    assert.deepEqual([agrees, differs], [0, 0]);
  });

  it('JAX in float64 without leaving it on, TensorFlow, and NumPy without autograd', async () => {
    const jax = await check('j_loss', ['j_pred'], 'j_pred', 'j_target');
    assert.deepEqual([jax.library, jax.dtype, verdicts(jax).agrees], ['jax', 'float64', 2]);
    assert.equal(await kernel.run('print(jnp.asarray([1.0]).dtype)'), 'float32\n');
    const tf = await check('t_loss', ['t_pred'], 't_pred', 't_target');
    assert.deepEqual([tf.library, verdicts(tf).agrees], ['tensorflow', 2]);
    const numpy = await check('n_loss', ['n_pred'], 'n_pred', 'n_target');
    assert.equal(numpy.library, 'numpy');
    const [first] = numpy.inputs[0]!.elements;
    assert.equal(first!.autograd, undefined);
    assert(Math.abs(first!.difference! - 0.5) < 1e-8);
  });

  it('float32 inside the function, or in its weights, is compared as coarsely as float32 allows', async () => {
    const weighted = await check('weighted', ['pred'], 'pred');
    assert.equal(weighted.dtype, 'float32');
    const counts = verdicts(weighted);
    assert.equal(counts.differs, 0);
    const narrow = await check('narrow', ['pred'], 'pred', 'target');
    assert.equal(narrow.dtype, 'float32');
    assert.equal(verdicts(narrow).differs, 0);
  });

  it('points that were typed, a number among them', async () => {
    const margin: Point = { name: 'margin', numbers: ['1.5'], shape: [], dtype: 'float64' };
    const pred: Point = { name: 'pred', numbers: ['0.5', '2'], shape: [2], dtype: 'float64' };
    const checked = await check('scaled', ['pred'], pred, margin);
    assert.deepEqual([checked.value, verdicts(checked).agrees], [1, 2]);
  });

  it('of many elements some are looked at, the first and the last among them', async () => {
    const { inputs } = await check('wave', ['many'], 'many');
    const flat = inputs[0]!.elements.map((element) => element.flat);
    assert.deepEqual([flat.length, flat[0], flat.at(-1)], [256, 0, 9999]);
  });

  it('random numbers are the same at each call, and go on afterwards as if nothing was', async () => {
    assert.equal(verdicts(await check('dropped', ['pred'], 'pred', 'target')).differs, 0);
    const state =
      'print(torch.random.get_rng_state().sum(), np.random.get_state()[2], sorted(k for k in globals() if not k.startswith("_")))';
    const before = await kernel.run(state);
    await check('dropped', ['pred'], 'pred', 'target');
    assert.equal(await kernel.run(state), before);
    await assert.rejects(check('noisy', ['pred'], 'pred'), fails('unreadable', 'at the same point'));
  });

  it('what the function raises is told with its place; a result that is no number is refused', async () => {
    await assert.rejects(
      check('raising', ['pred'], 'pred'),
      fails('process-error', 'raising raised ValueError', 'not today', 'in line'),
    );
    await assert.rejects(check('pair', ['pred'], 'pred'), fails('unreadable', 'a result of type tuple'));
  });
});
