/** Keras: compile and fit; a model with a loss of its own where the loss does not compare one output with one target. */
import { type Composed, compose } from './compose.ts';
import { keras as dialect } from './dialect.ts';
import { type Role, trained } from './setting.ts';
import type { Snippet, SnippetImport } from './snippet.ts';
import {
  arraysOf,
  dataNotes,
  type Forward,
  forward,
  givenTo,
  indented,
  networksOf,
  noteOf,
  pythonNumber,
  type Recipe,
  type Step,
  shape,
} from './step.ts';

interface Row extends Omit<Recipe, 'symbol' | 'callee'> {
  /** The class and, where there is one, the function. */
  readonly names: readonly [string, string?];
}

const fromLogits = { options: 'from_logits=True' } as const;
const masks = {
  prediction: { values: 'probability', shape: shape('N H W 1') },
  target: { values: 'binary', shape: shape('N H W 1') },
} as const;

const rows: readonly Row[] = [
  { loss: 'mean-squared-error', names: ['MeanSquaredError', 'mean_squared_error'] },
  { loss: 'mean-absolute-error', names: ['MeanAbsoluteError', 'mean_absolute_error'] },
  { loss: 'huber', names: ['Huber', 'huber'] },
  { loss: 'log-cosh', names: ['LogCosh', 'log_cosh'] },
  {
    loss: 'mean-absolute-percentage-error',
    names: ['MeanAbsolutePercentageError', 'mean_absolute_percentage_error'],
  },
  {
    loss: 'mean-squared-logarithmic-error',
    names: ['MeanSquaredLogarithmicError', 'mean_squared_logarithmic_error'],
  },
  {
    loss: 'poisson',
    names: ['Poisson', 'poisson'],
    takes: { prediction: { name: 'rate', values: 'positive' } },
  },
  { loss: 'cosine-proximity', names: ['CosineSimilarity', 'cosine_similarity'] },
  { loss: 'binary-cross-entropy', names: ['BinaryCrossentropy', 'binary_crossentropy'], ...fromLogits },
  {
    loss: 'categorical-cross-entropy',
    names: ['CategoricalCrossentropy', 'categorical_crossentropy'],
    ...fromLogits,
  },
  {
    loss: 'sparse-categorical-cross-entropy',
    names: ['SparseCategoricalCrossentropy', 'sparse_categorical_crossentropy'],
    ...fromLogits,
  },
  {
    loss: 'pixelwise-cross-entropy',
    names: ['SparseCategoricalCrossentropy', 'sparse_categorical_crossentropy'],
    takes: { prediction: { shape: shape('N H W K') } },
    ...fromLogits,
  },
  { loss: 'kl-divergence', names: ['KLDivergence', 'kl_divergence'] },
  { loss: 'focal', names: ['BinaryFocalCrossentropy', 'binary_focal_crossentropy'], ...fromLogits },
  {
    loss: 'focal',
    names: ['CategoricalFocalCrossentropy', 'categorical_focal_crossentropy'],
    takes: { prediction: { shape: shape('N K') }, target: { values: 'one-hot', shape: shape('N K') } },
    ...fromLogits,
  },
  {
    loss: 'generalized-cross-entropy',
    names: ['CategoricalGeneralizedCrossEntropy'],
  },
  { loss: 'hinge', names: ['Hinge', 'hinge'] },
  { loss: 'squared-hinge', names: ['SquaredHinge', 'squared_hinge'] },
  { loss: 'categorical-hinge', names: ['CategoricalHinge', 'categorical_hinge'] },
  { loss: 'dice', names: ['Dice', 'dice'], takes: masks },
  { loss: 'tversky', names: ['Tversky', 'tversky'], takes: masks },
  { loss: 'circle', names: ['Circle', 'circle'] },
  {
    loss: 'ctc',
    names: ['CTC', 'ctc'],
    takes: { logProbabilities: { name: 'logits', values: 'real', shape: shape('N T K') } },
    order: ['target', 'logProbabilities'],
  },
];

export const kerasRecipes: readonly Recipe[] = [
  ...rows.map(({ names: [name], ...rest }) => ({
    ...rest,
    symbol: `keras.losses.${name}`,
    callee: `keras.losses.${name}`,
  })),
  // A function by name has its defaults, which are probabilities.
  ...rows.flatMap(({ names: [, name], options, ...rest }) =>
    name === undefined || options
      ? []
      : [{ ...rest, symbol: `keras.losses.${name}`, callee: `keras.losses.${name}` }],
  ),
];

const write: Forward = {
  apply: ({ network, of }) => `self.${network}(${of})`,
  activate(values, code) {
    switch (values) {
      case 'probability':
        return `ops.sigmoid(${code})`;
      case 'distribution':
        return `ops.softmax(${code}, axis=-1)`;
      case 'log-distribution':
        return `ops.log_softmax(${code}, axis=-1)`;
      case 'positive':
        return `ops.softplus(${code})`;
      case 'direction':
        return `ops.normalize(${code}, axis=-1)`;
      case 'distance':
        return dialect.norm!(`(${code})`, -1, false);
      default:
        return code;
    }
  },
  column: (array, at) => `${array}[:, ${at}:${at + 1}]`,
  subtract: (a, b) => `${a} - ${b}`,
};

/** Between equally many samples on a line, the cheapest plan keeps their order. */
const transport: Composed = {
  helpers: [],
  parameters: [],
  lines: [],
  whole: true,
  loss: 'ops.mean(ops.abs(ops.sort(first) - ops.sort(second)))',
  gradients: {},
};

const known: readonly SnippetImport[] = [
  { name: 'math', path: 'math', line: 'import math' },
  { name: 'keras', path: 'keras', line: 'import keras' },
  { name: 'ops', path: 'keras.ops', line: 'from keras import ops' },
];

