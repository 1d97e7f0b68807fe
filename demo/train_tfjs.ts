/** The losses of train_torch.py in TensorFlow.js: the labels come first here. */
import * as tf from '@tensorflow/tfjs';

const prediction = tf.tensor1d([21.4, 18.9, 25.1, 16.0, 30.2, 12.7]);
const target = tf.tensor1d([21.0, 19.5, 24.8, 27.5, 29.9, 13.1]);

tf.losses.huberLoss(target, prediction, undefined, 1).print();
tf.losses.meanSquaredError(target, prediction).print();

const scores = tf.tensor2d([
  [2.0, 0.5, -1.0],
  [0.1, 1.2, 0.3],
  [-0.5, 0.2, 2.2],
]);
const weather = tf.oneHot(tf.tensor1d([0, 1, 2], 'int32'), 3);

// TensorFlow.js takes labels of 0 and 1 here and makes −1 and 1 of them; labels of −1 and 1 come out wrong.
tf.losses.hingeLoss(weather, scores).print();
tf.losses.softmaxCrossEntropy(weather, scores).print();

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [12] })] });
model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
