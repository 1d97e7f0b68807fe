/** Numbers and counts in the sentences that go with a plot. */
import { t } from '@vscode/l10n';

/** Four significant digits, without the zeros behind them. */
export function number(value: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value > 0 ? t('infinity') : t('-infinity');
  const rounded = Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  const short = rounded === 0 || (size >= 1e-3 && size < 1e6);
  return short ? String(rounded) : rounded.toExponential().replace('+', '');
}

export const counted = (count: number): string => count.toLocaleString('en-US');

export type Countable = keyof typeof nouns;

const nouns = {
  element: [() => t('1 element'), (count: string) => t`${count} elements`],
  entry: [() => t('1 entry'), (count: string) => t`${count} entries`],
  class: [() => t('1 class'), (count: string) => t`${count} classes`],
  row: [() => t('1 row'), (count: string) => t`${count} rows`],
  column: [() => t('1 column'), (count: string) => t`${count} columns`],
  triplet: [() => t('1 triplet'), (count: string) => t`${count} triplets`],
  'similar pair': [() => t('1 similar pair'), (count: string) => t`${count} similar pairs`],
  'dissimilar pair': [() => t('1 dissimilar pair'), (count: string) => t`${count} dissimilar pairs`],
  frame: [() => t('1 frame'), (count: string) => t`${count} frames`],
  position: [() => t('1 position'), (count: string) => t`${count} positions`],
  flow: [() => t('1 flow'), (count: string) => t`${count} flows`],
  'real sample': [() => t('1 real sample'), (count: string) => t`${count} real samples`],
  'generated sample': [() => t('1 generated sample'), (count: string) => t`${count} generated samples`],
} as const;

export function several(count: number, what: Countable): string {
  const [one, many] = nouns[what];
  return count === 1 ? one() : many(counted(count));
}

/** Sentences, those that are there. */
export const sentences = (...said: readonly (string | false)[]): string =>
  said.filter((sentence) => sentence !== false && sentence !== '').join(' ');

/** Never "100 %" of what is not all, nor "0 %" of what is not nothing. */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return t('less than 0.1 %');
  if (percent < 100 && percent > 99.9) return t('more than 99.9 %');
  return `${Number(percent.toFixed(1))} %`;
}
