/** What Loss Lens does in the browser, each feature once: in files of the virtual workspace, and in a notebook. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, eventually, putCursor, says, showHover } from './browser.ts';
import { workspaceFile, write } from './modules.ts';
import { showsValue } from './questions.ts';

interface SavedCell {
  readonly source: string;
  readonly printed?: string;
}

/**
 * The pinned VS Code brings its reader of notebooks built for Node alone, while VS Code for the Web has one for browsers.
 * This one reads cells and what they printed.
 */
const serializer: vscode.NotebookSerializer = {
  deserializeNotebook(content) {
    const saved = JSON.parse(new TextDecoder().decode(content)) as readonly SavedCell[];
    return new vscode.NotebookData(
      saved.map(({ source, printed }) => {
        const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source, 'python');
        if (printed === undefined) return cell;
        const item = vscode.NotebookCellOutputItem.text(printed);
        // As VS Code's own reader says that it is the value of the cell's last expression.
        cell.outputs = [new vscode.NotebookCellOutput([item], { outputType: 'execute_result' })];
        return cell;
      }),
    );
  },
  serializeNotebook: () => new Uint8Array(),
};

describe('Loss Lens in the browser', () => {
  let provided: vscode.Disposable;

  before(async () => {
    provided = vscode.workspace.registerNotebookSerializer('jupyter-notebook', serializer);
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
  });

  beforeEach(closeEditors);
  after(async () => {
    await closeEditors();
    provided.dispose();
  });

  it('shows the typeset formula of a loss', async () => {
    const document = await workspaceFile('hovered.py', 'from torch import nn\n\nrule = nn.CTCLoss()\n');
    const editor = await vscode.window.showTextDocument(document);
    await putCursor(editor, new vscode.Position(2, 12));
    await showHover('.monaco-hover:visible img[src^="data:image/svg+xml"]');
    await browser.screenshot('web-hover');
  });

  it('reports what contradicts itself, and mends it', async () => {
    const source = `from torch import nn
from torch.nn import functional as F

classify = nn.CrossEntropyLoss()
loss = classify(F.softmax(scores, dim=1), weather)
`;
    const document = await workspaceFile('checked.py', source);
    await vscode.window.showTextDocument(document);
    const [finding] = await eventually(
      () => vscode.languages.getDiagnostics(document.uri).filter((each) => each.source === 'Loss Lens'),
      (found) => assert.equal(found.length, 1),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      finding!.range,
    );
    assert(actions.length > 0, 'nothing mends it');
  });

  it('offers training steps', async () => {
    const document = await workspaceFile('completed.py', 'import torch\nfrom torch import nn\n\nHub');
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(3, 3),
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert(labels.includes('HuberLoss'), labels.slice(0, 20).join(', '));
  });

  it('opens the reference, with formulas and the curve', async () => {
    await vscode.commands.executeCommand('lossLens.openReference', 'huber');
    await browser.waitFor('webview', 'h1:text-is("Huber loss")');
    await browser.waitFor('webview', '.math .katex');
    await browser.waitFor('webview', '.plot .curve path');
  });

  it('evaluates on the saved outputs of a notebook', async () => {
    const cells: readonly SavedCell[] = [
      { source: 'prediction', printed: 'tensor([0., 3.])' },
      { source: 'target', printed: 'tensor([1., 1.])' },
      { source: 'from torch import nn\nnn.MSELoss()(prediction, target)' },
    ];
    const notebook = await vscode.workspace.openNotebookDocument(
      await write('saved.ipynb', JSON.stringify(cells)),
    );
    await vscode.window.showNotebookDocument(notebook, { selections: [new vscode.NotebookRange(2, 3)] });
    // They are exact, and the call names them: nothing is asked.
    await vscode.commands.executeCommand('lossLens.evaluateCell');
    await showsValue('2.5');
  });

  it('says what an array of a kernel needs', async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('lossLens.checkGradient');
    await says('checked in a notebook, by its kernel');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
