/**
 * Runs every snippet on its library, with small made arrays: a network is one factor, so what it makes is known, and so
 * is where a step with a learning rate of 1 has to move that factor. `python.ts snippets` calls it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NdArray } from '../../engine/array.ts';
import type { Parameters } from '../../engine/evaluation.ts';
import { evaluate, symbols } from '../../engine/index.ts';
import {
  filled,
  type SnippetFramework,
  snippetFor,
  snippetNames,
  stepFor,
} from '../../engine/snippets/index.ts';
import { exampleOf, examples, type Role, type Setting, trained } from '../../engine/snippets/setting.ts';
import { argumentsOf, type Step } from '../../engine/snippets/step.ts';

interface Written {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly framework: SnippetFramework;
  readonly name: string;
  readonly symbol?: string;
  readonly code: string;
  readonly imports: readonly string[];
  /** What each name holds: the networks' inputs and the data. */
  readonly arrays: Readonly<Record<string, Written>>;
  readonly networks: readonly string[];
  readonly trained: string;
  /** Of the last layer, where the snippet leaves that to the model. */
  readonly activation: string;
  /** Absent where the engine does not evaluate the symbol. */
  readonly value?: number;
  /** By the factor of the trained network. */
  readonly slope?: number;
  /** NumPy: by array. */
  readonly gradients?: Readonly<Record<string, Written>>;
  /** Both inputs are the same array: nothing but a finite loss and a finite step is expected. */
  readonly equal?: true;
}

/** The two embeddings of a pair are equal, where √Σx² has no derivative: the step has to stay finite. */
function equalPair({ value: _, slope: __, gradients: ___, ...one }: Case): Case {
  const [first, second] = Object.keys(one.arrays).filter((name) => /^(first|second)_?inputs$/i.test(name));
  return { ...one, arrays: { ...one.arrays, [second!]: one.arrays[first!]! }, equal: true };
}

const written = ({ dtype, shape, data }: NdArray): Written => ({
  dtype,
  shape,
  data: Array.from(data, Number),
});

const float = (shape: readonly number[], data: Float64Array): NdArray => ({ dtype: 'float64', shape, data });
const each = (x: NdArray, change: (value: number) => number): NdArray =>
  float(x.shape, Float64Array.from(Array.from(x.data, Number), change));

/** What is made of a network's output. */
function activated(x: NdArray, { values, shape }: Role): NdArray {
  const at = shape.includes('C') ? 1 : x.shape.length - 1;
  const size = x.shape[at]!;
  const inner = x.shape.slice(at + 1).reduce((product, extent) => product * extent, 1);
  const along = (change: (slice: number[]) => number[]): NdArray => {
    const result = new Float64Array(x.data.length);
    for (let i = 0; i < x.data.length; i++) {
      if (Math.floor(i / inner) % size !== 0) continue;
      const places = Array.from({ length: size }, (_, k) => i + k * inner);
      for (const [k, value] of change(places.map((place) => Number(x.data[place]))).entries()) {
        result[places[k]!] = value;
      }
    }
    return float(x.shape, result);
  };
  const softmax = (slice: number[]): number[] => {
    const total = slice.reduce((sum, value) => sum + Math.exp(value), 0);
    return slice.map((value) => Math.exp(value) / total);
  };
  const length = (slice: number[]): number => Math.hypot(...slice);
  switch (values) {
    case 'probability':
      return each(x, (value) => 1 / (1 + Math.exp(-value)));
    case 'positive':
      return each(x, (value) => Math.log1p(Math.exp(value)));
    case 'distribution':
      return along(softmax);
    case 'log-distribution':
      return along((slice) => softmax(slice).map(Math.log));
    case 'direction':
      return along((slice) => slice.map((value) => value / length(slice)));
    case 'distance': {
      const rows = along((slice) => [length(slice), ...slice.slice(1)]);
      return float(
        x.shape.slice(0, -1),
        Float64Array.from(Array.from(rows.data, Number).filter((_, i) => i % size === 0)),
      );
    }
    default:
      return x;
  }
}

/** The outputs of the networks before anything is made of them: by the names that they take. */
function rawInputs({ roles }: Setting): Record<string, NdArray> {
  const raw: Record<string, NdArray> = {};
  for (const [i, role] of Object.values(roles).entries()) {
    const { pass } = role;
    if (!pass) continue;
    const shape = role.values === 'distance' ? ([...role.shape, 'D'] as const) : role.shape;
    const wide = pass.column === undefined ? shape : ([shape[0]!, 2] as const);
    raw[pass.of] ??= exampleOf({ values: 'real', shape: wide }, i);
    if (pass.less) raw[pass.less] = exampleOf({ values: 'real', shape: wide }, i + 1);
  }
  return raw;
}

/** What the loss takes when the trained network multiplies by `factor`. */
function inputsAt(
  { setting }: Step,
  raw: Readonly<Record<string, NdArray>>,
  factor: number,
): Record<string, NdArray> {
  const made: Record<string, NdArray> = examples(setting);
  const { before } = setting;
  for (const [input, role] of Object.entries(setting.roles)) {
    const { pass } = role;
    if (!pass) continue;
    const moves = before ? pass.of === before.name : pass.network === trained(setting);
    const scale = moves ? factor : 1;
    let x = each(raw[pass.of]!, (value) => scale * value);
    if (pass.less) {
      const other = raw[pass.less]!;
      x = float(
        x.shape,
        Float64Array.from(Array.from(x.data, Number), (value, i) => value - scale * Number(other.data[i])),
      );
    }
    const { column } = pass;
    if (column !== undefined) {
      const rows = x.shape[0]!;
      x = float(
        [rows, 1],
        Float64Array.from({ length: rows }, (_, row) => Number(x.data[2 * row + column])),
      );
    }
    made[input] = activated(x, role);
  }
  return made;
}

