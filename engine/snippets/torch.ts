/** PyTorch: criterion, forward, loss, backward, step. */
import { type Composed, compose } from './compose.ts';
import { torch as dialect } from './dialect.ts';
import { trained } from './setting.ts';
import type { Snippet, SnippetImport } from './snippet.ts';
import {
  argumentsOf,
  arraysOf,
  dataNotes,
  type Forward,
  forward,
  pythonNumber,
  type Recipe,
  type Step,
  withHoles,
  withNote,
} from './step.ts';

const classes: readonly (Omit<Recipe, 'symbol' | 'callee'> & { readonly names: [string, string] })[] = [
  { loss: 'mean-squared-error', names: ['MSELoss', 'mse_loss'] },
  { loss: 'mean-absolute-error', names: ['L1Loss', 'l1_loss'] },
  { loss: 'huber', names: ['HuberLoss', 'huber_loss'] },
  { loss: 'huber', names: ['SmoothL1Loss', 'smooth_l1_loss'] },
  { loss: 'gaussian-nll', names: ['GaussianNLLLoss', 'gaussian_nll_loss'] },
  { loss: 'binary-cross-entropy', names: ['BCEWithLogitsLoss', 'binary_cross_entropy_with_logits'] },
  {
    loss: 'binary-cross-entropy',
    names: ['BCELoss', 'binary_cross_entropy'],
    takes: { prediction: 'probability' },
  },
  { loss: 'sparse-categorical-cross-entropy', names: ['CrossEntropyLoss', 'cross_entropy'] },
  {
    loss: 'sparse-categorical-cross-entropy',
    names: ['NLLLoss', 'nll_loss'],
    takes: { prediction: 'log-distribution' },
  },
  { loss: 'categorical-cross-entropy', names: ['CrossEntropyLoss', 'cross_entropy'] },
  { loss: 'pixelwise-cross-entropy', names: ['CrossEntropyLoss', 'cross_entropy'] },
  {
    loss: 'kl-divergence',
    names: ['KLDivLoss', 'kl_div'],
    takes: { prediction: 'log-distribution' },
    options: 'reduction="batchmean"',
  },
  { loss: 'soft-margin', names: ['SoftMarginLoss', 'soft_margin_loss'] },
  { loss: 'multi-margin', names: ['MultiMarginLoss', 'multi_margin_loss'] },
  { loss: 'multilabel-margin', names: ['MultiLabelMarginLoss', 'multilabel_margin_loss'] },
  { loss: 'multilabel-soft-margin', names: ['MultiLabelSoftMarginLoss', 'multilabel_soft_margin_loss'] },
  { loss: 'margin-ranking', names: ['MarginRankingLoss', 'margin_ranking_loss'] },
  { loss: 'triplet', names: ['TripletMarginLoss', 'triplet_margin_loss'] },
  {
    loss: 'triplet',
    names: ['TripletMarginWithDistanceLoss', 'triplet_margin_with_distance_loss'],
  },
  { loss: 'cosine-embedding', names: ['CosineEmbeddingLoss', 'cosine_embedding_loss'] },
  { loss: 'hinge-embedding', names: ['HingeEmbeddingLoss', 'hinge_embedding_loss'] },
  { loss: 'poisson', names: ['PoissonNLLLoss', 'poisson_nll_loss'] },
  { loss: 'ctc', names: ['CTCLoss', 'ctc_loss'] },
];

/** The first of a loss is the one that a snippet of that loss calls. */
export const torchRecipes: readonly Recipe[] = [
  ...classes.map(({ names: [name], ...rest }) => ({
    ...rest,
    symbol: `torch.nn.${name}`,
    callee: `nn.${name}`,
  })),
  ...classes.map(({ names: [, name], ...rest }) => ({
    ...rest,
    symbol: `torch.nn.functional.${name}`,
    callee: `F.${name}`,
  })),
  {
    loss: 'focal',
    symbol: 'torchvision.ops.sigmoid_focal_loss',
    callee: 'sigmoid_focal_loss',
    options: 'reduction="mean"',
  },
];

