/** Hovers on loss names. What they do is loaded on first use. */
import * as vscode from 'vscode';

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
