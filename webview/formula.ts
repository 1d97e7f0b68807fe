import katex from 'katex';
import type { Formula } from '../extension/panel/protocol.ts';
import { h } from './dom.ts';

/** The typeset formula; for screen readers, its text. */
export function formulaView({ tex, alternative }: Formula): HTMLElement {
  const typeset = h('div', { class: 'formula-typeset', 'aria-hidden': 'true' });
  katex.render(tex, typeset, { displayMode: true, output: 'html', throwOnError: false, strict: false });
  // The frame scrolls where the formula is wider than the panel, and what scrolls must be reachable by keyboard.
  return h('div', { class: 'formula', role: 'img', 'aria-label': alternative, tabindex: '0' }, typeset);
}
