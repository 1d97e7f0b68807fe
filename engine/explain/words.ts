/** What a step is called, in the language of who reads it: the names that printed code has are English. */
import { t } from '@vscode/l10n';
import type { Noun } from '../snippets/nouns.ts';

const words: Readonly<Record<Noun, () => string>> = {
  total: () => t('total'),
  difference: () => t('difference'),
  product: () => t('product'),
  ratio: () => t('ratio'),
  negative: () => t('negative'),
  magnitude: () => t('magnitude'),
  root: () => t('root'),
  exponential: () => t('exponential'),
  logarithm: () => t('logarithm'),
  tangent: () => t('tangent'),
  probability: () => t('probability'),
  softened: () => t('softened'),
  power: () => t('power'),
  term: () => t('term'),
  larger: () => t('larger'),
  smaller: () => t('smaller'),
  clipped: () => t('clipped'),
  chosen: () => t('chosen'),
  largest: () => t('largest'),
  smallest: () => t('smallest'),
  mask: () => t('mask'),
  picked: () => t('picked'),
  position: () => t('position'),
  square: () => t('square'),
  value: () => t('value'),
};

export const wordFor = (noun: Noun): string => words[noun]();
