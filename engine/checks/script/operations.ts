/** What TensorFlow.js' operations and layers do to a tensor, by their names; asked of version 4.22. */
import { t } from '@vscode/l10n';
import type { Form } from '../tensor.ts';

/** Operations whose result is of a form whatever goes in. */
export const activations: Readonly<Record<string, Form>> = {
  softmax: 'softmax',
  logSoftmax: 'log-softmax',
  sigmoid: 'sigmoid',
  logSigmoid: 'log-sigmoid',
  tanh: 'tanh',
  relu: 'relu',
};

/** Layers that are one of them. */
export const activationLayers: Readonly<Record<string, Form>> = { softmax: 'softmax', reLU: 'relu' };

/** Layers whose last step is affine, but for their `activation`; with the option that says how many numbers they give. */
export const affineLayers: Readonly<Record<string, 'units' | 'filters'>> = {
  dense: 'units',
  conv1d: 'filters',
  conv2d: 'filters',
  conv3d: 'filters',
  conv2dTranspose: 'filters',
  conv3dTranspose: 'filters',
  separableConv2d: 'filters',
};

/** What leaves numbers, shape and gradient as they are. */
export const neutral = new Set(['clone', 'variable', 'toFloat', 'asType', 'cast', 'print', 'identity']);
export const neutralLayers = new Set(['dropout', 'gaussianNoise', 'gaussianDropout', 'alphaDropout']);

/** What moves numbers about: their form stays, their shape is for `shapes.ts` to say. */
export const rearranging = new Set(
  (
    'reshape reshapeAs as1D as2D as3D as4D asScalar flatten squeeze expandDims transpose slice gather concat stack ' +
    'unstack reverse tile pad'
  ).split(' '),
);
export const rearrangingLayers = new Set(['flatten', 'reshape', 'permute', 'repeatVector']);

/** Of logits these make logits; of anything else, nobody knows. */
export const keepsLogits = new Set(['batchNormalization', 'layerNormalization']);

const zero = (): string => t('TensorFlow.js gives it a gradient of 0, and nothing is learned.');
const refused = (): string => t('TensorFlow.js refuses to differentiate it.');
const cut = (): string => t('TensorFlow.js finds no variable that the result depends on, and refuses.');

/** Where a gradient ends, and what TensorFlow.js does about it. */
export const stops: Readonly<Record<string, () => string>> = {
  argMax: zero,
  argMin: zero,
  round: zero,
  floor: zero,
  ceil: zero,
  sign: zero,
  step: zero,
  greaterEqual: zero,
  greater: refused,
  less: refused,
  lessEqual: refused,
  equal: refused,
  notEqual: refused,
  dataSync: cut,
  arraySync: cut,
  data: cut,
  array: cut,
};

export const plainNumbers = (): string => t('numbers that are no tensor');
export const plainArray = cut;
/** Of one-hot rows. */
export const ofClasses = zero;
