/** The same data by other frameworks' rules. */
import { t } from '@vscode/l10n';
import type { Ruled } from '../../../extension/panel/protocol.ts';
import { type Child, h, withCode } from '../../dom.ts';
import { fullMessage } from '../../failure.ts';
import { short } from '../../format.ts';

export function rulesView(ruled: readonly Ruled[]): readonly Child[] {
  if (ruled.length === 0) return [h('p', {}, t('No other symbol is bound to this loss.'))];
  return [h('ul', { class: 'ruled' }, ...ruled.map(one))];
}

function one({ symbol, quotient, carried, differences, failure }: Ruled): HTMLElement {
  const value = (numbers: Float64Array): string =>
    Number.isNaN(numbers[0]) && !Number.isNaN(numbers[1])
      ? t`not reduced, sum ${short(numbers[1]!, 'float64')}`
      : short(numbers[0]!, 'float64');
  const notes = [...differences];
  if (carried) notes.push(t`With your parameters it gives ${value(carried)}.`);
  if (failure) notes.push(t`It refuses: ${fullMessage(failure)}`);
  if (quotient && notes.length === 0) notes.push(t('The same number by the same rules.'));
  return h(
    'li',
    { class: 'ruled-by' },
    h('code', { class: 'ruled-symbol' }, symbol),
    h('span', { class: 'ruled-value' }, quotient ? value(quotient) : '—'),
    h('ul', { class: 'ruled-notes' }, ...notes.map((note) => h('li', {}, ...withCode(note)))),
  );
}
