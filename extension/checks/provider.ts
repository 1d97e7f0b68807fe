/** Diagnostics and quick fixes of Python and its notebooks, of JavaScript and TypeScript. What they do is loaded once something is to be checked. */
import * as vscode from 'vscode';
import { languagesOf, mayNameLoss } from '../languages.ts';
import { pluginFixes } from '../tsserver-plugin/fixes.ts';

/** Milliseconds after the last change: long enough to be out of the way of who is typing. */
const pause = 400;

export function checks(context: vscode.ExtensionContext): vscode.Disposable {
  const languages = languagesOf(context);
  const diagnostics = vscode.languages.createDiagnosticCollection('loss-lens');
  const waiting = new Map<string, NodeJS.Timeout>();

  const later = (key: string, what: () => Promise<void>) => {
    clearTimeout(waiting.get(key));
    waiting.set(
      key,
      setTimeout(() => {
        waiting.delete(key);
        what().catch((error) => console.error(error));
      }, pause),
    );
  };
  const schedule = (document: vscode.TextDocument) => {
    // The other side of a comparison is nothing to be mended.
    if (!languages.includes(document.languageId) || document.uri.scheme === 'git') return;
    const subject = notebookOf(document) ?? document;
    later(subject.uri.toString(), async () => {
      if (!mayNameLoss(document)) return diagnostics.delete(document.uri);
      const { diagnose, knowModules } = await import('../features.ts');
      await knowModules(document);
      if (document.isClosed) return;
      for (const [uri, found] of await diagnose(subject)) diagnostics.set(uri, found);
    });
  };
  const everything = () => {
    for (const document of vscode.workspace.textDocuments) schedule(document);
  };
  everything();

  return vscode.Disposable.from(
    diagnostics,
    new vscode.Disposable(() => {
      for (const timeout of waiting.values()) clearTimeout(timeout);
    }),
    vscode.workspace.onDidOpenTextDocument(schedule),
    vscode.workspace.onDidChangeTextDocument(({ document }) => schedule(document)),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
      const cell = notebook.getCells().find(({ document }) => document.languageId === 'python');
      if (cell) schedule(cell.document);
    }),
    vscode.workspace.onDidCloseTextDocument(async (document) => {
      diagnostics.delete(document.uri);
      if (!languages.includes(document.languageId) || !mayNameLoss(document)) return;
      const { forget } = await import('../features.ts');
      forget(document.uri);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('lossLens.checks')) everything();
    }),
    vscode.languages.registerCodeActionsProvider(
      languages,
      {
        async provideCodeActions(document, range) {
          const fixes = await pluginFixes(document, range);
          // Asked with every move of the cursor: what has no finding is not checked for it.
          if (!diagnostics.get(document.uri)?.length) return fixes;
          const { fixesAt } = await import('../features.ts');
          return [...fixes, ...(await fixesAt(notebookOf(document) ?? document, document, range))];
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

/** The notebook that a document is a cell of. */
function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}
