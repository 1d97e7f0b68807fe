/** JAX with Optax: a loss of the parameters, its value and gradient, the optimizer's update. */
import { type Composed, compose } from './compose.ts';
import { jax as dialect } from './dialect.ts';
import type { Snippet, SnippetImport } from './snippet.ts';
import {
  argumentsOf,
  arraysOf,
  dataNotes,
  type Forward,
  forward,
  givenTo,
  indented,
  networksOf,
  pythonNumber,
  type Recipe,
  type Step,
  shape,
  withNote,
} from './step.ts';

interface Row extends Omit<Recipe, 'symbol' | 'callee'> {
  readonly name: string;
  /** Under `optax.losses` alone. */
  readonly nested?: true;
}

const logDistribution = { prediction: 'log-distribution' } as const;
const classScores = { prediction: 'real', target: { values: 'class', shape: shape('N') } } as const;
const logits = { name: 'logits', values: 'real', shape: shape('N H W K') } as const;

const rows: readonly Row[] = [
  { loss: 'mean-squared-error', name: 'squared_error' },
  { loss: 'mean-squared-error', name: 'l2_loss' },
  { loss: 'huber', name: 'huber_loss' },
  { loss: 'log-cosh', name: 'log_cosh' },
  { loss: 'cosine-proximity', name: 'cosine_distance' },
  { loss: 'binary-cross-entropy', name: 'sigmoid_binary_cross_entropy' },
  { loss: 'focal', name: 'sigmoid_focal_loss', options: 'alpha=0.25' },
  { loss: 'hinge', name: 'hinge_loss' },
  { loss: 'perceptron', name: 'perceptron_loss', nested: true },
  {
    loss: 'perceptron',
    name: 'multiclass_perceptron_loss',
    nested: true,
    takes: { ...classScores, prediction: { values: 'real', shape: shape('N K') } },
  },
  { loss: 'categorical-cross-entropy', name: 'softmax_cross_entropy' },
  { loss: 'categorical-cross-entropy', name: 'safe_softmax_cross_entropy' },
  { loss: 'sparse-categorical-cross-entropy', name: 'softmax_cross_entropy_with_integer_labels' },
  {
    loss: 'pixelwise-cross-entropy',
    name: 'softmax_cross_entropy_with_integer_labels',
    takes: { prediction: logits },
  },
  { loss: 'poly-cross-entropy', name: 'poly_loss_cross_entropy', nested: true },
  { loss: 'categorical-hinge', name: 'multiclass_hinge_loss', nested: true, takes: classScores },
  { loss: 'kl-divergence', name: 'kl_divergence', takes: logDistribution },
  {
    loss: 'kl-divergence',
    name: 'kl_divergence_with_log_targets',
    nested: true,
    takes: { ...logDistribution, target: 'log-distribution' },
  },
  { loss: 'kl-divergence', name: 'generalized_kl_divergence', takes: logDistribution },
  { loss: 'kl-divergence', name: 'convex_kl_divergence', takes: logDistribution },
  {
    loss: 'dice',
    name: 'binary_dice_loss',
    nested: true,
    takes: {
      prediction: { name: 'logits', values: 'real', shape: shape('N H W') },
      target: { values: 'binary', shape: shape('N H W') },
    },
  },
  {
    loss: 'dice',
    name: 'dice_loss',
    nested: true,
    takes: { prediction: logits, target: { values: 'one-hot', shape: shape('N H W K') } },
  },
  {
    loss: 'dice',
    name: 'multiclass_generalized_dice_loss',
    nested: true,
    takes: { prediction: logits, target: { values: 'one-hot', shape: shape('N H W K') } },
  },
  { loss: 'sparsemax', name: 'multiclass_sparsemax_loss', nested: true },
  {
    loss: 'sparsemax',
    name: 'sparsemax_loss',
    nested: true,
    takes: {
      prediction: { name: 'logits', values: 'real', shape: shape('N') },
      target: { values: 'binary', shape: shape('N') },
    },
  },
  { loss: 'ranking-softmax', name: 'ranking_softmax_loss', nested: true, isReduced: true },
  { loss: 'nt-xent', name: 'ntxent', isReduced: true },
  { loss: 'triplet', name: 'triplet_margin_loss', nested: true },
  {
    loss: 'ctc',
    name: 'ctc_loss',
    takes: {
      logProbabilities: { name: 'logits', values: 'real', shape: shape('N T K') },
      inputLength: { name: 'logit_paddings', values: 'padding', shape: shape('N T') },
      target: { name: 'labels' },
      targetLength: { name: 'label_paddings', values: 'padding', shape: shape('N S') },
    },
    order: ['logProbabilities', 'inputLength', 'target', 'targetLength'],
  },
];

