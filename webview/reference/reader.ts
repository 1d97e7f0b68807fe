/** Going from page to page: links, back and forward, and what is shown when a page cannot be had. */
import { t } from '@vscode/l10n';
import type { PageView, ReferenceExchanges } from '../../extension/reference/protocol.ts';
import { button } from '../controls/index.ts';
import { h } from '../dom.ts';
import { loadLibraries } from '../libraries/index.ts';
import { isRequestError, type Requests } from '../requests.ts';
import { bookPageView } from './page.ts';

/** A page, and how far down it one was. */
export interface Place {
  readonly id: string;
  readonly scroll: number;
}

export interface ReaderView {
  /** Without a place, the page that the host was asked for. */
  open(place?: Place): Promise<void>;
}

/** @param keep takes what should survive a reload of the window. */
export function readerView(
  root: HTMLElement,
  requests: Requests<ReferenceExchanges>,
  keep: (place: Place) => void,
): ReaderView {
  const [behind, ahead]: [Place[], Place[]] = [[], []];
  let shown: string | undefined;
  const here = (): Place => ({ id: shown!, scroll: window.scrollY });

  const show = (page: PageView, to: { scroll?: number; fragment?: string | undefined }): void => {
    shown = page.id;
    const go = {
      back: behind.length > 0 ? back : undefined,
      forward: ahead.length > 0 ? forward : undefined,
    };
    root.replaceChildren(bookPageView(page, requests, follow, go));
    const target = to.fragment === undefined ? undefined : document.getElementById(to.fragment);
    if (target) target.scrollIntoView();
    else window.scrollTo(0, to.scroll ?? 0);
    // A reader who came by keyboard goes on from the top of the new page.
    root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    keep(here());
  };

  const load = async (
    asked: { readonly id?: string },
    to: { scroll?: number; fragment?: string | undefined },
  ): Promise<boolean> => {
    root.setAttribute('aria-busy', 'true');
    try {
      const [page] = await Promise.all([requests.ask('page', asked), loadLibraries()]);
      show(page, to);
      return true;
    } catch (error) {
      const reason = isRequestError(error) ? error.failure.message : String(error);
      root.replaceChildren(
        h(
          'div',
          { class: 'failure', role: 'alert' },
          h('p', { class: 'failure-message' }, reason),
          button({ label: t('Try again'), onPress: () => void load(asked, to) }),
        ),
      );
      return false;
    } finally {
      root.removeAttribute('aria-busy');
    }
  };

  /** An id of '' is a place on the same page. */
  const follow = (id: string, fragment?: string): void => {
    if (id === '' || id === shown) {
      if (fragment !== undefined) document.getElementById(fragment)?.scrollIntoView();
      return;
    }
    behind.push(here());
    ahead.length = 0;
    void load({ id }, { fragment });
  };
  const step = (from: Place[], onto: Place[]): void => {
    const place = from.pop();
    if (!place) return;
    onto.push(here());
    void load({ id: place.id }, place);
  };
  const back = (): void => step(behind, ahead);
  const forward = (): void => step(ahead, behind);

  window.addEventListener('keydown', (event) => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    if (event.key === 'ArrowLeft') back();
    else forward();
  });
  window.addEventListener('mouseup', ({ button: pressed }) => {
    if (pressed === 3) back();
    if (pressed === 4) forward();
  });
  window.addEventListener('scrollend', () => {
    if (shown !== undefined) keep(here());
  });

  return {
    async open(place) {
      if (place) {
        await load({ id: place.id }, place);
        return;
      }
      if (shown !== undefined) {
        behind.push(here());
        ahead.length = 0;
      }
      await load({}, {});
    },
  };
}
