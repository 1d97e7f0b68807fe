/** What every framework's training step is made of: its arrays, and the forward pass that makes them. */

import type { Loss } from '../definition.ts';
import { translated } from '../words.ts';
import { type Pass, type Role, type Setting, type Size, settingOf, trained, type Values } from './setting.ts';

/** How a framework's symbol is called for a loss. What is left out is as the loss's setting has it. */
export interface Recipe {
  /** Catalogue id. */
  readonly loss: string;
  /** Canonical name of the symbol. */
  readonly symbol: string;
  /** As the snippet writes it: `nn.HuberLoss`. */
  readonly callee: string;
  readonly options?: string;
  /** Inputs in which it takes something else, by the loss's names. */
  readonly takes?: Readonly<Record<string, Values | Partial<Role>>>;
  /** The loss's inputs in the order of the call. */
  readonly order?: readonly string[];
  /** Whether what is called reduces by itself. */
  readonly isReduced?: true;
}

/** A step's loss, its setting as the recipe has it, and the recipe; without one the loss is written out. */
export interface Step {
  readonly loss: Loss;
  readonly setting: Setting;
  readonly recipe?: Recipe;
}

/** Customary names of what a network's output is made into. */
const names: Readonly<Partial<Record<Values, string>>> = {
  probability: 'probability',
  distribution: 'probabilities',
  'log-distribution': 'log_probs',
};

export const shape = (letters: string): Size[] => letters.split(' ') as Size[];

/** `undefined` for a loss without a setting. */
export function stepOf(loss: Loss, recipe?: Recipe): Step | undefined {
  const setting = settingOf(loss);
  if (!setting) return undefined;
  if (!recipe) return { loss, setting };
  const roles = Object.fromEntries(
    Object.entries(setting.roles).map(([input, role]): [string, Role] => {
      const taken = recipe.takes?.[input];
      if (taken === undefined) return [input, role];
      const change = typeof taken === 'string' ? { values: taken } : taken;
      const { values = role.values } = change;
      const isRenamed = role.pass && values !== role.values && role.name !== 'prediction';
      const name = isRenamed ? (names[values] ?? role.name) : role.name;
      return [input, { ...role, name, ...change }];
    }),
  );
  return { loss, setting: { ...setting, roles }, recipe };
}

export const meanings: Readonly<Record<Values, string>> = {
  real: '',
  positive: 'above 0',
  probability: 'probabilities',
  distribution: 'probabilities that add up to 1',
  'log-distribution': 'log-probabilities',
  direction: 'vectors of length 1',
  distance: 'distances',
  binary: '0 or 1',
  sign: '-1 or 1',
  count: 'counts',
  'one-hot': 'one-hot or soft labels',
  class: 'class numbers',
  'float-class': 'class numbers as float32',
  'paired-class': 'class numbers, each at least twice in a batch',
  'class-list': 'class numbers, then -1',
  frames: 'class numbers, padded at the end',
  lengths: 'how many of them count',
  padding: '1 where there is only padding',
};

/** What logits are, by the activation that the loss applies itself. */
export const rawScores = {
  softmax: 'raw scores: no softmax before',
  sigmoid: 'raw scores: no sigmoid before',
} as const;

/** What an array holds, in a few words: `[N, K], raw scores: no softmax before`; for code, in English. */
export function noteOf(role: Role): string {
  return noted(role, meaningOf(role));
}

/** One line an array, for people who choose a snippet. */
export const arraysOf = ({ setting }: Step): string[] =>
  Object.values(setting.roles).map((role) => `${role.name} ${noted(role, translated(meaningOf(role)))}`);

function meaningOf({ name, values, shape: sizes }: Role): string {
  if (name !== 'logits') return meanings[values];
  const ofClasses = sizes.length > 1 && (sizes.includes('K') || sizes.includes('C'));
  return rawScores[ofClasses ? 'softmax' : 'sigmoid'];
}

const noted = ({ shape: sizes }: Role, meaning: string): string =>
  `[${sizes.join(', ')}]${meaning ? `, ${meaning}` : ''}`;

