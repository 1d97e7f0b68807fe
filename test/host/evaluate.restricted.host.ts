/** `Evaluate Loss…` reads text and runs none of it, so Restricted Mode changes nothing. */
import * as vscode from 'vscode';
import { browser, closeEditors } from './browser.ts';

describe('evaluate in Restricted Mode', () => {
  after(closeEditors);

  it('evaluates the call under the cursor', async () => {
    const content = 'import torch.nn.functional as F\nF.mse_loss([0.0, 3.0], [1.0, 1.0])\n';
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 4, 1, 4);
    await vscode.commands.executeCommand('lossLens.evaluate');
    await browser.waitFor('webview', '.section-value:has-text("2.5")');
  });
});
