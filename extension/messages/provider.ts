/** Messages of the libraries about losses, in terminals and under notebook cells, lead to their pages. */
import * as vscode from 'vscode';
import type { MessageLink } from './messages.ts';

const features = () => import('../features.ts');

export function messages(_context: vscode.ExtensionContext): vscode.Disposable {
  const inTerminals: vscode.TerminalLinkProvider<MessageLink> = {
    async provideTerminalLinks({ line }) {
      return (await features()).linksIn(line);
    },
    async handleTerminalLink({ page }) {
      await vscode.commands.executeCommand('lossLens.openReference', page);
    },
  };
  const underCells: vscode.NotebookCellStatusBarItemProvider = {
    async provideCellStatusBarItems(cell) {
      if (cell.outputs.length === 0) return [];
      return (await features()).explanationsOf(cell);
    },
  };
  return vscode.Disposable.from(
    vscode.window.registerTerminalLinkProvider(inTerminals),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider('*', underCells),
  );
}
