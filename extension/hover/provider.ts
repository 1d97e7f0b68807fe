/** Hovers on loss names. What they do is loaded on first use. */
import * as vscode from 'vscode';

/** Those that start the extension: a test holds package.json to the recogniser, which is not loaded yet. */
function languagesOf({ extension }: vscode.ExtensionContext): string[] {
  const events: readonly string[] = extension.packageJSON.activationEvents;
  return events.flatMap((event) => /^onLanguage:(.*)$/.exec(event)?.[1] ?? []);
}

/** Without one of these, no loss of TensorFlow.js can be named: nothing is loaded in the many files of other projects. */
const mentions = /tensorflow|\btf\b|\bcompile\b/;

export function hover(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerHoverProvider(languagesOf(context), {
    async provideHover(document, position) {
      if (document.languageId !== 'python' && !mentions.test(document.getText())) return undefined;
      const { hoverAt } = await import('../features.ts');
      return hoverAt(context.extensionPath, document, position);
    },
  });
}

/** A text in which a loss is likely; a wrong guess costs some time, and nothing else. */
const promising = /\b(?:torch|keras|tensorflow|optax|sklearn)\b/;
/** Milliseconds without an edit, or from activation on. */
const idle = 400;

/**
 * Loads the features and reads the visible documents while nobody waits, for the first hover in a long file takes
 * half a second otherwise.
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
