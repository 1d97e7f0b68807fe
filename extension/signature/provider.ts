/** Signatures of losses while a call is typed. What is said of them is loaded on first use. */
import * as vscode from 'vscode';

export function signatures(_context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerSignatureHelpProvider(
    { language: 'python' },
    {
      async provideSignatureHelp(document, position, token, context) {
        const { signatureHelpAt } = await import('../features.ts');
        return signatureHelpAt(document, position, token, context);
      },
    },
    { triggerCharacters: ['(', ','], retriggerCharacters: [',', '=', ')'] },
  );
}
