/**
 * Plain NumPy: a function that returns the loss and its gradient by what a network made. Metrics of scikit-learn and
 * distances of SciPy and POT, which train nothing, are called.
 */
import { type Composed, compose } from './compose.ts';
import { numpy as dialect } from './dialect.ts';
import type { Snippet, SnippetImport } from './snippet.ts';
import {
  argumentsOf,
  arraysOf,
  indented,
  noteOf,
  pythonNumber,
  type Recipe,
  type Step,
  shape,
} from './step.ts';

const column = { shape: shape('N') } as const;
const pair = { prediction: column, target: column } as const;
const positive = { values: 'positive', shape: shape('N') } as const;

const metrics: readonly (Omit<Recipe, 'symbol' | 'callee'> & { readonly path: string })[] = [
  { loss: 'mean-squared-error', path: 'sklearn.metrics.mean_squared_error', takes: pair },
  { loss: 'mean-squared-error', path: 'sklearn.metrics.root_mean_squared_error', takes: pair },
  {
    loss: 'mean-squared-error',
    path: 'sklearn.metrics.brier_score_loss',
    takes: {
      prediction: { name: 'probability', values: 'probability', shape: shape('N') },
      target: { values: 'binary', shape: shape('N') },
    },
  },
  { loss: 'mean-absolute-error', path: 'sklearn.metrics.mean_absolute_error', takes: pair },
  {
    loss: 'mean-absolute-percentage-error',
    path: 'sklearn.metrics.mean_absolute_percentage_error',
    takes: pair,
  },
  { loss: 'mean-squared-logarithmic-error', path: 'sklearn.metrics.mean_squared_log_error', takes: pair },
  {
    loss: 'mean-squared-logarithmic-error',
    path: 'sklearn.metrics.root_mean_squared_log_error',
    takes: pair,
  },
  { loss: 'pinball', path: 'sklearn.metrics.mean_pinball_loss', options: 'alpha=0.5', takes: pair },
  {
    loss: 'poisson',
    path: 'sklearn.metrics.mean_poisson_deviance',
    takes: { prediction: { name: 'rate', ...positive }, target: column },
  },
  {
    loss: 'tweedie-deviance',
    path: 'sklearn.metrics.mean_tweedie_deviance',
    options: 'power=1.5',
    takes: pair,
  },
  { loss: 'tweedie-deviance', path: 'sklearn.metrics.mean_gamma_deviance', takes: pair },
  {
    loss: 'categorical-cross-entropy',
    path: 'sklearn.metrics.log_loss',
    takes: { prediction: 'distribution', target: { values: 'class', shape: shape('N') } },
  },
  { loss: 'hinge', path: 'sklearn.metrics.hinge_loss', takes: pair },
  { loss: 'earth-movers-distance', path: 'scipy.stats.wasserstein_distance' },
  { loss: 'earth-movers-distance', path: 'ot.wasserstein_1d' },
];

export const numpyRecipes: readonly Recipe[] = metrics.map(({ path, ...rest }) => ({
  ...rest,
  symbol: path,
  callee: path.slice(path.lastIndexOf('.') + 1),
}));

/** Between equally many samples on a line, the cheapest plan keeps their order. */
const transport: Composed = {
  helpers: [],
  parameters: [],
  lines: [
    { name: 'order', code: 'np.argsort(first)' },
    { name: 'order2', code: 'np.argsort(second)' },
    { name: 'difference', code: 'first[order] - second[order2]' },
    { name: 'gradient_by_first', code: 'np.empty_like(first)' },
    { name: 'gradient_by_first[order]', code: 'np.sign(difference) / first.size' },
    { name: 'gradient_by_second', code: 'np.empty_like(second)' },
    { name: 'gradient_by_second[order2]', code: '-np.sign(difference) / second.size' },
  ],
  whole: true,
  loss: 'np.mean(np.abs(difference))',
  gradients: { first: 'gradient_by_first', second: 'gradient_by_second' },
};

export function numpySnippet(step: Step): Snippet | undefined {
  const { loss, setting, recipe } = step;
  if (recipe) return metric(step, recipe);
  const written = loss.id === 'earth-movers-distance' ? transport : compose(loss, setting, dialect, false);
  if (!written) return undefined;
  const roles = Object.entries(setting.roles);
  const name = loss.id.replaceAll('-', '_');
  const options = written.parameters.map(({ name, value }) => `${name}=${pythonNumber(value)}`);
  const slopes = Object.entries(written.gradients);
  const gradientName = (input: string): string => `gradient_by_${setting.roles[input]!.name}`;
  const by = slopes.map(([input]) => setting.roles[input]!.name);
  const reduced = { mean: ': its mean', sum: ': its sum', batchmean: ': its sum by the rows', none: '' };
  const how = written.whole ? '' : reduced[setting.reduction ?? 'mean'];
  const body = [
    `"""${loss.title}${how}, and the gradient by ${listOf(by)}.`,
    '',
    ...roles.map(([, role]) => `${role.name}: ${noteOf(role)}`),
    '"""',
    ...written.lines.map(({ name: variable, code }) => `${variable} = ${code}`),
    `loss = ${written.loss}`,
    ...slopes.flatMap(([input, code]) =>
      code === gradientName(input) ? [] : [`${gradientName(input)} = ${code}`],
    ),
    `return loss, ${slopes.map(([input]) => gradientName(input)).join(', ')}`,
  ];
  const template = [
    ...written.helpers.flatMap((helper) => [helper, '', '']),
    `def ${name}(${[...roles.map(([, role]) => role.name), ...options].join(', ')}):`,
    indented(body.join('\n')),
    '',
    '',
    `loss, ${slopes.map(([input]) => gradientName(input)).join(', ')} = ${name}(${roles.map(([, role]) => `«${role.name}»`).join(', ')})`,
  ].join('\n');
  return {
    framework: 'numpy',
    language: 'python',
    loss: loss.id,
    imports: [{ name: 'np', path: 'numpy', line: 'import numpy as np' }],
    template,
    arrays: arraysOf(step),
  };
}

/** A number and no step: the libraries that have these train nothing with them. */
function metric(step: Step, { symbol, callee, options }: Recipe): Snippet {
  const given = argumentsOf(step, true).map((name) => `«${name}»`);
  const notes = Object.values(step.setting.roles).map((role) => `# ${role.name} ${noteOf(role)}`);
  const module = symbol.slice(0, symbol.lastIndexOf('.'));
  const brings: SnippetImport = { name: callee, path: symbol, line: `from ${module} import ${callee}` };
  return {
    framework: 'numpy',
    language: 'python',
    loss: step.loss.id,
    symbol,
    imports: [brings],
    template: [...notes, `loss = ${callee}(${[...given, ...(options ? [options] : [])].join(', ')})`].join(
      '\n',
    ),
    arrays: arraysOf(step),
  };
}

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
