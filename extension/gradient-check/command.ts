/** `Check Gradient of a Loss…`, from a notebook cell's menus and the palette. */
import * as vscode from 'vscode';

export function checkGradientCommand(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('lossLens.checkGradient', async (from?: unknown) => {
    const { checkGradient } = await import('../features.ts');
    await checkGradient(context, isCell(from) ? from.document : undefined);
  });
}

/** What a cell's toolbar passes; the other menus pass something else, or nothing. */
function isCell(from: unknown): from is vscode.NotebookCell {
  return typeof from === 'object' && from !== null && 'document' in from && 'notebook' in from;
}
