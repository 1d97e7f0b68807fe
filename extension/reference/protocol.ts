/** Everything that crosses between the extension host and the reference's webview: types, and nothing else. */
import type { Curve } from '../../engine/catalogue.ts';
import type { ControlInfo, WireParameters } from '../panel/protocol.ts';

/** What can be asked of the host, in the envelopes of the panel's protocol. */
export interface ReferenceExchanges {
  /** A page by its id; without one, the page that the host was last asked to show. */
  page: { asked: { readonly id?: string }; answered: PageView };
  /** Loss and gradient over the prediction, as the loss or symbol of this name computes them. */
  curve: { asked: { readonly name: string; readonly parameters: WireParameters }; answered: Curve };
}

export interface PageView {
  readonly id: string;
  readonly title: string;
  /** Of the text. */
  readonly language: string;
  /** Our own pages, rendered by the build. */
  readonly html: string;
  /** From the opening page down to this one, itself left out. */
  readonly above: readonly { readonly id: string; readonly title: string }[];
  /** Of a loss's page alone. */
  readonly loss?: LossView;
}

export interface LossView {
  /** What can be drawn: the textbook's loss first, then each framework's symbol. */
  readonly subjects: readonly Subject[];
  /** Every symbol bound to the loss, by framework. */
  readonly frameworks: readonly {
    readonly name: string;
    readonly symbols: readonly SymbolView[];
  }[];
}

export interface Subject {
  /** A catalogue id or a symbol. */
  readonly name: string;
  readonly label: string;
  /** The parameters that the curve depends on. */
  readonly controls: readonly ControlInfo[];
}

export interface SymbolView {
  readonly name: string;
  /** As it is called, defaults included. */
  readonly signature: string;
  /** Plain sentences with `code` in backquotes. */
  readonly notes: readonly string[];
}