export function kerasSnippet(step: Step): Snippet | undefined {
  const { loss, setting, recipe } = step;
  const roles = Object.values(setting.roles).filter(
    ({ values }) => !recipe || (values !== 'lengths' && values !== 'padding'),
  );
  const made = roles.filter(({ pass }) => pass);
  const data = roles.filter(({ pass }) => !pass);
  const isPair =
    made.length === 1 && data.length === 1 && made[0]!.pass!.less === undefined && !setting.before;
  let template: string;
  if (recipe) {
    const isClass = /\.[A-Z]\w*$/.test(recipe.callee);
    template = fitting(
      made[0]!,
      data[0]!,
      isClass ? `${recipe.callee}(${recipe.options ?? ''})` : recipe.callee,
    );
  } else {
    const written = loss.id === 'earth-movers-distance' ? transport : compose(loss, setting, dialect, true);
    if (!written) return undefined;
    template = isPair ? ownFunction(step, written, made[0]!, data[0]!) : ownModel(step, written);
  }
  return {
    framework: 'keras',
    language: 'python',
    loss: loss.id,
    ...(recipe && { symbol: recipe.symbol }),
    imports: known.filter(({ name }) => new RegExp(`(?<![\\w.])${name}\\.`).test(template)),
    template,
    arrays: arraysOf({
      ...step,
      setting: { ...setting, roles: Object.fromEntries(roles.map((role) => [role.name, role])) },
    }),
  };
}

/** What the last layer has to be. */
const layers: Readonly<Partial<Record<Role['values'], string>>> = {
  probability: 'activation="sigmoid"',
  distribution: 'activation="softmax"',
  'log-distribution': 'activation="log_softmax"',
  positive: 'activation="softplus"',
  direction: 'keras.layers.UnitNormalization()',
};

function fitting(made: Role, data: Role, loss: string): string {
  const last = layers[made.values] ? `, last layer: ${layers[made.values]}` : '';
  return [
    `# «model»: ${made.name} ${noteOf(made)}${last}; «${data.name}» ${noteOf(data)}`,
    `«model».compile(optimizer=«"adam"», loss=${loss})`,
    `history = «model».fit(«inputs», «${data.name}», batch_size=«32», epochs=«10»)`,
  ].join('\n');
}

const parametersOf = (written: Composed): string[] =>
  written.parameters.map(({ name, value }) => `${name} = «${pythonNumber(value)}»`);

const assignments = (written: Composed): string[] =>
  written.lines.map(({ name, code }) => `${name} = ${code}`);

/** Class numbers arrive in the dtype of the prediction. */
const castsOf = (roles: readonly Role[]): string[] =>
  roles.flatMap(({ name, values }) =>
    /^(class|paired-class|class-list)$/.test(values) ? [`${name} = ops.cast(${name}, "int32")`] : [],
  );

function ownFunction({ loss }: Step, written: Composed, made: Role, data: Role): string {
  const name = loss.id.replaceAll('-', '_');
  const body = [
    ...parametersOf(written),
    ...castsOf([data]),
    ...assignments(written),
    `return ${written.loss}`,
  ];
  return [
    ...written.helpers.flatMap((helper) => [helper, '', '']),
    `def ${name}(${data.name}, ${made.name}):`,
    indented(body.join('\n')),
    '',
    '',
    fitting(made, data, name),
  ].join('\n');
}

/** A model around the networks, whose outputs are what the loss is computed of. */
function ownModel(step: Step, written: Composed): string {
  const { setting } = step;
  const networks = networksOf(step);
  const { inputs, data } = givenTo(step);
  const lines = forward(step, write).map(
    ({ name, code, note }) => `${name} = ${code}${note ? `  # ${note}` : ''}`,
  );
  const outputs = Object.values(setting.roles).filter(({ pass }) => pass);
  const names = outputs.map(({ name }) => name);
  const one = (list: readonly string[], from: string): string[] => {
    if (list.length === 0 || (list.length === 1 && list[0] === from)) return [];
    return [`${list.join(', ')} = ${from}`];
  };
  const frozen = networks.filter((network) => network !== trained(setting));
  const title = step.loss.id.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  const fitted = [...inputs, ...data.map(({ name }) => name)].map((name) => `«${name}»`);
  const given = inputs.length === 1 ? `«${inputs[0]}»` : `[${fitted.slice(0, inputs.length).join(', ')}]`;
  return [
    ...written.helpers.flatMap((helper) => [helper, '', '']),
    `class ${title}(keras.Model):`,
    `    def __init__(self, ${networks.join(', ')}):`,
    '        super().__init__()',
    ...networks.map((network) => `        self.${network} = ${network}`),
    ...frozen.map((network) => `        self.${network}.trainable = False`),
    '',
    '    def call(self, inputs):',
    indented([...one(inputs, 'inputs'), ...lines, `return ${names.join(', ')}`].join('\n'), '        '),
    '',
    '    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):',
    indented(
      [
        ...parametersOf(written),
        ...one(names, 'y_pred'),
        ...(data.length > 0
          ? [`${data.map(({ name }) => name).join(', ')} = y  # ${dataNotes(step).join('; ')}`]
          : []),
        ...castsOf(data),
        ...assignments(written),
        `return ${setting.maximised ? `-(${written.loss})` : written.loss}`,
      ].join('\n'),
      '        ',
    ),
    '',
    '',
    `«trainer» = ${title}(${networks.map((network) => `«${network}»`).join(', ')})`,
    `«trainer».compile(optimizer=«"adam"»)`,
    `history = «trainer».fit(${[given, ...fitted.slice(inputs.length)].join(', ')}, batch_size=«32», epochs=«10»)`,
  ].join('\n');
}
