/**
 * What stands around each loss in a training step: which networks make its inputs, what those hold and in which shapes.
 * Every framework's snippet of a loss is written from its line here, and run with arrays that are made from it.
 */
import { allocate, type NdArray, sizeOf } from '../array.ts';
import type { LossInfo } from '../catalogue.ts';
import type { Parameters, Reduction } from '../evaluation.ts';

/** What an array holds; of a network's output also what its last layer has to make of it. */
export type Values =
  | 'real'
  | 'positive'
  | 'probability'
  | 'distribution'
  | 'log-distribution'
  | 'direction'
  | 'distance'
  | 'binary'
  | 'sign'
  | 'count'
  | 'one-hot'
  | 'class'
  | 'float-class'
  | 'paired-class'
  | 'class-list'
  | 'frames'
  | 'lengths'
  | 'padding';

/** An extent by its customary letter, or a fixed one. */
export type Size = keyof typeof sizes;

const sizes = { 1: 1, 2: 2, N: 4, M: 3, K: 3, D: 5, C: 3, H: 4, W: 5, T: 6, S: 2 } as const;

/** The forward pass that makes an input: `network(of)`; less that of `less`, or one column of it. */
export interface Pass {
  readonly network: string;
  readonly of: string;
  readonly less?: string;
  readonly column?: number;
}

export interface Role {
  /** The variable's name in the snippet. */
  readonly name: string;
  readonly values: Values;
  readonly shape: readonly Size[];
  /** Absent for what the data gives. */
  readonly pass?: Pass;
}

export interface Setting {
  /** By the loss's own input names, in the order in which they are read. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Facts of the catalogue loss that differ from its defaults. */
  readonly parameters?: Parameters;
  /** What a training step reduces by; `mean` unless given. */
  readonly reduction?: Reduction;
  /** What is trained makes the loss large: a step takes its negative. */
  readonly maximised?: true;
  /** The network that is trained, where it is not the one that makes the inputs: what it makes is passed on. */
  readonly before?: { readonly name: string; readonly pass: Pass };
}

const shapeOf = (letters: string): Size[] => letters.split(' ') as Size[];

const given = (values: Values, letters: string, name = ''): Role => ({
  name,
  values,
  shape: shapeOf(letters),
});
const made = (
  values: Values,
  letters: string,
  name = '',
  pass: Pass = { network: 'model', of: 'inputs' },
): Role => ({ name, values, shape: shapeOf(letters), pass });
const from = (of: string, network = 'model'): Pass => ({ network, of });

type Roles = Readonly<Record<string, Role>>;
const setting = (roles: Roles, rest: Omit<Setting, 'roles'> = {}): Setting => ({
  roles: Object.fromEntries(
    Object.entries(roles).map(([input, role]) => [input, { ...role, name: role.name || input }]),
  ),
  ...rest,
});

const logit = { parameters: { from: 'logit' } } as const;
const regression = setting({ prediction: made('real', 'N 1'), target: given('real', 'N 1') });
const positives = setting({ prediction: made('positive', 'N 1'), target: given('positive', 'N 1') });
const scores = setting({ prediction: made('real', 'N 1', 'scores'), target: given('sign', 'N 1') });
const vectors = setting({ prediction: made('real', 'N D'), target: given('real', 'N D') });
const masks = setting(
  { prediction: made('probability', 'N 1 H W'), target: given('binary', 'N 1 H W') },
  { parameters: { smooth: 1 } },
);
const oneHot = setting({ prediction: made('real', 'N K', 'logits'), target: given('one-hot', 'N K') }, logit);
const binary = setting({ prediction: made('real', 'N 1', 'logits'), target: given('binary', 'N 1') }, logit);
const real = made('real', 'N', 'real', from('real_inputs', 'discriminator'));
const fake = made('real', 'M', 'fake', from('generated', 'discriminator'));
const generated = { name: 'generated', pass: from('noise', 'generator') };
const [first, second] = [from('first_inputs'), from('second_inputs')];

