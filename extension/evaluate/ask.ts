/** What is asked in the editor when the source does not say it. Each answers `undefined` when the user backs out. */

import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Framework, LossInfo, ParameterInfo, SymbolInfo } from '../../engine/catalogue.ts';
import type { ParameterValue } from '../../engine/evaluation.ts';
import { parseArray } from '../../engine/index.ts';
import { translated } from '../../engine/words.ts';
import { type ArrayOffer, type ArraySource, offerOf } from '../arrays/offer.ts';
import { losses, symbols, titleOf } from '../catalogue.ts';
import { frameworkNames } from '../frameworks.ts';
import { type Choice, group, pick } from '../pick.ts';
import { plain } from '../plain.ts';
import { textOf } from './report.ts';

/** @param nearby  framework symbols or catalogue ids that the file names, the likeliest first */
export function askLoss(nearby: readonly string[]): Promise<string | undefined> {
  const items = [...losses.map(lossItem), ...symbols.map(symbolItem)];
  const near = nearby.flatMap((name) => items.find(({ value }) => value === name) ?? []);
  const ofFramework = (name: Framework) =>
    group(frameworkNames[name], symbols.filter((symbol) => symbol.framework === name).map(symbolItem));
  return pick(
    t('Evaluate Loss'),
    t('Loss, by title or framework name'),
    [
      ...group(t('In this file'), near),
      ...group(t('Catalogue'), losses.map(lossItem)),
      ...(Object.keys(frameworkNames) as Framework[]).flatMap(ofFramework),
    ],
    near[0],
  );
}

function lossItem({ id, title }: LossInfo): Choice<string> {
  return { label: translated(title), description: id, value: id };
}

function symbolItem({ name, loss }: SymbolInfo): Choice<string> {
  return { label: name, description: titleOf(loss), value: name };
}

export interface ArrayQuestion {
  readonly title: string;
  /** What the array is for, in a sentence. */
  readonly prompt: string;
  readonly selected: readonly ArrayOffer[];
  /** The places beside it, with what they list by themselves. */
  readonly listed: readonly { readonly source: ArraySource; readonly offers: readonly ArrayOffer[] }[];
  readonly guess?: ArrayOffer | undefined;
  readonly optional: boolean;
}

type Answer = ArrayOffer | 'none';

/** The chosen offer, or an array typed in; `'none'` for an optional input that is left out. */
export async function askArray(question: ArrayQuestion): Promise<Answer | undefined> {
  const { title, prompt, selected, listed, guess, optional } = question;
  const type = (): Promise<ArrayOffer | undefined> => typeArray(title, prompt);
  const others: Choice<() => Promise<Answer | undefined>>[] = [
    ...listed.flatMap(({ source }) =>
      source.behind ? { ...source.behind, value: () => askOf(source, title, prompt) } : [],
    ),
    { icon: 'edit', label: t('Type or paste an array…'), value: type },
  ];
  const none = { label: t('Leave it out'), value: async () => 'none' as const };
  const items = new Map<ArrayOffer, Choice<() => Promise<Answer>>>();
  for (const offer of [...selected, ...listed.flatMap(({ offers }) => offers)]) {
    items.set(offer, offerItem(offer));
  }
  if (items.size === 0 && !optional && others.length === 1) return type();
  const itemsOf = (offers: readonly ArrayOffer[]) => offers.map((offer) => items.get(offer)!);
  const chosen = await pick<() => Promise<Answer | undefined>>(
    title,
    prompt,
    [
      ...(optional ? [none] : []),
      ...group(t('Selected'), itemsOf(selected)),
      ...listed.flatMap(({ source, offers }) => group(source.title, itemsOf(offers))),
      ...group(t('Other'), others),
    ],
    guess && items.get(guess),
  );
  return chosen?.();
}

/** One of a source that had to be asked for; the only one it has is taken. */
async function askOf(source: ArraySource, title: string, prompt: string): Promise<ArrayOffer | undefined> {
  const offers = await source.offers();
  if (offers.length < 2) return offers[0];
  const chosen = await pick(title, prompt, group(source.title, offers.map(offerItem)));
  return chosen?.();
}

function offerItem(offer: ArrayOffer): Choice<() => Promise<ArrayOffer>> {
  return {
    label: labelOf(offer),
    description: describe(offer),
    value: async () => offer,
  };
}

/** What an array is called, and what is known of it beside. */
export function labelOf({ name, preview, from }: ArrayOffer): string {
  return name ?? preview ?? from;
}

export function describe({ dtype, shape, from, note, doubt }: ArrayOffer): string {
  const facts = [dtype, shape && `[${shape.join(', ')}]`].filter((fact) => fact !== undefined);
  return [facts.join(' '), from, note, doubt].filter((part) => part).join(' \u2002');
}

async function typeArray(title: string, prompt: string): Promise<ArrayOffer | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: plain(prompt),
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
  return text === undefined || text.trim() === '' ? undefined : offerOf(parseArray(text), t('typed'));
}

/** A value for an option that the source computes at run time. */
export async function askParameter(
  title: string,
  { name, kind, default: standard, choices, description }: ParameterInfo,
  written: string,
): Promise<{ readonly value: ParameterValue } | undefined> {
  const prompt = t`${name} is ${written}, known only at run time: ${translated(description)}`;
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
    prompt: plain(prompt),
    value: String(standard ?? ''),
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() !== '' && !Number.isNaN(Number(value)) ? undefined : t('A number is needed, such as 0.5.'),
  });
  return text === undefined ? undefined : { value: Number(text) };
}
