/**
 * Runs cases on TensorFlow.js, on its plain CPU backend: cases as JSON on standard input, answers on standard output.
 * The folder whose node_modules has the library is the only argument.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const home = createRequire(join(process.argv[2], 'index.js'));
console.log = console.warn = console.info = () => {};
const tf = home('@tensorflow/tfjs');
await tf.setBackend('cpu');

/** JSON has no NaN and no infinities: they are strings. */
const written = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };
const toNumber = (value) => written[value] ?? Number(value);
const toText = (value) =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
const dtypes = { float32: 'float32', float64: 'float32', int32: 'int32', int64: 'int32', bool: 'bool' };

const tensorOf = ({ data, shape, dtype }) => tf.tensor(data.map(toNumber), shape, dtypes[dtype]);
const arrayOf = (tensor) => ({
  shape: tensor.shape,
  dtype: tensor.dtype,
  data: Array.from(tensor.dataSync(), toText),
});

/** What a model that is compiled with the string computes for each sample. */
function lossOfString(loss) {
  const input = tf.input({ shape: [1] });
  const outputs = tf.layers.activation({ activation: 'linear' }).apply(input);
  const model = tf.model({ inputs: input, outputs });
  model.compile({ loss, optimizer: 'sgd' });
  return model.lossFunctions[0];
}

function answer({ name, order, inputs, parameters }) {
  const parts = name.split('.').slice(1);
  const call =
    parts[0] === 'layers' ? lossOfString(parts[1]) : parts.reduce((place, part) => place[part], tf);
  const tensors = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, tensorOf(value)]));
  const floats = Object.keys(tensors).filter((key) => tensors[key].dtype === 'float32');
  const options = { ...parameters };
  if (options.reduction !== undefined) options.reduction = tf.Reduction[options.reduction];
  const run = (given) => {
    const all = { ...tensors, ...given };
    return call(...order.map((key) => all[key] ?? options[key]));
  };
  const slopes = (wanted) => {
    const named = (moved) => Object.fromEntries(wanted.map((key, i) => [key, moved[i]]));
    const found = tf.grads((...moved) => tf.sum(run(named(moved))))(wanted.map((key) => tensors[key]));
    return Object.fromEntries(wanted.map((key, i) => [key, arrayOf(found[i])]));
  };
  try {
    const value = arrayOf(run({}));
    if (floats.length === 0) return { value, gradients: {} };
    try {
      return { value, gradients: slopes(floats) };
    } catch (error) {
      // Weights cannot be differentiated where those that are not 0 are counted.
      if (!error.message.includes('NotEqual')) return { value, gradients: {}, gradientError: error.message };
      return { value, gradients: slopes(floats.filter((key) => key !== 'weights')) };
    }
  } catch (error) {
    return { error: error.message };
  }
}

const cases = JSON.parse(await text(process.stdin));
const answers = cases.map((asked) => tf.tidy(() => answer(asked)));
process.stdout.write(JSON.stringify({ answers, version: tf.version.tfjs, node: process.version }));
