/** Signatures of losses while a call is typed. What is said of them is loaded on first use. */
import * as vscode from 'vscode';

const python = { language: 'python' };

/**
 * VS Code shows the signatures of one provider, of two that match alike the one that was registered last. A language server
 * registers when it has started, after this extension; so each time that a Python editor becomes active, this one comes
 * last. It answers for losses alone, and gives the server's signatures along (signature.ts).
 */
export function signatures(_context: vscode.ExtensionContext): vscode.Disposable {
  let registered = register();
  const change = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (!editor || vscode.languages.match(python, editor.document) === 0) return;
    registered.dispose();
    registered = register();
  });
  return new vscode.Disposable(() => {
    change.dispose();
    registered.dispose();
  });
}

function register(): vscode.Disposable {
  return vscode.languages.registerSignatureHelpProvider(
    python,
    {
      async provideSignatureHelp(document, position, token, context) {
        const { signatureHelpAt } = await import('../features.ts');
        return signatureHelpAt(document, position, token, context);
      },
    },
    { triggerCharacters: ['(', ','], retriggerCharacters: [',', '=', ')'] },
  );
}
