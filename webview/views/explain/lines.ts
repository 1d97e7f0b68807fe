/** A program worked through, line by line: the names, the numbers, the result. */
import { t } from '@vscode/l10n';
import type { Line } from '../../../extension/panel/protocol.ts';
import { h } from '../../dom.ts';

export function linesView(lines: readonly Line[], label: string): HTMLElement {
  return h(
    'ol',
    { class: 'lines', 'aria-label': label },
    ...lines.map(({ name, symbols, numbers, result }) => {
      // A number that stands for itself is not written twice.
      const steps = [symbols, ...(numbers === symbols || numbers === result ? [] : [numbers])];
      if (name === undefined) {
        return h(
          'li',
          { class: 'worked-line line-condition' },
          h('span', { class: 'line-name' }, t('is')),
          h(
            'span',
            { class: 'line-steps' },
            h('span', { class: 'line-step' }, `${steps.join(t(', that is '))}?`),
            h('span', { class: 'line-result' }, result),
          ),
        );
      }
      if (result !== symbols || steps.length > 1) steps.push(result);
      return h(
        'li',
        { class: 'worked-line' },
        h('span', { class: 'line-name' }, name),
        h(
          'span',
          { class: 'line-steps' },
          ...steps.map((step, i) =>
            h('span', { class: i === steps.length - 1 ? 'line-step line-result' : 'line-step' }, `= ${step}`),
          ),
        ),
      );
    }),
  );
}
