/** What the tests before and after a reload of the window have in common. */
import * as vscode from 'vscode';

/** Of one file in the workspace: its losses, by line. */
export const losses = `from torch import nn, tensor

prediction = tensor([21.4, 18.9, 25.1, 16.0, 30.2, 12.7])
target = tensor([21.0, 19.5, 24.8, 27.5, 29.9, 13.1])
huber = nn.HuberLoss()(prediction, target)
bce = nn.BCELoss()(tensor([0.9, 0.8]), tensor([1.0, 1.0]))
`;

export const workspaceFile = (name: string): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);

/** Evaluates what stands in that line of the losses; the panel comes up beside them. */
export async function evaluateLine(line: number): Promise<void> {
  const file = workspaceFile('reloaded.py');
  await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One });
  await vscode.commands.executeCommand('lossLens.evaluate', { uri: file.toString(), line, character: 12 });
}

export const panelLabels = (): string[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview)
    .map(({ label }) => label);
