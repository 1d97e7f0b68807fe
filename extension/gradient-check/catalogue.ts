/** The catalogue's loss at the same points, in float64. */
import { t } from '@vscode/l10n';
import { cast, isFloat, type NdArray } from '../../engine/array.ts';
import type { Evaluation, Parameters, Reduction } from '../../engine/evaluation.ts';
import { engine } from '../engine.ts';
import type { Subject } from '../evaluate/subject.ts';
import type { Checked } from './verdict.ts';

export interface Compared {
  readonly loss: string;
  /** Of the reductions, the one whose value is the user's; else the loss's own. */
  readonly reduction: string;
  readonly isDefault: boolean;
  /** Of the sum of the result. */
  readonly value: number;
  readonly agrees: boolean;
  /** By the names of the user's arguments. */
  readonly gradients: ReadonlyMap<string, ArrayLike<number>>;
}

/** @param argumentOf  the user's argument for each input of the loss */
export async function compared(
  subject: Subject,
  argumentOf: ReadonlyMap<string, string>,
  arrays: Readonly<Record<string, NdArray>>,
  checked: Checked,
): Promise<Compared> {
  const { evaluate } = await engine();
  const inputs = Object.fromEntries(
    [...argumentOf].map(([input, argument]) => [input, inFloat64(arrays[argument]!)]),
  );
  const by = checked.inputs.map(({ name }) => name);
  const gradients = [...argumentOf].filter(([, argument]) => by.includes(argument)).map(([input]) => input);
  const found: Compared[] = [];
  let refusal: unknown;
  for (const { name, request } of reductionsOf(subject)) {
    try {
      const answer = await evaluate({
        loss: subject.loss,
        inputs,
        gradients,
        backend: 'reference',
        ...request,
      });
      found.push(comparedWith(answer, name, found.length === 0));
    } catch (error) {
      refusal ??= error;
    }
  }
  const [own] = found;
  if (!own) throw refusal;
  return found.find(({ agrees }) => agrees) ?? own;

  function comparedWith(answer: Evaluation, reduction: string, isDefault: boolean): Compared {
    const value = Array.from(answer.value.data, Number).reduce((sum, element) => sum + element, 0);
    const slack = (checked.dtype === 'float64' ? 1e-9 : 1e-4) * Math.max(Math.abs(value), 1e-12);
    const isSame = Object.is(value, checked.value) || Math.abs(value - checked.value) <= slack;
    const sameShape = (answer.value.shape.length === 0) === (checked.shape.length === 0);
    return {
      loss: subject.loss,
      reduction,
      isDefault,
      value,
      agrees: isSame && sameShape,
      gradients: new Map(
        Object.entries(answer.gradients).map(([input, { data }]) => [
          argumentOf.get(input)!,
          Array.from(data, Number),
        ]),
      ),
    };
  }
}

/** The loss's own first. */
function reductionsOf({
  parameters,
  options,
}: Subject): { readonly name: string; readonly request: object }[] {
  const own = { name: t('its own'), request: { parameters: options } };
  const parameter = parameters.find(({ name }) => name === 'reduction');
  const choices = (parameter?.choices ?? []).filter(
    (choice): choice is string => typeof choice === 'string' && choice !== parameter?.default,
  );
  if (parameter) {
    const asParameter = (name: string): { parameters: Parameters } => ({
      parameters: { ...options, reduction: name },
    });
    return [
      { name: String(parameter.default), request: { parameters: options } },
      ...choices.map((name) => ({ name, request: asParameter(name) })),
    ];
  }
  const reductions: Reduction[] = ['mean', 'sum', 'none', 'batchmean'];
  return [
    own,
    ...reductions.map((reduction) => ({ name: reduction, request: { reduction, parameters: options } })),
  ];
}

function inFloat64(array: NdArray): NdArray {
  if (!isFloat(array.dtype)) return array;
  return {
    dtype: 'float64',
    shape: array.shape,
    data: cast(array.data, 'float64'),
    ...(array.weak && { weak: true }),
  };
}
