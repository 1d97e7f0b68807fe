/** Diagnostics and quick fixes of the checks, as the editor shows them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  browser,
  closeEditors,
  eventually,
  putCursor,
  showHover,
  showText,
  until,
  withTheme,
} from './browser.ts';

const source = `import torch
from torch import nn

classify = nn.CrossEntropyLoss()


class Weather(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(12, 3), nn.Softmax(dim=1))

    def forward(self, features):
        return self.layers(features)


model = Weather()


def train(batches, optimizer):
    for features, weather in batches:
        loss = classify(model(features), weather)
        loss.backward()
        optimizer.step()
`;

const own = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === 'Loss Lens');

const codes = (uri: vscode.Uri) => own(uri).map(({ code }) => (code as { value: string }).value);

async function reported(uri: vscode.Uri, expected: readonly string[]): Promise<void> {
  await eventually(
    () => codes(uri),
    (found) => assert.deepEqual(found, expected),
  );
}

function open(content: string, language = 'python'): Promise<vscode.TextEditor> {
  return showText(content, language);
}

function actionsAt(document: vscode.TextDocument, text: string): Thenable<vscode.CodeAction[]> {
  const at = document.positionAt(document.getText().indexOf(text) + 1);
  return vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(at, at),
  );
}

async function apply(document: vscode.TextDocument, text: string, title: string): Promise<void> {
  const actions = await actionsAt(document, text);
  const action = actions.find((offered) => offered.title === title);
  assert(action?.edit, `no ‘${title}’ among ${actions.map((offered) => offered.title).join(', ')}`);
  await vscode.workspace.applyEdit(action.edit);
}

const script = `import * as tf from '@tensorflow/tfjs';

const model = tf.sequential();
model.add(tf.layers.dense({ units: 16, activation: 'relu', inputShape: [12] }));
model.add(tf.layers.dense({ units: 3 }));
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
`;

describe('checks', () => {
  const settings = () => vscode.workspace.getConfiguration('lossLens.checks');

  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await closeEditors();
  });

  afterEach(async () => {
    for (const key of ['enabled', 'severity']) {
      await settings().update(key, undefined, vscode.ConfigurationTarget.Global);
    }
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await closeEditors();
  });

  it('report a softmax before cross-entropy where it is passed, and where it is', async () => {
    const { document } = await open(source);
    await reported(document.uri, ['softmax-before-cross-entropy']);
    const [diagnostic] = own(document.uri);
    assert.equal(document.getText(diagnostic!.range), 'model(features)');
    assert.equal(diagnostic!.severity, vscode.DiagnosticSeverity.Warning);
    const [related] = diagnostic!.relatedInformation!;
    assert.equal(document.getText(related!.location.range), 'nn.Softmax(dim=1)');
  });

  it('take back what an edit or a quick fix has mended', async () => {
    const { document } = await open(source);
    await reported(document.uri, ['softmax-before-cross-entropy']);
    await apply(document, 'model(features)', 'Remove the softmax layer');
    assert.match(document.getText(), /nn\.Sequential\(nn\.Linear\(12, 3\)\)/);
    await reported(document.uri, []);
  });

  it('of a long file are of its text as it is, however it is edited while they are made', async () => {
    const step = (name: string): string =>
      `def ${name}(model, x, y):\n${'    x = x + y\n'.repeat(8)}    return nn.CrossEntropyLoss()(torch.softmax(model(x), dim=1), y)\n\n`;
    const steps = Array.from({ length: 900 }, (_, part) => step(`step_${part}`)).join('');
    const editor = await open(`import torch\nfrom torch import nn\n${steps}`);
    const { document } = editor;
    await until(() => own(document.uri).length === 900, 'not every step is reported');
    const atTop = new vscode.Position(0, 0);
    for (let i = 0; i < 3; i++) {
      await editor.edit((edit) => edit.insert(atTop, '\n'));
      // Asked with every move of the cursor: begins the checks, which the next edit ends.
      actionsAt(document, 'torch.softmax(model(x)').then(undefined, () => undefined);
    }
    await editor.edit((edit) => edit.insert(new vscode.Position(document.lineCount, 0), step('last')));
    const actions = await actionsAt(document, 'torch.softmax(model(x)');
    const titles = actions.map(({ title }) => title);
    assert(titles.includes('Ignore softmax-before-cross-entropy here'), titles.join());
    await until(() => own(document.uri).length === 901, 'the last step is not reported');
    for (const { range } of own(document.uri))
      assert.equal(document.getText(range), 'torch.softmax(model(x), dim=1)');
  });

  it('are silenced in one place by a comment that a quick fix writes', async () => {
    const { document } = await open(source);
    await reported(document.uri, ['softmax-before-cross-entropy']);
    await apply(document, 'model(features)', 'Ignore softmax-before-cross-entropy here');
    assert.match(
      document.getText(),
      /\n {8}# loss-lens: ignore\[softmax-before-cross-entropy\]\n {8}loss = /,
    );
    await reported(document.uri, []);
  });

  it('follow the settings', async () => {
    const { document } = await open(source);
    await reported(document.uri, ['softmax-before-cross-entropy']);
    const { Global } = vscode.ConfigurationTarget;
    await settings().update('severity', { 'softmax-before-cross-entropy': 'hint' }, Global);
    await until(() => own(document.uri)[0]?.severity === vscode.DiagnosticSeverity.Hint, 'still no hint');
    await settings().update('severity', { 'softmax-before-cross-entropy': 'off' }, Global);
    await reported(document.uri, []);
    await settings().update('severity', undefined, Global);
    await reported(document.uri, ['softmax-before-cross-entropy']);
    await settings().update('enabled', false, Global);
    await reported(document.uri, []);
  });

  it('see through the cells of a notebook, and mend the cell that is meant', async () => {
    const cell = (text: string) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python');
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([
        cell('%matplotlib inline\nfrom torch import nn\nimport torch.nn.functional as F'),
        cell('classify = nn.NLLLoss()'),
        cell('loss = classify(F.softmax(model(x), dim=1), y)'),
      ]),
    );
    await vscode.window.showNotebookDocument(notebook);
    const [, , last] = notebook.getCells().map(({ document }) => document);
    await reported(last!.uri, ['nll-of-probabilities']);
    await apply(last!, 'F.softmax', 'Use log_softmax');
    assert.equal(last!.getText(), 'loss = classify(F.log_softmax(model(x), dim=1), y)');
    await reported(last!.uri, []);
  });

  for (const language of ['typescript', 'javascript', 'typescriptreact', 'javascriptreact']) {
    it(`report, mend and silence in ${language}`, async () => {
      const { document } = await open(script, language);
      const code = 'crossentropy-without-activation';
      await reported(document.uri, [code]);
      await apply(document, 'categorical', `Ignore ${code} here`);
      assert.match(
        document.getText(),
        /\n\/\/ loss-lens: ignore\[crossentropy-without-activation\]\nmodel\.compile/,
      );
      await reported(document.uri, []);
      await vscode.commands.executeCommand('undo');
      await reported(document.uri, [code]);
      await apply(document, 'categorical', "End in activation: 'softmax'");
      assert.match(document.getText(), /units: 3, activation: 'softmax' \}/);
      await reported(document.uri, []);
    });
  }

  it('open the page of what they found from the problems view', async () => {
    const { document } = await open(source);
    await reported(document.uri, ['softmax-before-cross-entropy']);
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    await browser.click('workbench', '.markers-panel a:has-text("softmax-before-cross-entropy")');
    await browser.waitFor('webview', 'h1:text-is("Softmax before cross-entropy")');
  });

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
    it(`show what is wrong and what mends it, in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        const editor = await open(source);
        await reported(editor.document.uri, ['softmax-before-cross-entropy']);
        await putCursor(editor, editor.document.positionAt(source.indexOf('model(features)') + 2));
        // The editor has a hover for a problem as soon as it has underlined it, some time after it was reported.
        await browser.waitFor('workbench', '.monaco-editor .squiggly-warning');
        await showHover('.monaco-hover:visible:has-text("CrossEntropyLoss takes logits")');
        await browser.screenshot(`checks-hover-${theme}`);
        await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
        await vscode.commands.executeCommand('editor.action.hideHover');
        if (theme !== 'dark') return;
        await vscode.commands.executeCommand('editor.action.quickFix');
        await browser.waitFor('workbench', '.action-widget:visible:has-text("Remove the softmax layer")');
        await browser.screenshot('checks-fixes-dark');
        await browser.press('Escape');
      });
    });
  }

  for (const theme of ['dark', 'light'] as const) {
    it(`show what is wrong with a model of TensorFlow.js, in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        const editor = await open(script, 'typescript');
        await reported(editor.document.uri, ['crossentropy-without-activation']);
        await putCursor(editor, editor.document.positionAt(script.indexOf('categorical') + 2));
        await browser.waitFor('workbench', '.monaco-editor .squiggly-warning');
        await showHover('.monaco-hover:visible:has-text("takes probabilities")');
        await browser.screenshot(`checks-script-${theme}`);
        await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
        await vscode.commands.executeCommand('editor.action.hideHover');
      });
    });
  }
});
