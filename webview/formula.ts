import type { Formula } from '../extension/panel/protocol.ts';
import { h } from './dom.ts';
import { katex, loadLibraries } from './libraries/index.ts';

/** The formula, typeset once the libraries are there; for screen readers, its text. */
export function formulaView({ tex, alternative }: Formula): HTMLElement {
  const typeset = h('div', { class: 'formula-typeset', 'aria-hidden': 'true' });
  loadLibraries().then(
    () =>
      katex.render(tex, typeset, { displayMode: true, output: 'html', throwOnError: false, strict: false }),
    () => typeset.append(h('code', {}, tex)),
  );
  const frame = h('div', { class: 'formula', role: 'img', 'aria-label': alternative }, typeset);
  // What scrolls must be reachable by keyboard, and what does not should not be in its way.
  new ResizeObserver(() => {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute('tabindex');
  }).observe(frame);
  return frame;
}
