/** Losses that another file of the workspace makes. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors } from './browser.ts';
import { hoverAfter, workspaceFile, write } from './modules.ts';

const losses = 'from torch import nn\n\ncriterion = nn.HuberLoss(delta=0.25)\n';
const train = 'from .losses import criterion\n\nloss = criterion(output, target)\n';

describe('a loss of another file', () => {
  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
  });
  after(closeEditors);

  it('is described, with the options that it was made with there', async () => {
    await workspaceFile('parts/losses.py', losses);
    const document = await workspaceFile('parts/train.py', train);
    await hoverAfter(document, 'import criterion', /torch\.nn\.HuberLoss\(/);
    assert.match(await hoverAfter(document, 'criterion(', /torch\.nn\.HuberLoss\(/), /delta=0\.25/);
  });

  it('is what the editor has of that file, saved or not', async () => {
    const other = await workspaceFile('parts/losses.py', losses);
    const document = await workspaceFile('parts/train.py', train);
    await hoverAfter(document, 'criterion(', /torch\.nn\.HuberLoss\(/);
    const edit = new vscode.WorkspaceEdit();
    const start = other.getText().indexOf('HuberLoss');
    edit.replace(
      other.uri,
      new vscode.Range(other.positionAt(start), other.positionAt(losses.length - 1)),
      'L1Loss()',
    );
    await vscode.workspace.applyEdit(edit);
    assert(other.isDirty);
    await hoverAfter(document, 'criterion(', /torch\.nn\.L1Loss\(/);
  });

  it('is found when its file appears', async () => {
    const document = await workspaceFile('parts/later.py', 'from parts.late import made\n\nmade(a, b)\n');
    assert.equal(await hoverAfter(document, 'made(', /^$/), '');
    await write('parts/late.py', 'import torch\nmade = torch.nn.KLDivLoss()\n');
    await hoverAfter(document, 'made(', /torch\.nn\.KLDivLoss\(/);
  });
});
