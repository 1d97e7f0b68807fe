/** Hovers on loss names, and the pages that they link to. What they do is loaded on first use. */
import * as vscode from 'vscode';

const referenceScheme = 'loss-lens';

export function hover({ extensionPath }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { language: 'python' },
    {
      async provideHover(document, position) {
        const { hoverAt } = await import('../features.ts');
        return hoverAt(extensionPath, document, position);
      },
    },
  );
}

/** The command `lossLens.openReference`, which takes a catalogue id or asks for one. */
export function openReferenceCommand({ extensionPath }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(referenceScheme, {
      async provideTextDocumentContent(uri) {
        const { referenceText } = await import('../features.ts');
        return referenceText(extensionPath, uri);
      },
    }),
    vscode.commands.registerCommand('lossLens.openReference', async (id?: unknown) => {
      const { openReference } = await import('../features.ts');
      await openReference(extensionPath, referenceScheme, typeof id === 'string' ? id : undefined);
    }),
  );
}