const write: Forward = {
  apply: ({ network, of }) => `«${network}»(«${of}»)`,
  activate(values, code, axis) {
    switch (values) {
      case 'probability':
        return `torch.sigmoid(${code})`;
      case 'distribution':
        return `torch.softmax(${code}, dim=${axis})`;
      case 'log-distribution':
        return `F.log_softmax(${code}, dim=${axis})`;
      case 'positive':
        return `F.softplus(${code})`;
      case 'direction':
        return `F.normalize(${code}, dim=-1)`;
      case 'distance':
        return `torch.linalg.vector_norm(${code}, dim=-1)`;
      default:
        return code;
    }
  },
  column: (array, at) => `${array}[:, ${at}:${at + 1}]`,
  subtract: (a, b) => `${a} - ${b}`,
};

const known: readonly SnippetImport[] = [
  { name: 'math', path: 'math', line: 'import math' },
  { name: 'torch', path: 'torch', line: 'import torch' },
  { name: 'nn', path: 'torch.nn', line: 'from torch import nn' },
  { name: 'F', path: 'torch.nn.functional', line: 'import torch.nn.functional as F' },
  {
    name: 'sigmoid_focal_loss',
    path: 'torchvision.ops.sigmoid_focal_loss',
    line: 'from torchvision.ops import sigmoid_focal_loss',
  },
];

/** Between equally many samples on a line, the cheapest plan keeps their order. */
const transport: Composed = {
  helpers: [],
  parameters: [],
  lines: [],
  whole: true,
  loss: 'torch.mean(torch.abs(torch.sort(first).values - torch.sort(second).values))',
  gradients: {},
};

export function torchSnippet(step: Step): Snippet | undefined {
  const { loss, setting, recipe } = step;
  const lines: string[] = [];
  const made = forward(step, write).map(({ name, code, note }) => withNote(`${name} = ${code}`, note));
  if (recipe) {
    const given = argumentsOf(step, false).map((name) => withHoles(step, name));
    const isClass = recipe.callee.startsWith('nn.');
    if (isClass) lines.push(`«criterion» = ${recipe.callee}(${recipe.options ?? ''})`, '');
    lines.push(...made);
    const call = isClass
      ? `«criterion»(${given.join(', ')})`
      : `${recipe.callee}(${[...given, ...(recipe.options ? [recipe.options] : [])].join(', ')})`;
    const [note, ...more] = dataNotes(step);
    if (more.length > 0) lines.push(...dataNotes(step).map((line) => `# ${line}`));
    lines.push(withNote(`loss = ${call}`, more.length > 0 ? '' : (note ?? '')));
  } else {
    const written = loss.id === 'earth-movers-distance' ? transport : compose(loss, setting, dialect, true);
    if (!written) return undefined;
    for (const { name, value } of written.parameters) lines.push(`${name} = «${pythonNumber(value)}»`);
    if (written.parameters.length > 0) lines.push('');
    lines.push(...made);
    lines.push(...dataNotes(step).map((note) => `# ${note}`));
    for (const { name, code } of written.lines) lines.push(withHoles(step, `${name} = ${code}`));
    lines.push(withHoles(step, `loss = ${setting.maximised ? `-(${written.loss})` : written.loss}`));
  }
  const optimizer = trained(setting) === 'model' ? '«optimizer»' : `«${trained(setting)}_optimizer»`;
  lines.push(`${optimizer}.zero_grad()`, 'loss.backward()', `${optimizer}.step()`);
  const template = lines.join('\n');
  return {
    framework: 'torch',
    language: 'python',
    loss: loss.id,
    ...(recipe && { symbol: recipe.symbol }),
    imports: known.filter(({ name }) => new RegExp(`(?<![\\w.])${name}\\b[.(]`).test(template)),
    template,
    arrays: arraysOf(step),
  };
}
