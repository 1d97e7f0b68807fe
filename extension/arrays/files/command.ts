/** `Evaluate on Files…`, from the explorer's context menu and the palette. */
import * as vscode from 'vscode';

export function evaluateFilesCommand(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand(
    'lossLens.evaluateFiles',
    async (clicked?: unknown, selected?: unknown) => {
      const { evaluateFiles } = await import('../../features.ts');
      await evaluateFiles(context, urisIn(clicked, selected));
    },
  );
}

/** The explorer passes the file that was clicked on and all that are selected; the palette nothing. */
function urisIn(clicked: unknown, selected: unknown): readonly vscode.Uri[] {
  const given = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  return given.filter((one) => one instanceof vscode.Uri);
}
