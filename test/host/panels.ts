/** The panel in the tests: evaluations that open it, and what of it is read and changed again and again. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, eventually, showText } from './browser.ts';

export const huber = `from torch import nn, tensor
import torch.nn.functional as F

prediction = tensor([21.4, 18.9, 25.1, 16.0, 30.2, 12.7])
target = tensor([21.0, 19.5, 24.8, 27.5, 29.9, 13.1])
loss = nn.HuberLoss()(prediction, target)
`;

export const bce = `from torch import nn, tensor
loss = nn.BCELoss()(tensor([0.9, 0.2, 0.65, 0.08, 0.5, 0.0]), tensor([1.0, 0.0, 1.0, 1.0, 0.0, 1.0]))
`;

/** Opens the text and evaluates the loss that is named there. */
export async function evaluate(content: string, name: string): Promise<vscode.TextDocument> {
  const { document } = await showText(content, 'python');
  const { line, character } = document.positionAt(content.lastIndexOf(name) + 1);
  await vscode.commands.executeCommand('lossLens.evaluate', {
    uri: document.uri.toString(),
    line,
    character,
  });
  return document;
}

export async function valueIs(value: string): Promise<void> {
  await eventually(
    () => browser.text('webview', '.value'),
    (seen) => assert.equal(seen, value),
  );
  // Drawn after the value is there.
  await browser.waitFor('webview', '.formula .katex-html');
  await browser.waitFor('webview', '.plot .points');
}

export function panels(): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview);
}

export async function closePanels(): Promise<void> {
  await vscode.window.tabGroups.close(panels());
}

/** Brings another document in front of the panel of this loss, and takes it away again. */
export async function hideAndShow(loss: string): Promise<void> {
  const other = await vscode.workspace.openTextDocument({ content: 'in front' });
  await vscode.window.showTextDocument(other, vscode.ViewColumn.Two);
  await eventually(
    () => browser.count('workbench', `.tab.active:has-text("${loss}")`),
    (count) => assert.equal(count, 0, `the panel of ${loss} is in view`),
  );
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}

/** Replaces the text of a parameter's field, as a user does. */
export async function typeInto(parameter: string, text: string): Promise<void> {
  await browser.click('webview', `[data-parameter="${parameter}"] >> role=textbox`);
  // Not Control+A, which the editor carries out itself, in its own time.
  await browser.press('End');
  for (let i = 0; i < 8; i++) await browser.press('Backspace');
  await browser.type(text);
}
