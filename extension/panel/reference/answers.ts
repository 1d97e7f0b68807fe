/** The loss's page and its snippets beside the evaluation. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { curve, frameworkOf, plainText, snippetFor, snippetFrameworks } from '../../../engine/index.ts';
import { fromWire, RefusedError } from '../../../engine/presentation/wire.ts';
import { snippetTitles } from '../../catalogue.ts';
import { insertSnippet } from '../../completion/insert.ts';
import { book } from '../../reference/book.ts';
import { showReference } from '../../reference/panel.ts';
import { pageView } from '../../reference/view.ts';
import type { Handlers } from '../answer.ts';
import type { Shown } from '../shown.ts';
import type { PanelReferenceExchanges, SnippetView } from './protocol.ts';

export function referenceAnswers({ context, session }: Shown): Handlers<PanelReferenceExchanges> {
  const lossOf = async (): Promise<string> => (await session()).open().loss;
  const nameOf = async (): Promise<string> => (await session()).request.loss;
  return {
    page: async ({ id }) => {
      const asked = id ?? (await lossOf());
      const found = pageView(await book(), asked);
      if (!found) throw new RefusedError(t`The reference has no page '${asked}'.`);
      return found;
    },
    curve: ({ name, parameters }) => curve(name, fromWire(parameters)),
    snippets: async () => {
      const name = await nameOf();
      const own = frameworkOf(name);
      const ordered = own ? [own, ...snippetFrameworks.filter((each) => each !== own)] : snippetFrameworks;
      return {
        snippets: ordered.flatMap((framework): SnippetView[] => {
          const snippet = snippetFor(name, framework);
          if (!snippet) return [];
          const { arrays } = snippet;
          return [{ framework, title: snippetTitles[framework], code: plainText(snippet), arrays }];
        }),
      };
    },
    insertSnippet: async ({ framework }) => {
      const editor = lastEditor();
      if (!editor) {
        throw new RefusedError(
          t('No text editor is open. Open the file that the snippet goes into, then insert it.'),
        );
      }
      const { document, selection } = editor;
      const { line, character } = selection.active;
      await insertSnippet({
        uri: document.uri.toString(),
        line,
        character,
        name: await nameOf(),
        framework,
      });
      return { into: vscode.workspace.asRelativePath(document.uri) };
    },
    openPage: ({ id }) => {
      showReference(context, id);
      return {};
    },
  };
}

let latest = vscode.window.activeTextEditor;
let watching: vscode.Disposable | undefined;

/** While a panel has the focus, no text editor is active: the one that was before it is meant. */
export function watchEditors(context: vscode.ExtensionContext): void {
  if (watching) return;
  latest = vscode.window.activeTextEditor ?? latest;
  watching = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor && editor.document.uri.scheme !== 'output') latest = editor;
  });
  context.subscriptions.push(watching);
}

function lastEditor(): vscode.TextEditor | undefined {
  const still = vscode.window.visibleTextEditors.find(({ document }) => document === latest?.document);
  return still ?? (latest?.document.isClosed === false ? latest : vscode.window.visibleTextEditors[0]);
}
