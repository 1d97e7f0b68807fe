/** TensorFlow.js: a loss of the model's outputs, minimised; `compile` and `fit` for the losses that only `compile` knows. */
import { type Composed, compose } from './compose.ts';
import { tfjs as dialect } from './dialect.ts';
import { trained } from './setting.ts';
import type { Snippet } from './snippet.ts';
import {
  argumentsOf,
  arraysOf,
  dataNotes,
  type Forward,
  forward,
  indented,
  networksOf,
  noteOf,
  type Recipe,
  type Step,
  shape,
  withHoles,
  withNote,
} from './step.ts';

interface Row extends Omit<Recipe, 'symbol' | 'callee'> {
  readonly name: string;
}

/** Labels come first; hinge makes −1 and 1 of labels 0 and 1. */
const functions: readonly Row[] = [
  { loss: 'mean-squared-error', name: 'meanSquaredError' },
  { loss: 'mean-absolute-error', name: 'absoluteDifference' },
  { loss: 'huber', name: 'huberLoss' },
  { loss: 'hinge', name: 'hingeLoss', takes: { target: 'binary' } },
  { loss: 'binary-cross-entropy', name: 'sigmoidCrossEntropy' },
  { loss: 'binary-cross-entropy', name: 'logLoss', takes: { prediction: 'probability' } },
  { loss: 'categorical-cross-entropy', name: 'softmaxCrossEntropy' },
  {
    loss: 'cosine-proximity',
    name: 'cosineDistance',
    takes: { prediction: 'direction', target: 'direction' },
    options: '1',
  },
];

/** What `model.compile` knows by a string; all on probabilities. */
const strings: readonly Row[] = [
  { loss: 'mean-squared-error', name: 'meanSquaredError' },
  { loss: 'mean-absolute-error', name: 'meanAbsoluteError' },
  { loss: 'mean-absolute-percentage-error', name: 'meanAbsolutePercentageError' },
  { loss: 'mean-squared-logarithmic-error', name: 'meanSquaredLogarithmicError' },
  { loss: 'log-cosh', name: 'logcosh' },
  { loss: 'hinge', name: 'hinge' },
  { loss: 'squared-hinge', name: 'squaredHinge' },
  { loss: 'categorical-hinge', name: 'categoricalHinge' },
  { loss: 'poisson', name: 'poisson', takes: { prediction: { name: 'rate', values: 'positive' } } },
  { loss: 'kl-divergence', name: 'kullbackLeiblerDivergence' },
  { loss: 'cosine-proximity', name: 'cosineProximity' },
  { loss: 'binary-cross-entropy', name: 'binaryCrossentropy', takes: { prediction: 'probability' } },
  {
    loss: 'categorical-cross-entropy',
    name: 'categoricalCrossentropy',
    takes: { prediction: 'distribution' },
  },
  {
    loss: 'sparse-categorical-cross-entropy',
    name: 'sparseCategoricalCrossentropy',
    takes: { prediction: 'distribution', target: { values: 'float-class', shape: shape('N 1') } },
  },
];

export const tfjsRecipes: readonly Recipe[] = [
  ...functions.map(({ name, ...rest }) => ({
    ...rest,
    symbol: `tf.losses.${name}`,
    callee: `tf.losses.${name}`,
  })),
  ...strings.map(({ name, ...rest }) => ({ ...rest, symbol: `tf.layers.${name}`, callee: `'${name}'` })),
];

const write: Forward = {
  apply: ({ network, of }, rank) => `«${network}».apply(«${of}») as tf.Tensor${rank ? `${rank}D` : ''}`,
  activate(values, code, axis) {
    const last = axis === -1 ? '' : `, ${axis}`;
    switch (values) {
      case 'probability':
        return `tf.sigmoid(${code})`;
      case 'distribution':
        return `tf.softmax(${code}${last})`;
      case 'log-distribution':
        return `tf.logSoftmax(${code}${last})`;
      case 'positive':
        return `tf.softplus(${code})`;
      case 'direction':
        return `tf.div(${code}, tf.norm(${code}, 'euclidean', -1, true))`;
      case 'distance':
        return dialect.norm!(code, -1, false);
      default:
        return code;
    }
  },
  column: (array, at) => `tf.slice(${array}, [0, ${at}], [-1, 1])`,
  subtract: (a, b) => `tf.sub(${a}, ${b})`,
};

