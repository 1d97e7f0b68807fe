/** Edges of the losses of discriminators, critics and generators. */
import type { Parameters } from '../../../engine/evaluation.ts';
import { type Edge, empty, inf, ln, nan } from './edge.ts';

const logits: Parameters = { from: 'logit' };

/** What the losses of a discriminator or a critic have in common: two means over different samples. */
const twoMeans: readonly Edge[] = [
  { note: 'no elements', inputs: { real: [0.5], fake: [0.5] }, reduction: 'none', refused: 'parameter' },
  { note: 'no sum', inputs: { real: [0.5], fake: [0.5] }, reduction: 'sum', refused: 'parameter' },
  { note: 'nothing real', inputs: { real: empty(0), fake: [0.5] }, reduction: 'mean', value: [nan] },
  { note: 'nothing generated', inputs: { real: [0.5], fake: empty(0, 2) }, reduction: 'mean', value: [nan] },
  {
    note: 'NaN',
    inputs: { real: [0.5, nan], fake: [0.5] },
    reduction: 'mean',
    value: [nan],
    firstNonFinite: [],
  },
  { note: 'no fake', inputs: { real: [0.5] }, reduction: 'mean', refused: 'missing-input' },
];

const nothing: readonly Edge[] = [
  { note: 'empty', inputs: { fake: empty(0, 3) }, value: [] },
  { note: 'empty, sum', inputs: { fake: empty(0) }, reduction: 'sum', value: [0] },
  { note: 'empty, mean', inputs: { fake: empty(0) }, reduction: 'mean', value: [nan] },
  { note: 'NaN', inputs: { fake: [nan] }, value: [nan], firstNonFinite: [0] },
  { note: 'real is none of its inputs', inputs: { real: [1], fake: [1] }, refused: 'unknown-input' },
];