/** By catalogue id, of those that are more than a regression of prediction and target. */
const settings: Readonly<Record<string, Setting>> = {
  'tweedie-deviance': positives,
  'mean-absolute-percentage-error': positives,
  'mean-squared-logarithmic-error': positives,
  'mean-pairwise-squared-error': vectors,
  'gaussian-nll': setting({
    prediction: made('real', 'N 1', 'mean', { ...from('inputs'), column: 0 }),
    target: given('real', 'N 1'),
    variance: made('positive', 'N 1', 'variance', { ...from('inputs'), column: 1 }),
  }),
  'binary-cross-entropy': binary,
  'categorical-cross-entropy': oneHot,
  'sparse-categorical-cross-entropy': setting(
    { prediction: made('real', 'N K', 'logits'), target: given('class', 'N') },
    logit,
  ),
  'kl-divergence': setting(
    { prediction: made('distribution', 'N K'), target: given('distribution', 'N K') },
    { reduction: 'batchmean' },
  ),
  hinge: scores,
  'squared-hinge': scores,
  'soft-margin': scores,
  perceptron: scores,
  'categorical-hinge': setting({
    prediction: made('real', 'N K', 'scores'),
    target: given('one-hot', 'N K'),
  }),
  focal: binary,
  'poly-cross-entropy': oneHot,
  'generalized-cross-entropy': setting({
    prediction: made('distribution', 'N K'),
    target: given('class', 'N'),
  }),
  'multi-margin': setting({ prediction: made('real', 'N K', 'scores'), target: given('class', 'N') }),
  'multilabel-margin': setting({
    prediction: made('real', 'N K', 'scores'),
    target: given('class-list', 'N K'),
  }),
  'multilabel-soft-margin': setting({
    prediction: made('real', 'N K', 'logits'),
    target: given('binary', 'N K'),
  }),
  sparsemax: setting({ prediction: made('real', 'N K', 'scores'), target: given('class', 'N') }),
  contrastive: setting({
    first: made('real', 'N D', 'first', first),
    second: made('real', 'N D', 'second', second),
    label: given('binary', 'N'),
  }),
  triplet: setting({
    anchor: made('real', 'N D', 'anchor', from('anchor_inputs')),
    positive: made('real', 'N D', 'positive', from('positive_inputs')),
    negative: made('real', 'N D', 'negative', from('negative_inputs')),
  }),
  'margin-ranking': setting({
    positive: made('real', 'N 1', 'first', first),
    negative: made('real', 'N 1', 'second', second),
    label: given('sign', 'N 1'),
  }),
  'cosine-embedding': setting({
    first: made('real', 'N D', 'first', first),
    second: made('real', 'N D', 'second', second),
    label: given('sign', 'N'),
  }),
  'hinge-embedding': setting({
    distance: made('distance', 'N', 'distance', { ...first, less: 'second_inputs' }),
    label: given('sign', 'N'),
  }),
  'ranking-softmax': setting({
    prediction: made('real', 'N K', 'scores'),
    target: given('probability', 'N K', 'relevance'),
  }),
  'nt-xent': setting({ embedding: made('real', 'N D'), label: given('paired-class', 'N') }),
  circle: setting({ embedding: made('direction', 'N D'), label: given('paired-class', 'N') }),
  'pixelwise-cross-entropy': setting(
    { prediction: made('real', 'N C H W', 'logits'), target: given('class', 'N H W') },
    logit,
  ),
  dice: masks,
  jaccard: masks,
  tversky: masks,
  perceptual: setting(
    {
      prediction: made('real', 'N D', 'prediction', from('generated', 'features')),
      target: made('real', 'N D', 'target', from('true_images', 'features')),
    },
    { reduction: 'sum', before: { name: 'generated', pass: from('inputs') } },
  ),
  'total-variation': setting({ image: made('real', 'N C H W') }, { reduction: 'sum' }),
  'gan-discriminator': setting({ real, fake }, logit),
  'gan-generator': setting(
    { fake },
    { before: generated, parameters: { form: 'non-saturating', from: 'logit' } },
  ),
  'lsgan-discriminator': setting({ real, fake }),
  'lsgan-generator': setting({ fake }, { before: generated }),
  wasserstein: setting({ real, fake }, { maximised: true }),
  'cosine-proximity': vectors,
  poisson: setting(
    { prediction: made('real', 'N 1', 'log_rate'), target: given('count', 'N 1') },
    { parameters: { from: 'log-rate' } },
  ),
  ctc: setting({
    logProbabilities: made('log-distribution', 'T N K', 'log_probs'),
    target: given('frames', 'N S', 'targets'),
    inputLength: given('lengths', 'N', 'input_lengths'),
    targetLength: given('lengths', 'N', 'target_lengths'),
  }),
  'earth-movers-distance': setting({
    first: made('real', 'N', 'first', first),
    second: made('real', 'N', 'second', second),
  }),
};

