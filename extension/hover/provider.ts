/** Hovers on loss names. What they do is loaded on first use. */
import * as vscode from 'vscode';
import { languagesOf, mayNameLoss } from '../languages.ts';

export function hover(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerHoverProvider(languagesOf(context), {
    async provideHover(document, position) {
      if (!mayNameLoss(document)) return undefined;
      const { hoverAt } = await import('../features.ts');
      return hoverAt(document, position);
    },
  });
}

/** A text in which a loss is likely; a wrong guess costs some time, and nothing else. */
const promising = /\b(?:torch|keras|tensorflow|optax|sklearn)\b/;
/** Milliseconds without an edit, or from activation on: a hover at once should not have to share the time with this. */
const idle = 400;

/**
 * Loads the features and reads the visible documents while nobody waits, in pieces, for the first hover and the first
 * checks in a long file.
 */
export function readingAhead(context: vscode.ExtensionContext): vscode.Disposable {
  const languages = languagesOf(context);
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(readVisible, idle, languages);
  };
  soon();
  return vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors(soon),
    vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => {
      if (contentChanges.length > 0) soon();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

async function readVisible(languages: readonly string[]): Promise<void> {
  for (const { document } of vscode.window.visibleTextEditors) {
    if (!languages.includes(document.languageId) || !promising.test(document.getText())) continue;
    const { prepare } = await import('../features.ts');
    await prepare(document);
  }
}
