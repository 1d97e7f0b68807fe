/** What the panel's reference asks of the host besides the pages themselves: types, and nothing else. */
import type { SnippetFramework } from '../../../engine/snippets/snippet.ts';
import type { ReferenceExchanges } from '../../reference/protocol.ts';

export interface PanelReferenceExchanges extends ReferenceExchanges {
  /** Training steps with the loss that is shown, its own framework's first. */
  snippets: { asked: Record<never, never>; answered: { readonly snippets: readonly SnippetView[] } };
  /** Puts one at the cursor of the text editor that was active last. */
  insertSnippet: {
    asked: { readonly framework: SnippetFramework };
    answered: { readonly into: string };
  };
  /** Goes to a page of the reference, in its own panel. */
  openPage: { asked: { readonly id: string }; answered: Record<never, never> };
}

export interface SnippetView {
  readonly framework: SnippetFramework;
  /** What people call it. */
  readonly title: string;
  readonly code: string;
  /** What each array holds. */
  readonly arrays: readonly string[];
}
