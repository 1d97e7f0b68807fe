/** The frameworks side by side: every symbol bound to the loss, how it is called and what to know of it. */
import { t } from '@vscode/l10n';
import type { LossView } from '../../extension/reference/protocol.ts';
import { h, withCode } from '../dom.ts';

export function symbolsView(frameworks: LossView['frameworks']): HTMLElement {
  if (frameworks.length === 0) {
    return h('p', {}, t('No framework that Loss Lens knows has a symbol for this loss.'));
  }
  return h(
    'div',
    { class: 'frameworks' },
    ...frameworks.map(({ name, symbols }) =>
      h(
        'section',
        { class: 'framework' },
        h('h3', {}, name),
        ...symbols.map(({ signature, notes }) =>
          h(
            'div',
            { class: 'bound' },
            h('code', { class: 'signature' }, ...breakable(signature)),
            notes.length > 0 && h('ul', {}, ...notes.map((note) => h('li', {}, ...withCode(note)))),
          ),
        ),
      ),
    ),
  );
}

/** Long names and argument lists may be broken after a dot or a comma. */
function breakable(signature: string): (HTMLElement | string)[] {
  return signature.split(/(?<=[.(,])/).flatMap((part) => [part, h('wbr')]);
}
