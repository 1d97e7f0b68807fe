/**
 * Times the JavaScript libraries at a loss and its gradient, in the page that browser.ts opens. They are installed when
 * they are first needed, so this file takes no part in the type check. What is asked and answered is in peers.ts.
 */

import * as jax from '@jax-js/jax';
import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';

const { numpy: np, nn } = jax;

function setProcessors(count) {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: count, configurable: true });
}

// TensorFlow.js

/** −mean log p of the labels; log-softmax along the last axis is all that it has. */
function tfCrossEntropy(x, labels) {
  const rank = x.shape.length;
  const last = rank === 2 ? x : tf.transpose(x, [0, ...Array.from({ length: rank - 2 }, (_, d) => d + 2), 1]);
  const classes = last.shape.at(-1);
  const rows = tf.reshape(last, [-1, classes]);
  // Asked for float32, `oneHot` leaves the bits of integers there.
  const ofLabels = tf.cast(tf.oneHot(tf.reshape(labels, [-1]), classes), 'float32');
  return tf.neg(tf.div(tf.sum(tf.mul(tf.logSoftmax(rows), ofLabels)), rows.shape[0]));
}

const tfDistance = (a, b) => tf.sqrt(tf.sum(tf.square(tf.add(tf.sub(a, b), 1e-6)), 1));

function tfCosineEmbedding(x, y, label) {
  const squares = tf.mul(tf.add(tf.sum(tf.square(x), 1), 1e-12), tf.add(tf.sum(tf.square(y), 1), 1e-12));
  const cosine = tf.div(tf.sum(tf.mul(x, y), 1), tf.sqrt(squares));
  return tf.mean(tf.where(tf.equal(label, 1), tf.sub(1, cosine), tf.relu(cosine)));
}

function tfTotalVariation(x) {
  const [n, c, h, w] = x.shape;
  const part = (from, size) => tf.slice(x, from, size);
  const across = tf.sub(part([0, 0, 0, 1], [n, c, h, w - 1]), part([0, 0, 0, 0], [n, c, h, w - 1]));
  const down = tf.sub(part([0, 0, 1, 0], [n, c, h - 1, w]), part([0, 0, 0, 0], [n, c, h - 1, w]));
  return tf.add(tf.sum(tf.square(across)), tf.sum(tf.square(down)));
}

const tfLosses = {
  mse: (x, y) => tf.mean(tf.square(tf.sub(x, y))),
  mae: (x, y) => tf.mean(tf.abs(tf.sub(x, y))),
  huber: (x, y) => tf.losses.huberLoss(y, x),
  bce: (x, y) => tf.neg(tf.mean(tf.add(tf.mul(y, tf.log(x)), tf.mul(tf.sub(1, y), tf.log(tf.sub(1, x)))))),
  'bce-logits': (x, y) => tf.losses.sigmoidCrossEntropy(y, x),
  poisson: (x, y) => tf.mean(tf.sub(tf.exp(x), tf.mul(x, y))),
  kl: (x, y) => tf.div(tf.sum(tf.mul(y, tf.sub(tf.log(y), x))), x.shape[0]),
  'cross-entropy': tfCrossEntropy,
  'cosine-embedding': tfCosineEmbedding,
  triplet: (anchor, positive, negative) =>
    tf.mean(tf.relu(tf.add(tf.sub(tfDistance(anchor, positive), tfDistance(anchor, negative)), 1))),
  dice: (x, y, { smooth }) =>
    tf.sub(
      1,
      tf.div(tf.add(tf.mul(2, tf.sum(tf.mul(x, y))), smooth), tf.add(tf.add(tf.sum(x), tf.sum(y)), smooth)),
    ),
  'total-variation': tfTotalVariation,
};

async function tfStart(threads) {
  // It takes half of the processors at most.
  setProcessors(2 * threads);
  setWasmPaths('/wasm/');
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  return getThreadsCount();
}

function tfPrepare({ id, parameters, gradients }, arrays) {
  const names = Object.keys(arrays);
  const tensors = names.map((name) => {
    const { data, shape } = arrays[name];
    return tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32');
  });
  const by = gradients.map((name) => names.indexOf(name));
  const loss = (...differentiated) => {
    const inputs = tensors.map((tensor, i) => differentiated[by.indexOf(i)] ?? tensor);
    return tfLosses[id](...inputs, parameters);
  };
  const both = tf.valueAndGrads(loss);
  const answer = () => tf.tidy(() => both(by.map((i) => tensors[i])));
  return {
    async run() {
      const { value, grads } = answer();
      const number = value.dataSync()[0];
      tf.dispose([value, grads]);
      return number;
    },
    async gradients() {
      const { value, grads } = answer();
      const data = grads.map((gradient) => gradient.dataSync().slice());
      tf.dispose([value, grads]);
      return data;
    },
    end: () => tf.dispose(tensors),
  };
}

// jax-js. An array is used up by what takes it, unless `.ref` holds it once more.

function jaxCrossEntropy(x, labels) {
  const logP = nn.logSoftmax(x, 1);
  return np.mean(np.takeAlongAxis(logP, np.expandDims(labels, 1), 1)).neg();
}

const jaxSquare = (x) => x.ref.mul(x);

const jaxDistance = (a, b) => np.sqrt(np.sum(jaxSquare(a.sub(b).add(1e-6)), 1));

