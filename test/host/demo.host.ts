/** What the demo promises in its README, done as a person does it: with the mouse, the keyboard and the palette. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors } from './browser.ts';

describe('demo', () => {
  let editor: vscode.TextEditor;

  before(async () => {
    await closeEditors();
    const [file] = await vscode.workspace.findFiles('train_torch.py');
    assert(file, 'the workspace is not the demo');
    editor = await vscode.window.showTextDocument(file);
  });

  after(closeEditors);

  it('shows the formula where the mouse rests on nn.HuberLoss', async () => {
    await browser.hover('workbench', '.view-line:has-text("HuberLoss")', 'HuberLoss');
    await browser.waitFor('workbench', '.monaco-hover:visible:has-text("torch.nn.HuberLoss") img');
    await browser.screenshot('demo-hover');
    await browser.press('Escape');
  });

  it('evaluates the two selected lists', async () => {
    const text = editor.document.getText();
    editor.selections = ['prediction = ', 'target = '].map((name) => {
      const start = text.indexOf(name) + name.length;
      const end = text.indexOf(']', start) + 1;
      return new vscode.Selection(editor.document.positionAt(start), editor.document.positionAt(end));
    });
    await browser.press('F1');
    await browser.type('Evaluate Loss');
    await browser.waitFor('workbench', '.quick-input-list .focused:has-text("Loss Lens: Evaluate Loss…")');
    await browser.press('Enter');
    // What PyTorch 2.13 prints when the file is run.
    await browser.waitFor('webview', ':text("1.905")');
    await browser.screenshot('demo-evaluate');
  });
});