const layers = {
  probability: "activation: 'sigmoid'",
  distribution: "activation: 'softmax'",
  positive: "activation: 'softplus'",
} as const;

export function tfjsSnippet(step: Step): Snippet | undefined {
  const { loss, recipe } = step;
  const template = recipe?.callee.startsWith("'") ? compiled(step, recipe) : minimised(step);
  if (template === undefined) return undefined;
  return {
    framework: 'tfjs',
    language: 'typescript',
    loss: loss.id,
    ...(recipe && { symbol: recipe.symbol }),
    imports: [{ name: 'tf', path: '@tensorflow/tfjs', line: "import * as tf from '@tensorflow/tfjs';" }],
    template: camelCase(template),
    arrays: arraysOf(step).map(camelCase),
  };
}

function compiled(step: Step, { callee }: Recipe): string {
  const roles = Object.values(step.setting.roles);
  const [made, data] = [roles.find(({ pass }) => pass)!, roles.find(({ pass }) => !pass)!];
  const layer = layers[made.values as keyof typeof layers];
  return [
    `// «model»: ${made.name} ${noteOf(made)}${layer ? `, last layer: ${layer}` : ''}; «${data.name}» ${noteOf(data)}`,
    `«model».compile({ optimizer: «'adam'», loss: ${callee} });`,
    `const history = await «model».fit(«inputs», «${data.name}», { batchSize: «32», epochs: «10» });`,
  ].join('\n');
}

function minimised(step: Step): string | undefined {
  const { loss, setting, recipe } = step;
  const made = forward(step, write).map(({ name, code, note }) =>
    withNote(`const ${name} = ${code};`, note, ' //'),
  );
  // Divided by its own length, a vector is declared before.
  const body = made.map((line, i) =>
    made[i + 1]?.startsWith(line.split(' = ')[0]!)
      ? line.replace('const', 'let')
      : line.replace(/^const (\w+) = tf\.div\(\1,/, '$1 = tf.div($1,'),
  );
  body.push(...dataNotes(step).map((note) => `// ${note}`));
  let helpers: readonly string[] = [];
  if (recipe) {
    const given = [...argumentsOf(step, true), ...(recipe.options ? [recipe.options] : [])].join(', ');
    body.push(withHoles(step, `return ${recipe.callee}(${given}) as tf.Scalar;`));
  } else {
    const written: Composed | undefined = compose(loss, setting, dialect, true);
    if (!written) return undefined;
    helpers = written.helpers;
    body.unshift(...written.parameters.map(({ name, value }) => `const ${name} = «${value}»;`));
    body.push(...written.lines.map(({ name, code }) => withHoles(step, `const ${name} = ${code};`)));
    const value = setting.maximised ? `tf.neg(${written.loss})` : written.loss;
    body.push(withHoles(step, `return ${value} as tf.Scalar;`));
  }
  const network = trained(setting);
  const others = networksOf(step).length > 1 || network !== 'model';
  // Without a list, every variable there is would be moved: those of the other networks too.
  const weights = others
    ? `, «${network}».trainableWeights.map((weight) => weight.read() as tf.Variable)`
    : '';
  return [
    ...helpers.flatMap((helper) => [helper, '']),
    'const loss = «optimizer».minimize(() => {',
    indented(body.join('\n'), '  '),
    `}, true${weights});`,
  ].join('\n');
}

/** Identifiers as JavaScript writes them. */
const camelCase = (text: string): string =>
  text.replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (name) =>
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
