/** Reading the user's modules runs nothing, so it needs no trust. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors } from './browser.ts';
import { hoverAfter, workspaceFile } from './modules.ts';

describe('a loss of another file, in Restricted Mode', () => {
  after(closeEditors);

  it('is described', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await workspaceFile('losses.py', 'from torch import nn\ncriterion = nn.HuberLoss(delta=0.25)\n');
    const document = await workspaceFile('train.py', 'from losses import criterion\ncriterion(a, b)\n');
    await hoverAfter(document, 'criterion(', /torch\.nn\.HuberLoss\(/);
  });
});