/** `reduction="batchmean"`, `from_logits=True`, `1`. */
function optionsOf(step: Step): Parameters {
  const { recipe } = step;
  if (!recipe?.options) return {};
  if (/^\d+$/.test(recipe.options)) return { axis: Number(recipe.options) };
  const [name, value] = recipe.options.split('=') as [string, string];
  return { [name]: /^"/.test(value) ? value.slice(1, -1) : value === 'True' ? true : Number(value) };
}

const mean = ({ data }: NdArray): number => Array.from(data, Number).reduce((a, b) => a + b, 0) / data.length;

/** The loss of these inputs by the engine. */
async function lossOf(step: Step, inputs: Readonly<Record<string, NdArray>>): Promise<number | undefined> {
  const { loss, setting, recipe } = step;
  if (!recipe) {
    const { parameters = {}, reduction = 'mean' } = setting;
    const { value } = await evaluate({ loss: loss.id, inputs, parameters, reduction });
    return (setting.maximised ? -1 : 1) * Number(value.data[0]);
  }
  const symbol = symbols.find(({ name }) => name === recipe.symbol);
  if (!symbol) return undefined;
  const byName = Object.fromEntries(
    Object.entries(setting.roles).map(([input, { name }]) => [name, inputs[input]!]),
  );
  const labelsFirst = /^(keras|tfjs|sklearn)$/.test(symbol.framework);
  const order = argumentsOf(step, labelsFirst);
  const names = symbol.callArguments.filter(({ kind }) => kind === 'input').map(({ name }) => name);
  const given = Object.fromEntries(order.map((name, i) => [names[i]!, byName[name]!]));
  const { value } = await evaluate({ loss: symbol.name, inputs: given, parameters: optionsOf(step) });
  return mean(value);
}

/** Keras wants as many of everything: as many generated samples as real ones. */
const evenly = (step: Step): Step => ({
  ...step,
  setting: {
    ...step.setting,
    roles: Object.fromEntries(
      Object.entries(step.setting.roles).map(([input, role]) => [
        input,
        { ...role, shape: role.shape.map((size) => (size === 'M' ? 'N' : size)) },
      ]),
    ),
  },
});

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

async function caseOf(name: string, framework: SnippetFramework): Promise<Case> {
  const snippet = snippetFor(name, framework)!;
  const own = stepFor(name, framework)!;
  const step = framework === 'keras' ? evenly(own) : own;
  const { setting, recipe } = step;
  const raw = rawInputs(setting);
  const at = (factor: number): Record<string, NdArray> => inputsAt(step, raw, factor);
  const value = await lossOf(step, at(1));
  // Keras' and TensorFlow.js' symbols are computed in float32.
  const h = framework === 'keras' || framework === 'tfjs' ? 4e-3 : 1e-6;
  const slope =
    value === undefined
      ? undefined
      : ((await lossOf(step, at(1 + h)))! - (await lossOf(step, at(1 - h)))!) / (2 * h);
  const { before } = setting;
  const spelled = framework === 'tfjs' ? camelCase : (text: string) => text;
  const arrays: Record<string, Written> = {};
  for (const [of, array] of Object.entries(raw)) {
    arrays[spelled(before && of === before.name ? before.pass.of : of)] = written(array);
  }
  const given = framework === 'numpy' ? at(1) : examples(setting);
  for (const [input, role] of Object.entries(setting.roles)) {
    if (!role.pass || framework === 'numpy') arrays[spelled(role.name)] = written(given[input]!);
  }
  const made = Object.entries(setting.roles).filter(([, { pass }]) => pass);
  const passes = [before?.pass, ...made.map(([, { pass }]) => pass)];
  let gradients: Record<string, Written> | undefined;
  if (framework === 'numpy' && !recipe) {
    const { parameters = {}, reduction = 'mean' } = setting;
    const names = made.map(([input]) => input);
    const answer = await evaluate({
      loss: step.loss.id,
      inputs: given,
      parameters,
      reduction,
      gradients: names,
    });
    gradients = Object.fromEntries(
      made.map(([input, role]) => [`gradient_by_${role.name}`, written(answer.gradients[input]!)]),
    );
  }
  return {
    framework,
    name,
    ...(recipe && { symbol: recipe.symbol }),
    code: filled(snippet, {
      '"adam"': 'keras.optimizers.SGD(1.0)',
      "'adam'": 'tf.train.sgd(1)',
      '10': '1',
    }),
    imports: snippet.imports.map(({ line }) => line),
    arrays,
    networks: [...new Set(passes.flatMap((pass) => (pass ? [pass.network] : [])))],
    trained: trained(setting),
    activation: made[0]![1].values,
    ...(value !== undefined && { value: framework === 'numpy' && setting.maximised ? -value : value }),
    ...(slope !== undefined && { slope }),
    ...(gradients && { gradients }),
  };
}

const frameworks = ['torch', 'keras', 'optax', 'numpy', 'tfjs'] as const;
const cases: Case[] = [];
for (const framework of frameworks) {
  for (const name of snippetNames(framework)) cases.push(await caseOf(name, framework));
  for (const name of framework === 'numpy' ? [] : ['contrastive', 'hinge-embedding']) {
    cases.push(equalPair(await caseOf(name, framework)));
  }
}
const folder = mkdtempSync(join(tmpdir(), 'loss-lens-snippets-'));
const file = join(folder, 'cases.json');
writeFileSync(file, JSON.stringify(cases));
const { status } = spawnSync(
  process.argv[2]!,
  [join(import.meta.dirname, 'check_snippets.py'), file, ...process.argv.slice(3)],
  {
    stdio: 'inherit',
  },
);
rmSync(folder, { recursive: true });
process.exit(status ?? 1);