/** How a framework writes what a forward pass is made of. */
export interface Forward {
  /** `rank` of what the network makes, where that is known. */
  apply(pass: Pass, rank?: number): string;
  activate(values: Values, code: string, axis: number): string;
  column(array: string, at: number): string;
  subtract(a: string, b: string): string;
}

export interface Made {
  readonly name: string;
  readonly code: string;
  readonly note: string;
}

/** The assignments that make the inputs of the loss. */
export function forward({ setting }: Step, write: Forward): Made[] {
  const lines: Made[] = [];
  const { before } = setting;
  if (before) lines.push({ name: before.name, code: write.apply(before.pass), note: '' });
  const apply = (pass: Pass, rank: number): string => {
    const code = write.apply(pass, rank);
    // What the step itself has made is no name that the user gives.
    return before ? code.replace(`«${before.name}»`, before.name) : code;
  };
  let output = '';
  for (const role of Object.values(setting.roles)) {
    const { pass, name, values } = role;
    if (!pass) continue;
    const axis = role.shape.includes('C') ? 1 : -1;
    let code: string;
    if (pass.column !== undefined) {
      if (!output) {
        output = 'output';
        lines.push({ name: output, code: apply(pass, 2), note: '[N, 2]' });
      }
      code = write.column(output, pass.column);
    } else if (pass.less !== undefined) {
      code = write.subtract(apply(pass, 2), apply({ ...pass, of: pass.less }, 2));
    } else code = apply(pass, role.shape.length);
    if (values === 'direction') {
      // Divided by its own length, it is read twice.
      lines.push({ name, code, note: '' });
      code = name;
    }
    if (values !== 'real') code = write.activate(values, code, axis);
    lines.push({ name, code, note: noteOf(role) });
  }
  return lines;
}

/** Arrays that the step is given: what networks take, then what the data says. */
export function givenTo({ setting }: Step): { readonly inputs: string[]; readonly data: Role[] } {
  const roles = Object.values(setting.roles);
  const computed = setting.before?.name;
  const passes = [setting.before?.pass, ...roles.map(({ pass }) => pass)];
  const inputs = passes.flatMap((pass) => (pass ? [pass.of, ...(pass.less ? [pass.less] : [])] : []));
  return {
    inputs: [...new Set(inputs)].filter((name) => name !== computed),
    data: roles.filter(({ pass }) => !pass),
  };
}

/** Every network, the trained one first. */
export function networksOf({ setting }: Step): string[] {
  const passes = [setting.before?.pass, ...Object.values(setting.roles).map(({ pass }) => pass)];
  return [...new Set([trained(setting), ...passes.flatMap((pass) => (pass ? [pass.network] : []))])];
}

/** The arrays of the call, in its order. */
export function argumentsOf({ setting, recipe }: Step, labelsFirst: boolean): string[] {
  const roles = Object.entries(setting.roles);
  const order =
    recipe?.order ??
    (labelsFirst
      ? [...roles.filter(([, { pass }]) => !pass), ...roles.filter(([, { pass }]) => pass)]
      : roles
    ).map(([input]) => input);
  return order.map((input) => setting.roles[input]!.name);
}

/** What the data's arrays hold, a line each. */
export const dataNotes = (step: Step): string[] =>
  givenTo(step).data.map((role) => `${role.name} ${noteOf(role)}`);

/** Code in which the data's arrays are for the user to name. */
export const withHoles = (step: Step, code: string): string =>
  givenTo(step).data.reduce(
    (text, { name }) => text.replace(new RegExp(`(?<![\\w.])${name}\\b`, 'g'), `«${name}»`),
    code,
  );

/** A number as Python's sources write one that may have a fraction. */
export const pythonNumber = (value: number): string =>
  Number.isInteger(value) ? `${value}.0` : String(value);

export const indented = (text: string, by = '    '): string => text.replace(/^(?=.)/gm, by);

/** Lines with their notes behind them. */
export const withNote = (code: string, note: string, mark = '  #'): string =>
  note ? `${code}${mark} ${note}` : code;
