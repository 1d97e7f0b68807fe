/** The same data as another loss takes it: which array plays which part, and what the prediction is. */
import type { NdArray } from '../array.ts';
import type { InputInfo, LossInfo, SymbolInfo } from '../catalogue.ts';
import { type Takes, takenBy } from '../checks/contracts.ts';
import { actsAsInteger } from '../definition.ts';
import type { Parameters } from '../evaluation.ts';
import { aTarget, predictionOf } from '../presentation/prediction.ts';

/** What can be evaluated: a loss of the catalogue or a framework's symbol. */
export type Evaluable = (LossInfo | SymbolInfo) & { readonly inputs: readonly InputInfo[] };

export const nameOf = (subject: Evaluable): string => ('id' in subject ? subject.id : subject.name);

export const lossOf = (subject: Evaluable): string => ('id' in subject ? subject.id : subject.loss);

const others: readonly (readonly [role: string, names: RegExp])[] = [
  ['image', /^(images?|img)$/],
  ['anchor', /^anchors?$/],
  ['positive', /^positives?$/],
  ['negative', /^negatives?$/],
  ['embedding', /^embeddings?$/],
  ['variance', /^var(iance)?$/],
  ['first', /^(first|input1|a|u_values)$/],
  ['second', /^(second|input2|b|v_values)$/],
  ['first weight', /^(firstWeights|u_weights)$/],
  ['second weight', /^(secondWeights|v_weights)$/],
  ['real', /^real$/],
  ['fake', /^fake$/],
  ['positive weight', /^pos_weight$/],
  ['mask', /^where$/],
];

/** The part that an input plays, whatever its framework calls it. */
function roleOf({ name, description }: InputInfo): string {
  const found = others.find(([, names]) => names.test(name));
  if (found) return found[0];
  if (/weight/i.test(name)) {
    return /class/i.test(name) || /\bclass\b/.test(description) ? 'class weight' : 'weight';
  }
  if (/length|padding|^ref_|^M$|^classes$|^cost$|^distance|multioutput/.test(name)) return name;
  return aTarget.test(name) ? 'target' : 'prediction';
}

export interface Taken {
  readonly inputs: Readonly<Record<string, NdArray>>;
  /** Of the inputs given, those that have no place there. */
  readonly left: readonly string[];
}

/** The arrays under the other's names; `undefined` where a required one is missing or two play the same part. */
export function taken(
  own: Evaluable,
  given: Readonly<Record<string, NdArray>>,
  other: Evaluable,
): Taken | undefined {
  const byRole = new Map<string, string>();
  for (const info of own.inputs) {
    if (!given[info.name]) continue;
    const role = roleOf(info);
    if (byRole.has(role)) return nameOf(own) === nameOf(other) ? { inputs: given, left: [] } : undefined;
    byRole.set(role, info.name);
  }
  const inputs: Record<string, NdArray> = {};
  for (const info of other.inputs) {
    const name = byRole.get(roleOf(info));
    if (name === undefined) {
      if (info.optional) continue;
      return undefined;
    }
    const array = given[name]!;
    if (info.kind === 'integer' && !actsAsInteger(array)) return undefined;
    inputs[info.name] = array;
    byRole.delete(roleOf(info));
  }
  return { inputs, left: [...byRole.values()] };
}

/** What a prediction is. */
export type Meaning = 'logits' | 'probabilities' | 'logarithms' | 'counts';

const byContract: Readonly<Record<Takes, Meaning>> = {
  'class-logits': 'logits',
  'binary-logits': 'logits',
  'class-probabilities': 'probabilities',
  'binary-probabilities': 'probabilities',
  'log-probabilities': 'logarithms',
};

/** What the catalogue's parameter `from` says. */
const byChoice: Readonly<Record<string, Meaning>> = {
  logit: 'logits',
  probability: 'probabilities',
  'log-probability': 'logarithms',
  rate: 'counts',
  'log-rate': 'logarithms',
};

/** Of a description, tried in this order. */
const byWords: readonly (readonly [RegExp, Meaning])[] = [
  [/^log(arithms|-prob)/, 'logarithms'],
  [/^logits/, 'logits'],
  [/probabilit|distribution/, 'probabilities'],
  [/counts/, 'counts'],
];

/** What a loss reads its prediction as; `undefined` where that makes no difference, or is not known. */
export function meaningOf(
  subject: Evaluable,
  given: Readonly<Record<string, NdArray>>,
  parameters: Parameters,
): Meaning | undefined {
  const all = {
    ...Object.fromEntries(subject.parameters.map(({ name, default: standard }) => [name, standard])),
    ...parameters,
  };
  const from = all['from'];
  if (typeof from === 'string' && byChoice[from]) return byChoice[from];
  if (typeof all['from_logits'] === 'boolean') return all['from_logits'] ? 'logits' : 'probabilities';
  if (typeof all['log_input'] === 'boolean') return all['log_input'] ? 'logarithms' : 'counts';
  const takes = takenBy(nameOf(subject), all);
  if (takes) return byContract[takes];
  const prediction = predictionOf(subject.inputs, given);
  const { description } = subject.inputs.find(({ name }) => name === prediction)!;
  return byWords.find(([words]) => words.test(description))?.[1];
}

/**
 * Parameters with which the other reads the prediction as what it is; `undefined` where it always reads it otherwise,
 * or nobody knows how.
 */
export function reading(
  subject: Evaluable,
  given: Readonly<Record<string, NdArray>>,
  wanted: Meaning | undefined,
): Parameters | undefined {
  if (!wanted) return {};
  const from = subject.parameters.find(({ name }) => name === 'from');
  if (from) {
    const choice = from.choices?.find((each) => each !== null && byChoice[each] === wanted);
    return choice ? { from: choice } : undefined;
  }
  const has = (name: string): boolean => subject.parameters.some((parameter) => parameter.name === name);
  if (has('from_logits') && (wanted === 'logits' || wanted === 'probabilities'))
    return { from_logits: wanted === 'logits' };
  if (has('log_input') && (wanted === 'logarithms' || wanted === 'counts'))
    return { log_input: wanted === 'logarithms' };
  return meaningOf(subject, given, {}) === wanted ? {} : undefined;
}
