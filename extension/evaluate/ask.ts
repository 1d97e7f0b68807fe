/** What is asked in the editor when the source does not say it. Each answers `undefined` when the user backs out. */
import * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import type { Framework, LossInfo, ParameterInfo, SymbolInfo } from '../../engine/catalogue.ts';
import type { ParameterValue } from '../../engine/evaluation.ts';
import { parseArray } from '../../engine/index.ts';
import { losses, symbols, titleOf } from '../catalogue.ts';
import { frameworkNames } from '../frameworks.ts';
import { type Choice, group, pick } from '../pick.ts';
import { textOf } from './report.ts';

/** @param nearby  framework symbols or catalogue ids that the file names, the likeliest first */
export function askLoss(nearby: readonly string[]): Promise<string | undefined> {
  const items = [...losses.map(lossItem), ...symbols.map(symbolItem)];
  const near = nearby.flatMap((name) => items.find(({ value }) => value === name) ?? []);
  const ofFramework = (name: Framework) =>
    group(frameworkNames[name], symbols.filter((symbol) => symbol.framework === name).map(symbolItem));
  return pick(
    'Evaluate Loss',
    'Loss, by title or framework name',
    [
      ...group('In this file', near),
      ...group('Catalogue', losses.map(lossItem)),
      ...(Object.keys(frameworkNames) as Framework[]).flatMap(ofFramework),
    ],
    near[0],
  );
}

function lossItem({ id, title }: LossInfo): Choice<string> {
  return { label: title, description: id, value: id };
}

function symbolItem({ name, loss }: SymbolInfo): Choice<string> {
  return { label: name, description: titleOf(loss), value: name };
}

/** An array that can be given to an input, and where it is from. */
export interface Offer {
  readonly name?: string;
  readonly array: NdArray;
  /** e.g. `line 12`. */
  readonly from: string;
}

export interface ArrayQuestion {
  readonly title: string;
  /** What the array is for, in a sentence. */
  readonly prompt: string;
  readonly selected: readonly Offer[];
  readonly inFile: readonly Offer[];
  readonly guess?: Offer | undefined;
  readonly optional: boolean;
}

/** The chosen offer, or an array typed in; `'none'` for an optional input that is left out. */
export async function askArray(question: ArrayQuestion): Promise<Offer | 'none' | undefined> {
  const { title, prompt, selected, inFile, guess, optional } = question;
  const typed: Choice<Offer | 'none' | 'typed'> = {
    label: '$(edit) Type or paste an array…',
    value: 'typed',
  };
  const none: Choice<Offer | 'none' | 'typed'> = { label: 'Leave it out', value: 'none' };
  const offers = [...selected, ...inFile].map((offer) => offerItem(offer));
  if (offers.length === 0 && !optional) return typeArray(title, prompt);
  const chosen = await pick(
    title,
    prompt,
    [
      ...(optional ? [none] : []),
      ...group('Selected', offers.slice(0, selected.length)),
      ...group('In this file', offers.slice(selected.length)),
      ...group('Other', [typed]),
    ],
    offers.find(({ value }) => value === guess),
  );
  return chosen === 'typed' ? typeArray(title, prompt) : chosen;
}

function offerItem(offer: Offer): Choice<Offer | 'none' | 'typed'> {
  const { name, array, from } = offer;
  const { dtype, shape } = array;
  return {
    label: name ?? preview(array),
    description: `${dtype} [${shape.join(', ')}] \u2002${from}`,
    value: offer,
  };
}

function preview({ data }: NdArray): string {
  const shown = Array.from({ length: Math.min(4, data.length) }, (_, index) => String(data[index]));
  return `[${shown.join(', ')}${data.length > shown.length ? ', …' : ''}]`;
}

async function typeArray(title: string, prompt: string): Promise<Offer | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    placeHolder: '[[0.5, 1.0], [2.0, 3.0]]',
    ignoreFocusOut: true,
    validateInput: (value) => {
      try {
        if (value.trim() !== '') parseArray(value);
        return undefined;
      } catch (error) {
        return textOf(error);
      }
    },
  });
  return text === undefined || text.trim() === '' ? undefined : { array: parseArray(text), from: 'typed' };
}

/** A value for an option that the source computes at run time. */
export async function askParameter(
  title: string,
  { name, kind, default: standard, choices, description }: ParameterInfo,
  written: string,
): Promise<{ readonly value: ParameterValue } | undefined> {
  const prompt = `${name} is ${written}, known only at run time: ${description}`;
  if (kind === 'boolean' || kind === 'choice') {
    const values: readonly ParameterValue[] = kind === 'boolean' ? [true, false] : (choices ?? []);
    const items = values.map((value) => ({ label: String(value), value: { value } }));
    return pick(
      title,
      prompt,
      items,
      items.find(({ label }) => label === String(standard)),
    );
  }
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    value: String(standard ?? ''),
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() !== '' && !Number.isNaN(Number(value)) ? undefined : 'A number is needed, such as 0.5.',
  });
  return text === undefined ? undefined : { value: Number(text) };
}
