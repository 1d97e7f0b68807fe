/** What a signature says of each argument: no `vscode` here, so that plain tests can read it. */

import { t } from '@vscode/l10n';
import type { ArgumentInfo, KnownSymbol } from '../../engine/catalogue.ts';
import { translated } from '../../engine/words.ts';
import { isExplained } from '../hover/content.ts';

export interface ArgumentText {
  /** Where it stands in the label. */
  readonly start: number;
  readonly end: number;
  /** Markdown; empty where there is nothing to say beyond the name. */
  readonly documentation: string;
}

/** The label `HuberLoss(reduction='mean', delta=1.0)` and what each of its arguments is. */
export function signatureText(
  symbol: KnownSymbol,
  takes: readonly ArgumentInfo[],
): { readonly label: string; readonly texts: readonly ArgumentText[] } {
  let label = `${symbol.name.slice(symbol.name.lastIndexOf('.') + 1)}(`;
  const firstKeyword = takes.findIndex(({ keywordOnly }) => keywordOnly);
  const texts = takes.map((argument, i): ArgumentText => {
    if (i > 0) label += ', ';
    if (i === firstKeyword) label += '*, ';
    const start = label.length;
    label += argument.default === undefined ? argument.name : `${argument.name}=${argument.default}`;
    return { start, end: label.length, documentation: documentationOf(symbol, argument) };
  });
  return { label: `${label})`, texts };
}

function documentationOf(symbol: KnownSymbol, { name, kind }: ArgumentInfo): string {
  if (isExplained(symbol)) return '';
  if (kind === 'ignored') return t('Changes no number of the loss.');
  const parameter = symbol.parameters.find((candidate) => candidate.name === name);
  const input = symbol.inputs.find((candidate) => candidate.name === name);
  const { description } = parameter ?? input ?? { description: '' };
  if (!description) return '';
  const bounds = [
    parameter?.above === undefined ? '' : t`above ${parameter.above}`,
    parameter?.minimum === undefined ? '' : t`at least ${parameter.minimum}`,
    parameter?.maximum === undefined ? '' : t`at most ${parameter.maximum}`,
  ].filter((bound) => bound !== '');
  const allowed =
    parameter?.choices && parameter.choices.length > 0
      ? parameter.choices.map((choice) => (choice === null ? '`None`' : `\`'${choice}'\``)).join(', ')
      : bounds.join(', ');
  return unbroken(`${sentence(translated(description))}${allowed ? ` ${sentence(allowed)}` : ''}`);
}

/** With shapes that stay on one line: `[N, 1]`. */
export const unbroken = (text: string): string =>
  text.replace(/\[[\w, ]*\]/g, (shape) => shape.replaceAll(' ', '\u00a0'));

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