export const adversarialEdges: Readonly<Record<string, readonly Edge[]>> = {
  'gan-discriminator': [
    ...twoMeans,
    {
      note: 'sure and right',
      inputs: { real: [1], fake: [0] },
      reduction: 'mean',
      value: [0],
      gradients: { real: [-1], fake: [1] },
    },
    {
      note: 'sure and wrong about a real one',
      inputs: { real: [0.5, 0], fake: [0] },
      reduction: 'mean',
      value: [inf],
      firstNonFinite: [],
    },
    {
      note: 'sure and wrong about a generated one',
      inputs: { real: [1], fake: [1] },
      reduction: 'mean',
      value: [inf],
      firstNonFinite: [],
    },
    {
      note: 'two real, three generated, undecided',
      inputs: { real: [0.5, 0.5], fake: [[0.5], [0.5], [0.5]] },
      reduction: 'mean',
      value: [2 * ln(2)],
      gradients: { real: [-1, -1], fake: [2 / 3, 2 / 3, 2 / 3] },
    },
    {
      note: 'tiny probabilities keep their digits',
      inputs: { real: [1], fake: [1e-20] },
      reduction: 'mean',
      value: [1e-20],
    },
    {
      note: '0-D, logits 0',
      inputs: { real: 0, fake: 0 },
      parameters: logits,
      reduction: 'mean',
      value: [2 * ln(2)],
      gradients: { real: [-0.5], fake: [0.5] },
    },
    {
      note: 'large logits, wrong',
      inputs: { real: [-800], fake: [800] },
      parameters: logits,
      reduction: 'mean',
      value: [1600],
      gradients: { real: [-1], fake: [1] },
    },
    {
      note: 'infinite logits, right',
      inputs: { real: [inf], fake: [-inf] },
      parameters: logits,
      reduction: 'mean',
      value: [0],
      gradients: { real: [0], fake: [0] },
    },
    { note: 'above 1', inputs: { real: [1], fake: [1.5] }, reduction: 'mean', refused: 'domain' },
    { note: 'below 0', inputs: { real: [-0.5], fake: [1] }, reduction: 'mean', refused: 'domain' },
  ],
  'gan-generator': [
    ...nothing,
    {
      note: 'fooled by none and by all',
      inputs: { fake: [0, 1] },
      value: [0, -inf],
      firstNonFinite: [1],
    },
    {
      note: 'fooled by none',
      inputs: { fake: [0, 1e-20] },
      value: [0, -1e-20],
      gradients: { fake: [-1, -1] },
    },
    {
      note: 'non-saturating: fooled by all and by none',
      inputs: { fake: [1, 0] },
      parameters: { form: 'non-saturating' },
      value: [0, inf],
      firstNonFinite: [1],
    },
    {
      note: 'large logits saturate',
      inputs: { fake: [-800, 0, 800] },
      parameters: logits,
      value: [0, -ln(2), -800],
      gradients: { fake: [0, -0.5, -1] },
    },
    {
      note: 'non-saturating: large logits do not',
      inputs: { fake: [-800, 0, 800] },
      parameters: { ...logits, form: 'non-saturating' },
      value: [800, ln(2), 0],
      gradients: { fake: [-1, -0.5, 0] },
    },
    {
      note: 'infinite logits',
      inputs: { fake: [-inf, inf] },
      parameters: logits,
      value: [0, -inf],
      gradients: { fake: [0, -1] },
      firstNonFinite: [1],
    },
    { note: 'above 1', inputs: { fake: [1.5] }, refused: 'domain' },
    {
      note: 'a form of another name',
      inputs: { fake: [0.5] },
      parameters: { form: 'hinge' },
      refused: 'parameter',
    },
  ],
  'lsgan-discriminator': [
    ...twoMeans,
    {
      note: 'tie: both at their goals',
      inputs: { real: [1], fake: [0] },
      reduction: 'mean',
      value: [0],
      gradients: { real: [0], fake: [0] },
    },
    {
      note: 'two real, one generated',
      inputs: { real: [0, 0], fake: [[2]] },
      reduction: 'mean',
      value: [2.5],
      gradients: { real: [-0.5, -0.5], fake: [2] },
    },
    {
      note: 'an infinite score',
      inputs: { real: [inf, 1], fake: [0] },
      reduction: 'mean',
      value: [inf],
      gradients: { real: [inf, 0], fake: [0] },
      firstNonFinite: [],
    },
  ],
  'lsgan-generator': [
    ...nothing,
    {
      note: 'at its goal, and on either side',
      inputs: { fake: [1, 0, 3] },
      value: [0, 0.5, 2],
      gradients: { fake: [0, -1, 2] },
    },
    {
      note: 'infinite scores',
      inputs: { fake: [inf, -inf] },
      value: [inf, inf],
      gradients: { fake: [inf, -inf] },
      firstNonFinite: [0],
    },
    { note: '0-D', inputs: { fake: 0 }, value: [0.5], gradients: { fake: [-1] } },
  ],
  wasserstein: [
    ...twoMeans,
    {
      note: 'two real, one generated',
      inputs: { real: [3, 1], fake: [[1]] },
      reduction: 'mean',
      value: [1],
      gradients: { real: [0.5, 0.5], fake: [-1] },
    },
    {
      note: 'tie: equal means',
      inputs: { real: [1, 3], fake: [2] },
      reduction: 'mean',
      value: [0],
      gradients: { real: [0.5, 0.5], fake: [-1] },
    },
    {
      note: 'infinite scores',
      inputs: { real: [0], fake: [inf, 0] },
      reduction: 'mean',
      value: [-inf],
      gradients: { real: [1], fake: [-0.5, -0.5] },
      firstNonFinite: [],
    },
    {
      note: 'equal infinities',
      inputs: { real: [inf], fake: [inf] },
      reduction: 'mean',
      value: [nan],
      firstNonFinite: [],
    },
    {
      note: 'a probability or a logit, it does not ask',
      inputs: { real: [1], fake: [0] },
      parameters: logits,
      reduction: 'mean',
      refused: 'parameter',
    },
  ],
};
