/** A number as a sum: its largest terms a line each, and the others in one. */
import { t } from '@vscode/l10n';
import { short } from '../../presentation/numbers.ts';
import type { Line } from '../worked.ts';

export interface Term extends Omit<Line, 'result' | 'name'> {
  readonly name: string;
  readonly value: number;
}

/** Terms that get a line. */
const written = 12;

export const numberText = (value: number): string => short(value, 'float64');

/**
 * @param terms  in the order in which they are to be read
 * @param others  what so many are called that get no line, the smallest
 */
export function sumLines(
  terms: readonly Term[],
  others: (count: number) => string,
): { lines: Line[]; names: string; values: string } {
  const largest = terms
    .map((_, i) => i)
    .sort((a, b) => Math.abs(terms[b]!.value) - Math.abs(terms[a]!.value))
    .slice(0, terms.length > written ? written : undefined);
  const chosen = new Set(largest);
  const shown = terms.filter((_, i) => chosen.has(i));
  const rest = terms.filter((_, i) => !chosen.has(i));
  const lines: Line[] = shown.map(({ value, ...term }) => ({ ...term, result: numberText(value) }));
  if (rest.length > 0) {
    const value = numberText(rest.reduce((sum, term) => sum + term.value, 0));
    lines.push({ name: others(rest.length), symbols: t('their sum'), numbers: value, result: value });
  }
  return {
    lines,
    names: lines.length > 2 ? t('the sum of these') : lines.map(({ name }) => name).join(' + '),
    values: lines.map(({ result }) => (result.startsWith('-') ? `(${result})` : result)).join(' + '),
  };
}
