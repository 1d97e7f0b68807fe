/** What is shown, as LaTeX: the formula with its value, and the table behind a figure. */

import { t } from '@vscode/l10n';
import { LossLensError } from '../errors.ts';
import type { FigureColumn } from './plots/columns.ts';
import { number } from './plots/words.ts';

/** A longer table belongs into a file. */
const mostRows = 200;

/** @throws LossLensError `out-of-memory` for a table that no page holds */
export function latexTable(caption: string, columns: readonly FigureColumn[]): string {
  const rows = columns[0]?.values.length ?? 0;
  if (rows > mostRows) {
    throw new LossLensError(
      'out-of-memory',
      t('This table is too long for a page. Save it as CSV instead.'),
      {
        found: t`${rows} rows`,
        expected: t`at most ${mostRows}`,
      },
    );
  }
  const isText = columns.map(({ values }) => values.some((value) => typeof value === 'string'));
  const line = (cells: readonly string[]): string => `    ${cells.join(' & ')} \\\\`;
  const body = Array.from({ length: rows }, (_, row) =>
    line(columns.map(({ values }) => cellOf(values[row]!))),
  );
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escaped(caption)}}`,
    `  \\begin{tabular}{${isText.map((text) => (text ? 'l' : 'r')).join('')}}`,
    '    \\toprule % needs the package booktabs',
    line(columns.map(({ label }) => escaped(label))),
    '    \\midrule',
    ...body,
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

export interface Valued {
  readonly title: string;
  readonly symbol?: string;
  /** As TeX. */
  readonly formula?: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** The value, in as many digits as it has; a list where it is not reduced. */
  readonly value: string;
  /** How the elements became it. */
  readonly reduction: string;
}

export function latexValue({ title, symbol, formula, parameters, value, reduction }: Valued): string {
  const set = parameters.map(([name, of]) => `\\texttt{${escaped(name)}} = \\texttt{${escaped(of)}}`);
  const name = symbol ? ` (\\texttt{${escaped(symbol)}})` : '';
  const where = [`${escaped(reduction)}`, ...set].join(', ');
  return [
    `% ${title}, evaluated with Loss Lens`,
    ...(formula ? ['\\[', `  ${formula}`, '\\]'] : []),
    `${escaped(title)}${name}: $${mathematical(value)}$ --- ${where}.`,
    '',
  ].join('\n');
}

const cellOf = (value: number | string): string =>
  typeof value === 'string' ? escaped(value) : `$${mathematical(number(value))}$`;

/** A power of ten as it is set. */
function mathematical(text: string): string {
  return text
    .replaceAll(
      /(-?[\d.]+)e([+-]?)0*(\d+)/g,
      (_, digits: string, sign: string, power: string) =>
        `${digits} \\times 10^{${sign === '-' ? '-' : ''}${power}}`,
    )
    .replaceAll(/-?\b(?:infinity|inf)\b/g, (found) => (found.startsWith('-') ? '-\\infty' : '\\infty'))
    .replaceAll(/\bnan\b/gi, '\\mathrm{NaN}');
}

/** Symbols that fonts of LaTeX lack in text stand in mathematics. */
const symbols: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '|': '$|$',
  '<': '$<$',
  '>': '$>$',
  '∂': '$\\partial$',
  Σ: '$\\Sigma$',
  '−': '$-$',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '√': '$\\sqrt{}$',
  '²': '$^2$',
  '₊': '$_+$',
  '’': "'",
};

const escaped = (text: string): string =>
  Array.from(text, (character) => symbols[character] ?? character).join('');
