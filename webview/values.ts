/** The value, how it came about, and what is to be said about it. */
import { t } from '@vscode/l10n';
import type { Outcome } from '../extension/panel/protocol.ts';
import { linkButton } from './controls/index.ts';
import { h } from './dom.ts';
import { exact, grouped, indexOf, nonFiniteText, shapeText, short } from './format.ts';

export interface ValuesView {
  readonly element: HTMLElement;
  show(outcome: Outcome): void;
}

export function valuesView(showRow: (row: number) => void): ValuesView {
  const number = h('output', { class: 'value', 'aria-live': 'polite', 'aria-label': t('Loss value') });
  const derivation = h('p', { class: 'derivation' });
  const gradient = h('p', { class: 'derivation' });
  const notes = h('ul', { class: 'notes', 'aria-label': t('Warnings') });
  const element = h('div', { class: 'values' }, number, derivation, gradient, notes);
  return {
    element,
    show(outcome) {
      const [text, whole] = valueText(outcome);
      number.textContent = text;
      if (outcome.valueShape.length === 0) number.title = exact(outcome.value[0]!, outcome.dtype);
      else number.removeAttribute('title');
      number.classList.toggle('value-list', outcome.valueShape.length > 0);
      number.classList.toggle('value-nonfinite', !whole);
      derivation.replaceChildren(...derivationOf(outcome));
      gradient.textContent = gradientText(outcome);
      gradient.hidden = gradient.textContent === '';
      notes.replaceChildren(...notesOf(outcome, showRow));
      notes.hidden = notes.childElementCount === 0;
    },
  };
}

/** As it stands there large, and whether all of it is finite. */
export function valueText({ value, valueShape, dtype }: Outcome): [text: string, finite: boolean] {
  const numbers = Array.from<number | bigint>(value);
  const finite = numbers.every((each) => Number.isFinite(Number(each)));
  if (valueShape.length === 0) return [short(numbers[0]!, dtype), finite];
  const total = valueShape.reduce((product, extent) => product * extent, 1);
  const shown = numbers.map((each) => short(each, dtype, 5)).join(', ');
  return [total > numbers.length ? `${shown}, …` : shown, finite];
}

function derivationOf({ quotient, reduction, dtype, valueShape }: Outcome): Node[] {
  const [numerator, denominator] = quotient as unknown as [number, number];
  const words = h('span', { class: 'reduction' }, reduction);
  if (valueShape.length > 0) {
    return [
      words,
      h('span', { class: 'quotient' }, t`shape ${shapeText(valueShape)}, sum ${short(numerator, dtype)}`),
    ];
  }
  if (Number.isNaN(denominator) || denominator === 1) return [words];
  const part = (role: string, value: number): HTMLElement =>
    h('span', { class: 'operand', title: `${role}: ${value}` }, short(value, dtype));
  const division = h(
    'span',
    {
      class: 'quotient',
      'aria-label': t`${short(numerator, dtype)} divided by ${short(denominator, dtype)}`,
      role: 'img',
    },
    h('span', { class: 'sign sign-first' }, '='),
    part(t('numerator'), numerator),
    h('span', { class: 'sign' }, '÷'),
    part(t('denominator'), denominator),
  );
  return [division, words];
}

function gradientText({ gradient }: Outcome): string {
  if (!gradient) return '';
  const { by, shape, largest, at, zeros } = gradient;
  const total = shape.reduce((product, extent) => product * extent, 1);
  const what = t`gradient by ${by} ${shapeText(shape)}`;
  if (zeros === total) return t`${what}: 0 throughout`;
  return t`${what}: largest ${short(largest[0]!, 'float64', 5)} at ${`[${at.join(', ')}]`}, ${grouped(zeros)} of ${grouped(total)} are 0`;
}

function notesOf({ warnings, nonFinite, table }: Outcome, showRow: (row: number) => void): Node[] {
  const notes = warnings.map(({ code, message }) => h('li', { class: 'note', 'data-code': code }, message));
  if (nonFinite.count > 0) {
    const row = table.firstNonFinite;
    const note = h('li', { class: 'note note-nonfinite' }, `${nonFiniteText(nonFinite.count)} `);
    if (row !== undefined) {
      const label = t`First at index ${indexOf(row, table.shape)}`;
      note.append(linkButton({ label, title: t('Show this row of the table'), onPress: () => showRow(row) }));
    }
    notes.push(note);
  }
  return notes;
}