/** `undefined` for a loss of which nothing says what its inputs are made from: no step is written with it. */
export function settingOf({ id, family, inputs }: LossInfo): Setting | undefined {
  const names = inputs.filter(({ optional }) => !optional).map(({ name }) => name);
  const isPlain = family === 'regression' && names.join() === 'prediction,target';
  return settings[id] ?? (isPlain ? regression : undefined);
}

/** The network whose weights the step moves. */
export const trained = ({ roles, before }: Setting): string =>
  before?.pass.network ?? Object.values(roles).find(({ pass }) => pass)!.pass!.network;

/** Numbers between −1.7 and 1.7 without a pattern: each a function of its place alone, so that every run has the same. */
const spread = (i: number): number => Math.round(1700 * Math.sin(2.3 * i * i + 1.7 * i + 0.9)) / 1000;

/** An array such as a role describes, of the extents in `sizes`. */
export function exampleOf({ values, shape }: Pick<Role, 'values' | 'shape'>, seed = 0): NdArray {
  const extents = shape.map((size) => sizes[size]);
  const last = extents.at(-1) ?? 1;
  const integers = /^(class|paired-class|class-list|frames|lengths)$/.test(values);
  const data = integers ? allocate('int64', sizeOf(extents)) : allocate('float64', sizeOf(extents));
  const x = (i: number): number => spread(i + 7 * seed + 1);
  const softened = (i: number): number => {
    const row = Math.floor(i / last) * last;
    let total = 0;
    for (let k = 0; k < last; k++) total += Math.exp(x(row + k));
    return Math.exp(x(i)) / total;
  };
  const label = (row: number): number => (row * 2 + seed) % 3;
  const number = (i: number): number => {
    const [row, column] = [Math.floor(i / last), i % last];
    switch (values) {
      case 'real':
        return x(i);
      case 'positive':
      case 'distance':
        return Math.exp(x(i) / 2);
      case 'probability':
        return 1 / (1 + Math.exp(-x(i)));
      case 'distribution':
        return softened(i);
      case 'log-distribution':
        return Math.log(softened(i));
      case 'direction': {
        let total = 0;
        for (let k = 0; k < last; k++) total += x(row * last + k) ** 2;
        return x(i) / Math.sqrt(total);
      }
      case 'binary':
        return x(i) > 0 ? 1 : 0;
      case 'sign':
        return x(i) > 0 ? 1 : -1;
      case 'count':
        return Math.floor(2 * Math.abs(x(i)));
      case 'one-hot':
        return column === label(row) ? 1 : 0;
      case 'paired-class':
        return i % 2;
      case 'class':
      case 'float-class':
        return shape.length === 3 ? label(i) : [0, 1, 0, 2][i % 4]!;
      case 'class-list':
        return column === 0 ? label(row) : column === 1 && row % 2 === 0 ? (label(row) + 1) % 3 : -1;
      case 'frames':
        return 1 + ((row + column) % 2);
      case 'lengths':
        return seed;
      case 'padding':
        return 0;
    }
  };
  for (let i = 0; i < data.length; i++) {
    if (data instanceof BigInt64Array) data[i] = BigInt(number(i));
    else data[i] = number(i);
  }
  return { dtype: integers ? 'int64' : 'float64', shape: extents, data };
}

/** The arrays of a setting, by the loss's input names. */
export function examples({ roles }: Setting): Record<string, NdArray> {
  return Object.fromEntries(
    Object.entries(roles).map(([input, role], i) => {
      const seed = role.values === 'lengths' ? (/input/.test(role.name) ? sizes.T : sizes.S) : i;
      return [input, exampleOf(role, seed)];
    }),
  );
}
