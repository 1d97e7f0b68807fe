/** Evaluating from a notebook: the item in a cell's status bar, and the command behind it. Loaded on first use. */
import * as vscode from 'vscode';

const command = 'lossLens.evaluateCell';

export function notebookCells(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(command, async (given?: unknown) => {
      const { evaluateCell, selectedCell } = await import('../features.ts');
      const cell = isCell(given) ? given : selectedCell();
      if (cell) await evaluateCell(context, cell);
      else void vscode.window.showInformationMessage(vscode.l10n.t('Select a cell of a notebook first.'));
    }),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider('jupyter-notebook', {
      async provideCellStatusBarItems(cell) {
        if (cell.kind !== vscode.NotebookCellKind.Code) return undefined;
        const { evaluable } = await import('../features.ts');
        const reason = evaluable(cell);
        if (reason === undefined) return undefined;
        const item = new vscode.NotebookCellStatusBarItem(
          `$(graph-line) ${vscode.l10n.t('Evaluate loss')}`,
          vscode.NotebookCellStatusBarAlignment.Right,
        );
        item.tooltip = reason;
        item.accessibilityInformation = { label: reason, role: 'button' };
        item.command = { title: vscode.l10n.t('Evaluate Loss'), command, arguments: [cell] };
        return item;
      },
    }),
  );
}

function isCell(given: unknown): given is vscode.NotebookCell {
  return (
    typeof given === 'object' &&
    given !== null &&
    'document' in given &&
    'outputs' in given &&
    'notebook' in given
  );
}
