/** The completions at the start of a statement: training steps in the framework that the file imports. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Snippet, snippetFor, snippetNames } from '../../engine/index.ts';
import { snippetTitles, titleOf } from '../catalogue.ts';
import { pages } from '../pages.ts';
import { importedBy, isCode, placedIn } from './placing.ts';
import { about } from './text.ts';

class StepItem extends vscode.CompletionItem {
  readonly snippet: Snippet;

  /** @param alone  whether the file takes no steps in another framework */
  constructor(snippet: Snippet, alone: boolean) {
    const name = nameOf(snippet);
    // One symbol may stand for several losses: of class numbers, of distributions, of pixels.
    const detail = snippet.symbol === undefined ? '' : ` ${titleOf(snippet.loss)}`;
    // It takes its place from the titles, so it is there where it tells one row from another.
    const about = isMetric(snippet) ? t('metric') : alone ? undefined : shortTitle(snippet);
    super(
      { label: name, detail, ...(about === undefined ? {} : { description: about }) },
      vscode.CompletionItemKind.Snippet,
    );
    this.snippet = snippet;
    // By the framework's name, and by the catalogue's.
    this.filterText = `${name} ${snippet.loss}`;
    // Behind what the language server and the file's own words offer.
    this.sortText = `~${name}`;
  }
}

/** A call that trains nothing: of scikit-learn, SciPy or POT. */
const isMetric = ({ framework, symbol }: Snippet): boolean => framework === 'numpy' && symbol !== undefined;

/** The first word: of more, VS Code shows the beginning. */
const shortTitle = ({ framework }: Snippet): string => snippetTitles[framework].split(' ', 1)[0]!;

/** As the framework calls the loss; where it does not know it, as the catalogue does. */
const nameOf = ({ symbol, loss }: Snippet): string =>
  symbol === undefined ? titleOf(loss) : symbol.slice(symbol.lastIndexOf('.') + 1);

export function completionsAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.CompletionItem[] | undefined {
  const { frameworks, imports } = importedBy(document);
  if (frameworks.length === 0 || !isCode(document, position)) return undefined;
  const packages = new Set([...imports.values()].map((path) => path.split('.', 1)[0]));
  const seen = new Set<string>();
  return frameworks.flatMap((framework) =>
    snippetNames(framework).flatMap((name) => {
      const snippet = snippetFor(name, framework)!;
      // Functions have a step by their class already.
      const isFunction = /\.functional\.|^keras\.losses\.[a-z]/.test(snippet.symbol ?? '');
      const isForeign = isMetric(snippet) && !packages.has(snippet.symbol!.split('.', 1)[0]);
      if (isFunction || isForeign || seen.has(snippet.template)) return [];
      seen.add(snippet.template);
      const item = new StepItem(snippet, frameworks.length === 1);
      const { text, edits } = placedIn(document, snippet);
      item.insertText = new vscode.SnippetString(text);
      item.additionalTextEdits = edits;
      return [item];
    }),
  );
}

/** The item with what it is about, read when it is selected. */
export async function documented(item: vscode.CompletionItem): Promise<vscode.CompletionItem> {
  if (!(item instanceof StepItem)) return item;
  const { losses } = await pages();
  const page = losses[item.snippet.loss];
  item.detail = titleOf(item.snippet.loss);
  item.documentation = new vscode.MarkdownString(about(item.snippet, page));
  return item;
}
