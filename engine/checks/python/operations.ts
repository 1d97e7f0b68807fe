/** What the operations between a layer and a loss do to a tensor: its numbers, its shape, its dtype, its gradient. */
import { t } from '@vscode/l10n';
import type { Form, Kind } from '../tensor.ts';

/** Operations whose result is of a form whatever goes in; by the last part of their names. */
export const activations: Readonly<Record<string, Form>> = {
  softmax: 'softmax',
  Softmax: 'softmax',
  Softmax2d: 'softmax',
  log_softmax: 'log-softmax',
  LogSoftmax: 'log-softmax',
  sigmoid: 'sigmoid',
  sigmoid_: 'sigmoid',
  Sigmoid: 'sigmoid',
  expit: 'sigmoid',
  logsigmoid: 'log-sigmoid',
  log_sigmoid: 'log-sigmoid',
  LogSigmoid: 'log-sigmoid',
  tanh: 'tanh',
  tanh_: 'tanh',
  Tanh: 'tanh',
  relu: 'relu',
  relu_: 'relu',
  ReLU: 'relu',
};

/** Modules of functions that are applied to tensors. */
export const functionModules = [
  'torch',
  'torch.nn.functional',
  'torch.special',
  'tensorflow',
  'tensorflow.nn',
  'tensorflow.math',
  'tensorflow.keras.activations',
  'tensorflow.keras.ops',
  'keras.activations',
  'keras.ops',
  'jax.nn',
  'jax.numpy',
  'jax.scipy.special',
  'flax.linen',
  'flax.linen.activation',
];

/** Modules of layers: made by a first call, applied by a second. */
export const layerModules = [
  'torch.nn',
  'keras.layers',
  'tensorflow.keras.layers',
  'tf_keras.layers',
  'flax.linen',
];

/** Layers whose last step is affine: any number can come out. */
export const affineLayers = new Set(
  (
    'Linear LazyLinear Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d ' +
    'Dense Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose SeparableConv2D Conv ConvTranspose'
  ).split(' '),
);

/** What leaves numbers, shape and gradient as they are. */
export const neutral = new Set(
  (
    'cuda cpu to contiguous clone requires_grad_ requires_grad retain_grad float double half bfloat16 type type_as ' +
    'Identity identity stack_ xpu mps pin_memory'
  ).split(' '),
);

/** What moves or drops numbers and changes none. */
export const rearranging = new Set(
  (
    'view reshape squeeze unsqueeze flatten permute transpose movedim moveaxis swapaxes t ravel expand repeat ' +
    'view_as reshape_as expand_as squeeze_ unsqueeze_ unflatten expand_dims Flatten Unflatten Reshape Permute index_select gather narrow'
  ).split(' '),
);

/** Averages of neighbours: probabilities stay probabilities of the same kind. */
export const resampling = new Set(
  'interpolate upsample Upsample UpsamplingBilinear2d UpSampling2D'.split(' '),
);

/** Of logits these make logits; of anything else, nobody knows. */
export const keepsLogits = new Set(
  (
    'dropout Dropout Dropout1d Dropout2d Dropout3d BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm GroupNorm ' +
    'InstanceNorm1d InstanceNorm2d BatchNormalization LayerNormalization'
  ).split(' '),
);

/** Where a gradient ends. */
export const stops = new Set(
  'argmax argmin detach round floor ceil sign item numpy tolist long int bool byte short gt ge lt le eq'.split(
    ' ',
  ),
);

export const comparison = (): string => t('a comparison');

/** How a sentence names one of the `stops`. */
export const nameOfStop = (name: string): string => (/^[gl][te]$|^eq$/.test(name) ? comparison() : name);

/** Casts by method name, and dtypes by their last name. */
export const kinds: Readonly<Record<string, Kind>> = {
  float: 'float',
  double: 'float',
  half: 'float',
  bfloat16: 'float',
  float16: 'float',
  float32: 'float',
  float64: 'float',
  long: 'long',
  int64: 'long',
  int: 'int',
  int32: 'int',
  short: 'int',
  int16: 'int',
  bool: 'bool',
  LongTensor: 'long',
  FloatTensor: 'float',
  IntTensor: 'int',
  BoolTensor: 'bool',
};
