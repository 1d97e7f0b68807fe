/** What can be chosen about a plot: which slice of several, and the scale of counts. */
import { t } from '@vscode/l10n';
import type { Plot, PlotId } from '../../../extension/panel/protocol.ts';
import { booleanControl, numberControl } from '../../controls/index.ts';
import { h } from '../../dom.ts';

export interface OptionsView {
  readonly element: HTMLElement;
  /** @param counts whether it has any */
  show(plot: Plot, counts: boolean, isLogarithmic: boolean): void;
  clear(): void;
}

export function optionsView(choose: {
  toSlice(id: PlotId, slice: number): void;
  toLogarithmic(value: boolean): void;
}): OptionsView {
  const element = h('div', { class: 'plot-options' });
  let shown = '';
  const option = (...parts: HTMLElement[]): HTMLElement => h('div', { class: 'plot-slice' }, ...parts);
  return {
    element,
    show({ id, slice }, counts, isLogarithmic) {
      // Built anew only where there are others: a control that is being used keeps the focus.
      const key = JSON.stringify([id, slice?.label, slice?.count, counts, isLogarithmic]);
      if (key === shown) return;
      shown = key;
      element.replaceChildren();
      if (slice) {
        element.append(
          option(
            h('span', { class: 'field-label', 'aria-hidden': 'true' }, slice.label),
            numberControl({
              label: t`${slice.label} to show`,
              integer: true,
              minimum: 0,
              maximum: slice.count - 1,
              value: slice.shown,
              standard: 0,
              onChange: (value) => choose.toSlice(id, value ?? 0),
              onComplaint: () => {},
            }),
          ),
        );
      }
      if (counts) {
        element.append(
          option(
            booleanControl({
              label: t('Logarithmic counts'),
              value: isLogarithmic,
              onChange: choose.toLogarithmic,
            }),
            h('span', { 'aria-hidden': 'true' }, t('logarithmic counts')),
          ),
        );
      }
    },
    clear() {
      shown = '';
      element.replaceChildren();
    },
  };
}
