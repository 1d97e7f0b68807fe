/** TensorFlow.js, which computes in float32. Labels whose gradient is none are integers, and so are weights that are counted. */
import { array, type NdArray } from '../../../engine/array.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses, type SetUp } from './set-ups.ts';
import { dyadic } from './tensorflow.ts';

const random = new RandomInputs(20240305);

/** Every reduction, without weights and with weights of each shape. */
const weighted = (make: () => SetUp, ...weights: readonly (readonly number[])[]): readonly SetUp[] =>
  ['SUM_BY_NONZERO_WEIGHTS', 'MEAN', 'SUM', 'NONE'].flatMap((reduction) =>
    [undefined, [], ...weights].map((shape) => {
      const { inputs, parameters } = make();
      const drawn = shape && (reduction.startsWith('SUM_BY') ? counted(shape) : random.weight(...shape));
      return {
        inputs: dyadic({ ...inputs, ...(drawn && { weights: drawn }) }),
        parameters: { ...parameters, reduction },
      };
    }),
  );

const counted = (shape: readonly number[]): NdArray => {
  const length = shape.reduce((total, size) => total * size, 1);
  return array(
    Int32Array.from({ length }, (_, i) => (i % 3) + (length === 1 ? 2 : 0)),
    { shape },
  );
};

const tf = (...names: readonly string[]): string[] => names.map((name) => `tf.losses.${name}`);

describeLosses(tf('absoluteDifference', 'meanSquaredError', 'huberLoss', 'hingeLoss'), (name) =>
  weighted(
    () => ({
      inputs: { labels: random.target(2, 3), predictions: random.prediction(2, 3) },
      parameters: name.endsWith('huberLoss') ? { delta: 0.6 } : {},
    }),
    [2, 1],
    [2, 3],
    [3],
  ),
);

describeLosses(tf('logLoss'), () =>
  weighted(
    () => ({
      inputs: { labels: random.probability(2, 3), predictions: random.probability(2, 3) },
      parameters: { epsilon: 0.01 },
    }),
    [1, 3],
  ),
);

describeLosses(tf('sigmoidCrossEntropy'), () =>
  weighted(
    () => ({
      inputs: { multiClassLabels: random.probability(2, 3), logits: random.prediction(2, 3) },
      parameters: { labelSmoothing: 0.13 },
    }),
    [2, 1],
  ),
);

const oneHot = array(Int32Array.of(0, 0, 1, 1, 0, 0), { shape: [2, 3] });

describeLosses(tf('softmaxCrossEntropy'), () =>
  weighted(
    () => ({
      inputs: { onehotLabels: oneHot, logits: random.prediction(2, 3) },
      parameters: { labelSmoothing: 0.13 },
    }),
    [2],
  ),
);

describeLosses(tf('cosineDistance'), () =>
  weighted(
    () => ({
      inputs: { labels: random.target(2, 3), predictions: random.prediction(2, 3) },
      parameters: { axis: 1 },
    }),
    [2, 1],
  ),
);

const layers = (...names: readonly string[]): string[] => names.map((name) => `tf.layers.${name}`);
const drawn = (yTrue: NdArray, yPred: NdArray): SetUp => ({ inputs: dyadic({ yTrue, yPred }) });

describeLosses(layers('meanSquaredError', 'meanAbsoluteError', 'logcosh', 'hinge', 'squaredHinge'), () => [
  drawn(random.target(2, 3), random.prediction(2, 3)),
  drawn(random.target(3), random.prediction(2, 3)),
]);

describeLosses(
  layers(
    'meanAbsolutePercentageError',
    'meanSquaredLogarithmicError',
    'poisson',
    'kullbackLeiblerDivergence',
    'cosineProximity',
    'binaryCrossentropy',
    'categoricalCrossentropy',
  ),
  () => [
    drawn(random.probability(2, 3), random.probability(2, 3)),
    drawn(random.probability(2, 2, 3), random.probability(2, 2, 3)),
  ],
);

describeLosses(layers('categoricalHinge'), () => [
  drawn(random.probability(2, 3), random.prediction(2, 3)),
  drawn(random.probability(2, 2, 4), random.prediction(2, 2, 4)),
]);

// In the middle between two labels: they are floored.
describeLosses(layers('sparseCategoricalCrossentropy'), () => [
  drawn(array([0.5, 2.5]), random.probability(2, 3)),
  drawn(array([[1.5], [0.5]]), random.probability(2, 3)),
]);
