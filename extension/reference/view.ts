/** What the webview shows of a page: the page itself, and what the catalogue knows of its loss. */

import { t } from '@vscode/l10n';
import type { ExplainedSymbol, KnownSymbol, ParameterInfo } from '../../engine/catalogue.ts';
import { toWire } from '../../engine/presentation/wire.ts';
import { translated } from '../../engine/words.ts';
import { explainedSymbols, losses, symbolNamed, symbols } from '../catalogue.ts';
import { frameworkNames } from '../frameworks.ts';
import { isExplained, lastName, notesOn, signature } from '../hover/content.ts';
import type { Book } from './book.ts';
import { escaped } from './html.ts';
import type { LossView, PageView, Subject } from './protocol.ts';

/**
 * @param id  of a page of the book, or a symbol that is explained and has no page there
 * @returns `undefined` when there is no such page
 */
export function pageView(book: Book, id: string): PageView | undefined {
  const page = Object.hasOwn(book.pages, id) ? book.pages[id] : undefined;
  const link = (above: string) => ({ id: above, title: titleOf(book, above) });
  if (!page) {
    const symbol = symbolNamed(id);
    if (!symbol || !isExplained(symbol)) return undefined;
    return {
      id,
      title: lastName(id),
      language: book.language,
      html: explained(symbol),
      above: [link('opening')],
    };
  }
  const parent =
    page.family ?? ({ message: 'messages', check: 'checks' } as Record<string, string>)[page.kind];
  const above = ['opening', ...(parent ? [parent] : [])].filter((each) => each !== id);
  return {
    id,
    title: titleOf(book, id),
    language: page.language,
    html: page.html,
    above: above.map(link),
    ...(page.kind === 'loss' && { loss: lossView(id) }),
  };
}

/** Of a page that is there, in the user's language. */
export const titleOf = ({ pages }: Book, id: string): string => translated(pages[id]!.title);

function lossView(id: string): LossView {
  const loss = losses.find((each) => each.id === id)!;
  const bound = symbols.filter((symbol) => symbol.loss === id);
  const known: readonly KnownSymbol[] = [
    ...bound,
    ...explainedSymbols.filter((symbol) => symbol.loss === id),
  ];
  return {
    subjects: [
      { name: id, label: t('the textbook'), controls: controlsOf(loss.parameters) },
      ...bound.map(
        ({ name, parameters }): Subject => ({ name, label: name, controls: controlsOf(parameters) }),
      ),
    ],
    frameworks: Object.entries(frameworkNames).flatMap(([framework, name]) => {
      const own = known.filter((symbol) => symbol.framework === framework);
      if (own.length === 0) return [];
      return {
        name,
        symbols: own.map((symbol) => ({
          name: symbol.name,
          signature: signature(symbol),
          notes: notesOn(symbol),
        })),
      };
    }),
  };
}

/** A curve is over single elements: nothing that says how they are made, laid out or added up moves it. */
const ofTheWhole = /^(reduction|reduce|size_average|axis|dtype|name)$/;

function controlsOf(parameters: readonly ParameterInfo[]): Subject['controls'] {
  return parameters
    .filter(({ name, kind }) => kind !== 'text' && !ofTheWhole.test(name))
    .map((info) => ({ ...info, default: toWire(info.default), value: toWire(info.default) }));
}

/** What is known of a symbol that is no loss of the catalogue, in the form of the book's pages. */
function explained(symbol: ExplainedSymbol): string {
  const { formula, summary } = symbol;
  return [
    `<p>${inline(translated(summary))}</p>`,
    formula &&
      `<div class="math" role="img" data-tex="${escaped(formula.tex)}" aria-label="${escaped(translated(formula.alternative))}"></div>`,
    `<pre><code>${escaped(signature(symbol))}</code></pre>`,
    `<ul>${notesOn(symbol)
      .map((note) => `<li>${inline(note)}</li>`)
      .join('')}</ul>`,
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

function inline(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