function jaxCosineEmbedding(x, y, label) {
  const squares = np
    .sum(jaxSquare(x.ref), 1)
    .add(1e-12)
    .mul(np.sum(jaxSquare(y.ref), 1).add(1e-12));
  const cosine = np.sum(x.mul(y), 1).div(np.sqrt(squares));
  return np.mean(np.where(label.equal(1), np.subtract(1, cosine.ref), np.maximum(cosine, 0)));
}

function jaxTotalVariation(x) {
  const across = x.ref.slice([], [], [], [1, x.shape[3]]).sub(x.ref.slice([], [], [], [0, x.shape[3] - 1]));
  const down = x.ref.slice([], [], [1, x.shape[2]], []).sub(x.slice([], [], [0, x.shape[2] - 1], []));
  return np.sum(jaxSquare(across)).add(np.sum(jaxSquare(down)));
}

function jaxHuber(x, y) {
  const error = np.abs(x.sub(y));
  return np.mean(np.where(error.ref.lessEqual(1), jaxSquare(error.ref).mul(0.5), error.sub(0.5)));
}

const jaxLosses = {
  mse: (x, y) => np.mean(jaxSquare(x.sub(y))),
  mae: (x, y) => np.mean(np.abs(x.sub(y))),
  huber: jaxHuber,
  bce: (x, y) =>
    np.mean(y.ref.mul(np.log(x.ref)).add(np.subtract(1, y).mul(np.log(np.subtract(1, x))))).neg(),
  'bce-logits': (x, y) =>
    np.mean(
      np
        .maximum(x.ref, 0)
        .sub(x.ref.mul(y))
        .add(np.log1p(np.exp(np.abs(x).neg()))),
    ),
  poisson: (x, y) => np.mean(np.exp(x.ref).sub(x.mul(y))),
  kl: (x, y) => np.sum(y.ref.mul(np.log(y).sub(x.ref))).div(x.shape[0]),
  'cross-entropy': jaxCrossEntropy,
  'cosine-embedding': jaxCosineEmbedding,
  triplet: (anchor, positive, negative) =>
    np.mean(np.maximum(jaxDistance(anchor.ref, positive).sub(jaxDistance(anchor, negative)).add(1), 0)),
  dice: (x, y, { smooth }) =>
    np.subtract(
      1,
      np
        .sum(x.ref.mul(y.ref))
        .mul(2)
        .add(smooth)
        .div(np.sum(x).add(np.sum(y)).add(smooth)),
    ),
  'total-variation': jaxTotalVariation,
};

async function jaxStart(threads) {
  setProcessors(threads);
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  return threads;
}

function jaxPrepare({ id, parameters, gradients }, arrays) {
  const names = Object.keys(arrays);
  const inputs = names.map((name) => {
    const { data, shape } = arrays[name];
    return np.array(data, { shape, dtype: data instanceof Int32Array ? np.int32 : np.float32 });
  });
  const both = jax.jit(
    jax.valueAndGrad((...all) => jaxLosses[id](...all, parameters), {
      argnums: gradients.map((name) => names.indexOf(name)),
    }),
  );
  const answer = async () => {
    const [value, grads] = both(...inputs.map((x) => x.ref));
    await jax.blockUntilReady([value, grads]);
    return { value, grads };
  };
  return {
    async run() {
      const { value, grads } = await answer();
      for (const gradient of grads) gradient.dispose();
      return (await value.data())[0];
    },
    async gradients() {
      const { value, grads } = await answer();
      value.dispose();
      return Promise.all(grads.map((gradient) => gradient.data()));
    },
    end() {
      for (const x of inputs) x.dispose();
    },
  };
}

// Questions

const libraries = {
  tfjs: { losses: tfLosses, start: tfStart, prepare: tfPrepare },
  'jax-js': { losses: jaxLosses, start: jaxStart, prepare: jaxPrepare },
};
const prepared = new Map();

const arrayTypes = { float32: Float32Array, int64: BigInt64Array };

async function numbers(name, dtype) {
  const response = await fetch(`/data/${name}`);
  return new arrayTypes[dtype](await response.arrayBuffer());
}

async function read({ inputs }) {
  const arrays = {};
  for (const [name, { dtype, shape }] of Object.entries(inputs)) {
    const data = await numbers(name, dtype);
    arrays[name] = { shape, data: data instanceof BigInt64Array ? Int32Array.from(data, Number) : data };
  }
  return arrays;
}

/** With how many threads it works. */
export const start = (peer, threads) => libraries[peer].start(threads);

/** What the peer answers and how long it took when it was warm. */
export async function load(peer, of) {
  prepared.get(peer)?.end();
  prepared.delete(peer);
  const { losses, prepare } = libraries[peer];
  if (!losses[of.id]) throw new Error('it has no such loss');
  const own = prepare(of, await read(of));
  prepared.set(peer, own);
  const gradients = await own.gradients();
  const distances = [];
  for (const [i, name] of of.gradients.entries()) {
    distances.push(distance(gradients[i], await numbers(`gradient.${name}`, 'float32')));
  }
  const value = await own.run();
  const [ms] = await time(peer, 1);
  return { value, distances, ms };
}

function distance(theirs, ours) {
  let off = 0;
  let squares = 0;
  for (let i = 0; i < ours.length; i++) {
    off += (theirs[i] - ours[i]) ** 2;
    squares += ours[i] ** 2;
  }
  return Math.sqrt(off / squares);
}

export async function time(peer, runs) {
  const { run } = prepared.get(peer);
  const times = [];
  for (let i = 0; i < runs; i++) {
    const begin = performance.now();
    await run();
    times.push(performance.now() - begin);
  }
  return times;
}
