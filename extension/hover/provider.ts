/** Hovers on loss names. */
import * as vscode from 'vscode';

export function hover(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { language: 'python' },
    {
      async provideHover(document, position) {
        const { hoverAt } = await import('./hover.ts');
        return hoverAt(context.extensionPath, document, position);
      },
    },
  );
}