export const optaxRecipes: readonly Recipe[] = rows.map(({ name, nested, ...rest }) => {
  const symbol = nested ? `optax.losses.${name}` : `optax.${name}`;
  return { ...rest, symbol, callee: symbol };
});

const write = (trainedNetwork: string): Forward => ({
  apply({ network, of }) {
    const weights = network === trainedNetwork ? 'params' : `«${network}_params»`;
    return `«${network}».apply(${weights}, ${of})`;
  },
  activate(values, code, axis) {
    switch (values) {
      case 'probability':
        return `jax.nn.sigmoid(${code})`;
      case 'distribution':
        return `jax.nn.softmax(${code}, axis=${axis})`;
      case 'log-distribution':
        return `jax.nn.log_softmax(${code}, axis=${axis})`;
      case 'positive':
        return `jax.nn.softplus(${code})`;
      case 'direction':
        return `${code} / jnp.linalg.norm(${code}, axis=-1, keepdims=True)`;
      case 'distance':
        return dialect.norm!(code, -1, false);
      default:
        return code;
    }
  },
  column: (array, at) => `${array}[:, ${at}:${at + 1}]`,
  subtract: (a, b) => `${a} - ${b}`,
});

const known: readonly SnippetImport[] = [
  { name: 'math', path: 'math', line: 'import math' },
  { name: 'jax', path: 'jax', line: 'import jax' },
  { name: 'jnp', path: 'jax.numpy', line: 'import jax.numpy as jnp' },
  { name: 'optax', path: 'optax', line: 'import optax' },
];

/** Between equally many samples on a line, the cheapest plan keeps their order. */
const transport: Composed = {
  helpers: [],
  parameters: [],
  lines: [],
  whole: true,
  loss: 'jnp.mean(jnp.abs(jnp.sort(first) - jnp.sort(second)))',
  gradients: {},
};

export function optaxSnippet(step: Step): Snippet | undefined {
  const { loss, setting, recipe } = step;
  const [network] = networksOf(step) as [string];
  const { inputs, data } = givenTo(step);
  const batch = [...inputs, ...data.map(({ name }) => name)];
  const body = forward(step, write(network)).map(({ name, code, note }) =>
    withNote(`${name} = ${code}`, note),
  );
  body.push(...dataNotes(step).map((note) => `# ${note}`));
  if (recipe) {
    const given = [...argumentsOf(step, false), ...(recipe.options ? [recipe.options] : [])].join(', ');
    const call = `${recipe.callee}(${given})`;
    body.push(`return ${recipe.isReduced ? call : `jnp.mean(${call})`}`);
  } else {
    const written = loss.id === 'earth-movers-distance' ? transport : compose(loss, setting, dialect, true);
    if (!written) return undefined;
    body.unshift(...written.parameters.map(({ name, value }) => `${name} = «${pythonNumber(value)}»`));
    body.push(...written.lines.map(({ name, code }) => `${name} = ${code}`));
    body.push(`return ${setting.maximised ? `-(${written.loss})` : written.loss}`);
  }
  const template = [
    `def loss_fn(params, ${batch.join(', ')}):`,
    indented(body.join('\n')),
    '',
    '',
    '@jax.jit',
    `def train_step(params, opt_state, ${batch.join(', ')}):`,
    indented(
      [
        `loss, grads = jax.value_and_grad(loss_fn)(params, ${batch.join(', ')})`,
        'updates, opt_state = «optimizer».update(grads, opt_state, params)',
        'return optax.apply_updates(params, updates), opt_state, loss',
      ].join('\n'),
    ),
    '',
    '',
    `params, opt_state, loss = train_step(params, opt_state, ${batch.map((name) => `«${name}»`).join(', ')})`,
  ].join('\n');
  return {
    framework: 'optax',
    language: 'python',
    loss: loss.id,
    ...(recipe && { symbol: recipe.symbol }),
    imports: known.filter(({ name }) => new RegExp(`(?<![\\w.])${name}\\.`).test(template)),
    template,
    arrays: arraysOf(step),
  };
}
