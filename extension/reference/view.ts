/** What the webview shows of a page: the page itself, and what the catalogue knows of its loss. */
import type { ParameterInfo } from '../../engine/catalogue.ts';
import { toWire } from '../../engine/presentation/wire.ts';
import { frameworkTitles, losses, symbols } from '../catalogue.ts';
import { signature } from '../hover/content.ts';
import type { Book } from './book.ts';
import type { LossView, PageView, Subject } from './protocol.ts';

/** @returns `undefined` when there is no such page */
export function pageView(book: Book, id: string): PageView | undefined {
  const page = book.pages[id];
  if (!page) return undefined;
  const parent = page.kind === 'message' ? 'messages' : page.family;
  const above = ['opening', ...(parent ? [parent] : [])].filter((each) => each !== id);
  return {
    id,
    title: page.title,
    html: page.html,
    above: above.map((each) => ({ id: each, title: book.pages[each]!.title })),
    ...(page.kind === 'loss' && { loss: lossView(id) }),
  };
}

function lossView(id: string): LossView {
  const loss = losses.find((each) => each.id === id)!;
  const bound = symbols.filter((symbol) => symbol.loss === id);
  return {
    subjects: [
      { name: id, label: 'the textbook', controls: controlsOf(loss.parameters) },
      ...bound.map(
        ({ name, parameters }): Subject => ({ name, label: name, controls: controlsOf(parameters) }),
      ),
    ],
    frameworks: Object.entries(frameworkTitles).flatMap(([framework, name]) => {
      const own = bound.filter((symbol) => symbol.framework === framework);
      if (own.length === 0) return [];
      return {
        name,
        symbols: own.map((symbol) => ({
          name: symbol.name,
          signature: signature(symbol),
          caveats: symbol.caveats,
        })),
      };
    }),
  };
}

/** A curve is over single elements: nothing that says how they are laid out or added up moves it. */
const ofTheWhole = /^(reduction|reduce|size_average|axis|dtype|name)$/;

function controlsOf(parameters: readonly ParameterInfo[]): Subject['controls'] {
  return parameters
    .filter(({ name }) => !ofTheWhole.test(name))
    .map((info) => ({ ...info, default: toWire(info.default), value: toWire(info.default) }));
}
