/** Hovers as the editor serves and shows them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { allThemes, browser, closeEditors, evaluateIn, putCursor, showHover, withTheme } from './browser.ts';

const source = `import torch
from torch import nn
from torch.nn import BCELoss, HuberLoss
import torch.nn.functional as F

criterion = nn.HuberLoss(delta=0.5)
loss = criterion(output, target)
other = F.binary_cross_entropy(output, target)
unrelated = nn.Linear(2, 3)
model.compile(optimizer='adam', loss='mse')
`;

function open(content: string): Thenable<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ language: 'python', content });
}

/** Our hover at the nth place where this stands, as one text. */
async function hoverOn(document: vscode.TextDocument, text: string, nth = 0): Promise<string | undefined> {
  let offset = document.getText().indexOf(text);
  for (let i = 0; i < nth; i++) offset = document.getText().indexOf(text, offset + 1);
  assert(offset >= 0, `${text} is not in the document`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset + 1),
  );
  const contents = hovers.flatMap((hover) => hover.contents as vscode.MarkdownString[]);
  return contents.length === 0 ? undefined : contents.map(({ value }) => value).join('\n');
}

describe('hover', () => {
  let subject: vscode.TextDocument;

  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await closeEditors();
    subject = await open(source);
  });

  after(closeEditors);

  for (const [what, text, nth, symbol] of [
    ['a class', 'HuberLoss', 1, 'torch.nn.HuberLoss('],
    ['an instance', 'criterion(', 0, 'torch.nn.HuberLoss('],
    ['a function', 'binary_cross_entropy', 0, 'torch.nn.functional.binary_cross_entropy('],
    ['an import', 'BCELoss', 0, 'torch.nn.BCELoss('],
    ['an assignment', 'criterion', 0, 'torch.nn.HuberLoss('],
  ] as const) {
    it(`describes ${what}`, async () => {
      const hover = await hoverOn(subject, text, nth);
      assert(hover, 'no hover');
      assert(hover.includes(symbol), hover);
      assert.match(hover, /<img src="data:image\/svg\+xml;base64,/);
      assert.match(hover, /command:lossLens\.evaluate/);
    });
  }

  it('describes a Keras string id', async () => {
    const keras = await open("import keras\nmodel.compile(optimizer='adam', loss='mse')\n");
    const hover = await hoverOn(keras, 'mse');
    assert(hover?.includes('keras.losses.mean_squared_error('), hover ?? 'no hover');
  });

  for (const [language, name, source] of [
    [
      'TypeScript',
      'typescript',
      "import * as tf from '@tensorflow/tfjs';\ntf.losses.huberLoss(a, b, undefined, 0.5);\n",
    ],
    [
      'JavaScript',
      'javascript',
      "const { losses } = require('@tensorflow/tfjs');\nlosses.huberLoss(a, b, undefined, 0.5);\n",
    ],
    [
      'TSX',
      'typescriptreact',
      "import * as tf from '@tensorflow/tfjs';\nconst x = <p>{tf.losses.huberLoss(a, b, undefined, 0.5)}</p>;\n",
    ],
    [
      'JSX',
      'javascriptreact',
      "import * as tf from '@tensorflow/tfjs';\nconst x = <p>{tf.losses.huberLoss(a, b, undefined, 0.5)}</p>;\n",
    ],
  ] as const) {
    it(`describes a loss in ${language}, with what its call sets`, async () => {
      const document = await vscode.workspace.openTextDocument({ language: name, content: source });
      const hover = await hoverOn(document, 'huberLoss');
      assert(hover?.includes('tf.losses.huberLoss(labels, predictions, '), hover ?? 'no hover');
      assert.match(hover!, /Set here: delta=0\.5/);
      assert.match(hover!, /<img src="data:image\/svg\+xml;base64,/);
    });
  }

  it('describes a string that compile takes in TypeScript', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'typescript',
      content:
        "import * as tf from '@tensorflow/tfjs';\nmodel.compile({ optimizer: 'adam', loss: 'hinge' });\n",
    });
    const hover = await hoverOn(document, 'hinge');
    assert(hover?.includes("model.compile({ loss: 'hinge' })"), hover ?? 'no hover');
  });

  it('knows in a notebook what its earlier cells import', async () => {
    const cell = (value: string) =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, value, 'python');
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([
        cell('from torch import nn'),
        cell('c = nn.HuberLoss(delta=0.5)'),
        cell('c(a, b)'),
      ]),
    );
    const { document } = notebook.cellAt(2);
    const hover = await hoverOn(document, 'c(');
    assert(hover?.includes('torch.nn.HuberLoss('), hover ?? 'no hover');
    assert.match(hover!, /Set here: delta=0\.5/);
  });

  it('explains a symbol that it cannot evaluate, and says why', async () => {
    const document = await open(
      'from pytorch_metric_learning import losses\ncriterion = losses.ArcFaceLoss(10, 128, margin=30)\n',
    );
    const hover = (await hoverOn(document, 'ArcFaceLoss')) ?? '';
    assert(
      hover?.includes('ArcFaceLoss(num_classes, embedding_size, margin=28.6, scale=64'),
      hover ?? 'no hover',
    );
    assert.match(hover, /It cannot be evaluated here: it has weights of its own/);
    assert.match(hover, /<img src="data:image\/svg\+xml;base64,/);
    assert.doesNotMatch(hover, /command:lossLens\.evaluate/);
    assert.match(hover, /Set here: .*margin=30/);
  });

  it("describes the user's own loss by the comment on its line", async () => {
    const document = await open('def mine(p, y):  # loss: dice\n    return 0\n\nvalue = mine(a, b)\n');
    const hover = await hoverOn(document, 'mine(a');
    assert.match(hover ?? 'no hover', /\*\*Dice/);
    assert.match(hover!, /Declared by the comment `# loss: dice`/);
    assert.match(hover!, /command:lossLens\.evaluate/);
  });

  it('says what depends on the version', async () => {
    const document = await open('import keras\nkeras.losses.Tversky()\n');
    assert.match((await hoverOn(document, 'Tversky'))!, /Keras before 3\.16: /);
  });

  it('shows what this call sets', async () => {
    assert.match((await hoverOn(subject, 'criterion('))!, /Set here: delta=0\\?\.5 \(default 1\.0\)/);
    const entropy = await open(
      'import torch.nn as nn\nloss = nn.CrossEntropyLoss(weight=w, label_smoothing=0.1, size_average=False)\n',
    );
    const hover = (await hoverOn(entropy, 'CrossEntropyLoss'))!;
    assert.match(hover, /weight=w \(default None\), label\\?_smoothing=0\\?\.1 \(default 0\.0\)/);
    assert.match(hover, /size\\?_average=False \(default None\) \*\*deprecated: use `reduction`\*\*/);
  });

  it('links to a snippet', async () => {
    assert.match((await hoverOn(subject, 'criterion('))!, /command:lossLens\.insertSnippet\?/);
  });

  it('is silent on what is no loss', async () => {
    for (const text of ['Linear', 'output', 'target', 'import torch']) {
      assert.equal(await hoverOn(subject, text), undefined, text);
    }
  });

  it('stays within what the editor shows of one Markdown string, for every symbol', async () => {
    const { readFile } = await import('node:fs/promises');
    const extension = vscode.extensions.getExtension('loss-lens.loss-lens')!;
    const pages = JSON.parse(await readFile(`${extension.extensionPath}/dist/pages.json`, 'utf8'));
    // Those that Python can import: TensorFlow.js' are another language's.
    const symbols = Object.keys(pages.curves).filter(
      (name) => !(name in pages.losses) && !/^tf\.(losses|layers)\./.test(name),
    );
    symbols.push(...Object.keys(pages.formulas));
    assert(symbols.length > 10);
    const imports = symbols.map((symbol, index) => {
      const at = symbol.lastIndexOf('.');
      return `from ${symbol.slice(0, at)} import ${symbol.slice(at + 1)} as loss${index}\nloss${index}`;
    });
    const all = await open(imports.join('\n'));
    for (const [index, symbol] of symbols.entries()) {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        all.uri,
        new vscode.Position(2 * index + 1, 1),
      );
      const contents = hovers.flatMap((hover) => hover.contents as vscode.MarkdownString[]);
      assert(contents.length > 0, `${symbol} has no hover`);
      for (const { value } of contents) assert(value.length <= 60_000, `${symbol}: ${value.length}`);
    }
  });

  it('is shown with the formula of a symbol that is only explained', async () => {
    const text =
      'from pytorch_metric_learning import losses\n\n\n\ncriterion = losses.ArcFaceLoss(10, 128)\n';
    const document = await open(text);
    const shown = await vscode.window.showTextDocument(document);
    await putCursor(shown, document.positionAt(text.indexOf('ArcFaceLoss') + 2));
    await showHover('.monaco-hover img[alt*="softmax cross-entropy"]');
    await browser.screenshot('hover-explained');
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    await vscode.commands.executeCommand('editor.action.hideHover');
  });

  for (const theme of allThemes) {
    it(`is shown with its formula in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        const shown = await vscode.window.showTextDocument(subject);
        await putCursor(shown, subject.positionAt(source.indexOf('criterion(') + 2));
        await showHover('.monaco-hover img[alt*="loss"]');
        const [drawn, height] = await evaluateIn('workbench', () => {
          const image = document.querySelector<HTMLImageElement>('.monaco-hover img')!;
          return [image.complete && image.naturalWidth > 0, image.getBoundingClientRect().height] as const;
        });
        assert(drawn, 'the formula is not drawn');
        assert(height > 20, `the formula is ${height} pixels high`);
        await browser.screenshot(`hover-${theme}`);
        await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
        await vscode.commands.executeCommand('editor.action.hideHover');
      });
    });
  }

  it('says of a file that is too large that only its beginning is read', async () => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'large.py');
    const text = `from torch import nn\n${'x = nn.HuberLoss(delta=0.5)\n'.repeat(50_000)}`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const { document } = await vscode.window.showTextDocument(uri);
    assert(await hoverOn(document, 'HuberLoss'), 'no hover at the beginning');
    await browser.waitFor('workbench', '[id="status.languageStatus"]:visible');
    await browser.click('workbench', '[id="status.languageStatus"]');
    await browser.waitFor('workbench', ':text("Only the beginning is searched for losses"):visible');
    await browser.screenshot('hover-large-file');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(uri);
  });

  it('is shown once in a TypeScript file, beside what TypeScript says', async () => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'train_tfjs.ts');
    const shown = await vscode.window.showTextDocument(uri);
    await putCursor(shown, shown.document.positionAt(shown.document.getText().indexOf('huberLoss') + 2));
    await showHover('.monaco-hover img[alt*="loss"]');
    const pictures = await evaluateIn(
      'workbench',
      () => document.querySelectorAll('.monaco-hover img').length,
    );
    assert.equal(pictures, 2);
    await browser.screenshot('hover-typescript');
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    await vscode.commands.executeCommand('editor.action.hideHover');
  });
});
