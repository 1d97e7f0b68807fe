/** Notebooks whose cells run on a real kernel, behind the stand-in for the Jupyter extension. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { StandIn } from '../kernel/jupyter/extension.ts';
import { browser, says, until } from './browser.ts';

export async function standIn(): Promise<StandIn> {
  const jupyter = vscode.extensions.getExtension<{ standIn: StandIn }>('ms-toolsai.jupyter');
  assert(jupyter, 'the stand-in for Jupyter is not installed');
  return (await jupyter.activate()).standIn;
}

/** A notebook of these cells, shown, with its kernel selected and not yet started. */
export async function openNotebook(cells: readonly string[]): Promise<vscode.NotebookDocument> {
  await standIn();
  const data = cells.map((code) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, 'python'));
  const notebook = await vscode.workspace.openNotebookDocument(
    'jupyter-notebook',
    new vscode.NotebookData(data),
  );
  const editor = await vscode.window.showNotebookDocument(notebook);
  const kernel = { id: 'loss-lens-test-kernel', extension: 'ms-toolsai.jupyter', editor };
  await vscode.commands.executeCommand('notebook.selectKernel', kernel);
  return notebook;
}

/** Runs the cell to its end. */
export async function runCell(notebook: vscode.NotebookDocument, index: number): Promise<void> {
  const endOf = (): number | undefined => notebook.cellAt(index).executionSummary?.timing?.endTime;
  const before = endOf();
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
  await until(() => endOf() !== undefined && endOf() !== before, 'the cell does not end', 60_000);
  assert.equal(notebook.cellAt(index).executionSummary?.success, true, 'the cell failed');
}

/** Answers the Jupyter extension's question. */
export async function grant(answered: 'Allow' | 'Deny'): Promise<void> {
  await says('grant Kernel access to the extension Loss Lens');
  await browser.click('workbench', `.notifications-center .monaco-button:has-text("${answered}")`);
}
