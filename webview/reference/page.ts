/** One page: its text with the formulas typeset, an outline, and for a loss its curve and its symbols. */
import { t } from '@vscode/l10n';
import type { PageView, ReferenceExchanges } from '../../extension/reference/protocol.ts';
import { linkButton } from '../controls/index.ts';
import { h } from '../dom.ts';
import { katex } from '../libraries/index.ts';
import type { Asking } from '../requests.ts';
import { curveView } from './curve.ts';
import { symbolsView } from './symbols.ts';

type Follow = (id: string, fragment?: string) => void;

/** The text of a page, with what is generated in its place. The libraries have to be there. */
export function articleOf(page: PageView, requests: Asking<ReferenceExchanges>, follow: Follow): HTMLElement {
  const text = h('article', { class: 'prose', lang: page.language });
  // Our own pages, out of the extension's package.
  text.innerHTML = page.html;
  for (const place of text.querySelectorAll<HTMLElement>('.math')) typeset(place);
  for (const table of text.querySelectorAll('table')) {
    const frame = h('div', { class: 'table-frame' });
    table.replaceWith(frame);
    frame.append(table);
    reachable(frame);
  }
  for (const code of text.querySelectorAll('pre')) reachable(code);
  text.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLElement>('a[data-page]');
    if (!link) return;
    event.preventDefault();
    follow(link.dataset['page']!, link.dataset['fragment']);
  });
  if (page.loss) {
    insertAfter(text, 'formula', section('curve', t('Curve'), curveView(page.loss.subjects, requests)));
    insertAfter(
      text,
      'in-the-frameworks',
      section('every-symbol', t('Every symbol'), symbolsView(page.loss.frameworks)),
    );
  }
  return text;
}

export function bookPageView(
  page: PageView,
  requests: Asking<ReferenceExchanges>,
  follow: Follow,
  go: { readonly back: (() => void) | undefined; readonly forward: (() => void) | undefined },
): HTMLElement {
  const text = articleOf(page, requests, follow);
  return h(
    'div',
    { class: 'page' },
    h(
      'header',
      { class: 'page-header' },
      h(
        'nav',
        { class: 'trail', 'aria-label': t('Pages above') },
        goButton(t('Back'), '←', go.back),
        goButton(t('Forward'), '→', go.forward),
        ...page.above.flatMap(({ id, title }) => [
          linkButton({ label: title, onPress: () => follow(id) }),
          h('span', { 'aria-hidden': 'true' }, '›'),
        ]),
      ),
      h('h1', { tabindex: '-1' }, page.title),
    ),
    h('div', { class: 'page-columns' }, text, outlineOf(text, follow)),
  );
}

function goButton(label: string, sign: string, onPress: (() => void) | undefined): HTMLElement {
  const element = h(
    'button',
    { type: 'button', class: 'go', title: label, 'aria-label': label, disabled: onPress ? undefined : '' },
    sign,
  );
  if (onPress) element.addEventListener('click', onPress);
  return element;
}

function typeset(place: HTMLElement): void {
  const displayMode = place.tagName === 'DIV';
  // A display formula has its words as its label; an inline one is read from its MathML.
  katex.render(place.dataset['tex']!, place, {
    displayMode,
    output: displayMode ? 'html' : 'htmlAndMathml',
    throwOnError: false,
    strict: false,
  });
  if (displayMode) reachable(place);
}

/** What scrolls must be reachable by keyboard, and what does not should not be in its way. */
function reachable(frame: HTMLElement): void {
  new ResizeObserver(() => {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute('tabindex');
  }).observe(frame);
}

function section(id: string, title: string, content: HTMLElement): HTMLElement {
  return h('section', { class: `loss-${id}`, 'aria-labelledby': id }, h('h2', { id }, title), content);
}

/** After the part of the text that this heading begins. */
function insertAfter(text: HTMLElement, heading: string, added: HTMLElement): void {
  let place = text.querySelector(`#${heading}`)?.nextElementSibling;
  while (place && place.tagName !== 'H2') place = place.nextElementSibling;
  text.insertBefore(added, place ?? null);
}

function outlineOf(text: HTMLElement, follow: Follow): HTMLElement | undefined {
  const headings = [...text.querySelectorAll('h2')];
  if (headings.length < 2) return undefined;
  return h(
    'nav',
    { class: 'outline', 'aria-label': t('On this page') },
    h('p', { 'aria-hidden': 'true' }, t('On this page')),
    h(
      'ul',
      {},
      ...headings.map((heading) =>
        h('li', {}, linkButton({ label: heading.textContent!, onPress: () => follow('', heading.id) })),
      ),
    ),
  );
}
