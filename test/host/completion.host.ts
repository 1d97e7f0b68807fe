/** Completion, the command and signatures as the editor shows them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { allThemes, browser, closeEditors, putCursor, says, showText, until, withTheme } from './browser.ts';

function open(content: string, language = 'python'): Promise<vscode.TextEditor> {
  return showText(content, language);
}

async function completions(content: string, language = 'python'): Promise<readonly vscode.CompletionItem[]> {
  const { document } = await open(content.replace('|', ''), language);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    document.positionAt(content.indexOf('|')),
  );
  return list.items.filter(
    ({ label, kind }) => typeof label === 'object' && kind === vscode.CompletionItemKind.Snippet,
  );
}

const labelOf = ({ label }: vscode.CompletionItem): string =>
  typeof label === 'string' ? label : label.label;

function toEnd(editor: vscode.TextEditor, columnsBack = 0): Promise<void> {
  const { document } = editor;
  return putCursor(editor, document.positionAt(document.getText().length - columnsBack));
}

const torch = 'import torch\nfrom torch import nn\n\n';

describe('completion', () => {
  before(async () => {
    await vscode.extensions.getExtension('loss-lens.loss-lens')!.activate();
    await closeEditors();
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('hideSuggestWidget');
    await closeEditors();
  });

  it('offers training steps of the framework that the file imports', async () => {
    const items = await completions(`${torch}Hub|`);
    const huber = items.find((item) => labelOf(item) === 'HuberLoss');
    assert.ok(huber, items.map(labelOf).join());
    const text = (huber.insertText as vscode.SnippetString).value;
    assert.match(text, /^\$\{1:criterion\} = nn\.HuberLoss\(\)\n/);
    assert.match(text, /loss\.backward\(\)/);
    assert.ok(items.every((item) => !(item.insertText as vscode.SnippetString).value.includes('keras')));
  });

  it('writes it under the names of the file, and adds the imports that it lacks', async () => {
    const [pinball] = (await completions('import tensorflow as tf\n\npin|')).filter(
      (item) => labelOf(item) === 'Pinball loss',
    );
    assert.ok(pinball, 'no completion in Keras');
    assert.match((pinball!.insertText as vscode.SnippetString).value, /tf\.keras\.ops\.where/);
    const [poly] = (await completions('import jax\n\npoly|')).filter((item) => /poly/.test(labelOf(item)));
    assert.deepEqual(
      poly!.additionalTextEdits?.map(({ newText, range }) => [newText, range.start.line]),
      [['import optax\n', 1]],
    );
  });

  it('offers those of TensorFlow.js in TypeScript', async () => {
    const items = await completions("import * as tf from '@tensorflow/tfjs';\n\nhub|", 'typescript');
    const huber = items.find((item) => labelOf(item) === 'huberLoss');
    assert.match((huber!.insertText as vscode.SnippetString).value, /minimize\(\(\) => \{/);
  });

  it('offers the metrics of packages that the file imports', async () => {
    const pinball = async (content: string) =>
      (await completions(content))
        .map(labelOf)
        .filter((label) => /pinball/i.test(label))
        .toSorted();
    assert.deepEqual(await pinball('import numpy as np\n\npin|'), ['Pinball loss']);
    assert.deepEqual(await pinball('import sklearn.metrics\n\npin|'), ['Pinball loss', 'mean_pinball_loss']);
  });

  for (const [where, content] of [
    ['a comment', `${torch}# |`],
    ['a comment with a word', `${torch}#\n# Hub|`],
    ['a string', `${torch}"""\nHub|\n"""\n`],
    ['an expression', `${torch}x = Hub|`],
    ['an attribute', `${torch}nn.Hub|`],
    ['a file without a framework', 'import os\n\nHub|'],
  ] as const) {
    it(`is silent in ${where}`, async () => {
      assert.deepEqual((await completions(content)).map(labelOf), []);
    });
  }

  it('says the formula and what the arrays hold', async () => {
    const { document } = await open(`${torch}Hub`);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(document.getText().length),
      undefined,
      200,
    );
    const huber = items.find((item) => labelOf(item) === 'HuberLoss')!;
    assert.equal(huber.detail, 'Huber loss');
    assert.match((huber.documentation as vscode.MarkdownString).value, /loss = mean of ½r²/);
  });

  it('inserts a step by keyboard', async () => {
    const editor = await open(torch);
    await toEnd(editor);
    await browser.type('TripletMarg');
    await browser.waitFor(
      'workbench',
      '.suggest-widget.visible .monaco-list-row:has-text("TripletMarginLoss")',
    );
    await browser.press('Enter');
    await until(() => editor.document.getText().includes('loss.backward()'), 'nothing is inserted');
    assert.match(editor.document.getText(), /^criterion = nn\.TripletMarginLoss\(\)$/m);
    await browser.type('triplet');
    await until(
      () => /^loss = triplet\(anchor, positive, negative\)/m.test(editor.document.getText()),
      'a name is not filled in everywhere',
    );
  });

  for (const theme of allThemes) {
    it(`is shown in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        await toEnd(await open(torch));
        await browser.type('crossent');
        await browser.waitFor(
          'workbench',
          '.suggest-widget.visible .monaco-list-row:has-text("CrossEntropyLoss")',
        );
        await vscode.commands.executeCommand('toggleSuggestionDetails');
        await browser.waitFor('workbench', '.suggest-details:visible');
        await browser.screenshot(`completion-${theme}`);
        await vscode.commands.executeCommand('toggleSuggestionDetails');
        await vscode.commands.executeCommand('hideSuggestWidget');
      });
    });
  }
});

describe('Insert Loss Snippet…', () => {
  before(closeEditors);
  afterEach(closeEditors);

  it('asks for the loss, and takes the framework that the file imports', async () => {
    const editor = await open(torch);
    await toEnd(editor);
    const done = vscode.commands.executeCommand('lossLens.insertSnippet');
    await browser.waitFor('workbench', '.quick-input-widget:visible');
    await browser.type('huber');
    await browser.press('Enter');
    await done;
    assert.match(editor.document.getText(), /criterion = nn\.HuberLoss\(\)[\s\S]*optimizer\.step\(\)$/);
  });

  it('asks for the framework where the file does not say it', async () => {
    const editor = await open('"""Nothing yet."""\n');
    await toEnd(editor);
    const done = vscode.commands.executeCommand('lossLens.insertSnippet');
    await browser.waitFor('workbench', '.quick-input-widget:visible');
    await browser.type('pinball');
    await browser.press('Enter');
    await browser.waitFor('workbench', '.quick-input-widget:visible .monaco-list-row:has-text("NumPy")');
    await browser.screenshot('insert-snippet');
    await browser.type('NumPy');
    await browser.press('Enter');
    await done;
    const text = editor.document.getText();
    assert.match(text, /^"""Nothing yet\."""\nimport numpy as np\n/);
    assert.match(text, /def pinball\(prediction, target, alpha=0\.5\):/);
  });

  it('stands below the statement that a hover is of', async () => {
    const source = `${torch}def train():\n    criterion = nn.HuberLoss(\n        delta=0.5,\n    )\n    return 1\n`;
    const editor = await open(source);
    const at = editor.document.positionAt(source.indexOf('HuberLoss'));
    await vscode.commands.executeCommand('lossLens.insertSnippet', {
      uri: editor.document.uri.toString(),
      line: at.line,
      character: at.character,
      name: 'torch.nn.HuberLoss',
    });
    assert.match(
      editor.document.getText(),
      /delta=0\.5,\n {4}\)\n {4}criterion = nn\.HuberLoss\(\)\n[\s\S]*\n {4}optimizer\.step\(\)\n {4}return 1\n$/,
    );
  });

  it('says where there is nothing to compute it with', async () => {
    await open("import * as tf from '@tensorflow/tfjs';\n", 'typescript');
    void vscode.commands.executeCommand('lossLens.insertSnippet');
    await browser.waitFor('workbench', '.quick-input-widget:visible');
    await browser.type('ctc');
    await browser.press('Enter');
    await says('TensorFlow.js has nothing to compute');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

describe('signature help', () => {
  const help = async (content: string): Promise<vscode.SignatureHelp | undefined> => {
    const { document } = await open(content.replace('|', ''));
    return vscode.commands.executeCommand<vscode.SignatureHelp | undefined>(
      'vscode.executeSignatureHelpProvider',
      document.uri,
      document.positionAt(content.indexOf('|')),
    );
  };

  before(closeEditors);
  afterEach(closeEditors);

  it('says what each argument of a loss does', async () => {
    const found = await help(`${torch}criterion = nn.CrossEntropyLoss(weight=None, label_smoothing=|)`);
    const [signature] = found!.signatures;
    assert.match(signature!.label, /^CrossEntropyLoss\(weight=None, /);
    const active = signature!.parameters[signature!.activeParameter ?? found!.activeParameter]!;
    const [start, end] = active.label as [number, number];
    assert.equal(signature!.label.slice(start, end), 'label_smoothing=0.0');
    assert.match((active.documentation as vscode.MarkdownString).value, /spread evenly/);
  });

  it('leaves all other calls to the language server', async () => {
    assert.equal(await help(`${torch}layer = nn.Linear(|)`), undefined);
  });

  it("keeps what a language server says within reach, behind the loss's own", async () => {
    const other = vscode.languages.registerSignatureHelpProvider(
      { language: 'python' },
      {
        provideSignatureHelp() {
          const result = new vscode.SignatureHelp();
          result.signatures = [new vscode.SignatureInformation('(delta: float = 1.0) -> HuberLoss')];
          result.activeParameter = 0;
          return result;
        },
      },
      '(',
    );
    try {
      const source = `${torch}criterion = nn.HuberLoss(|)`;
      // The other one is waited for a quarter of a second only, which a busy machine may take.
      let signatures: readonly vscode.SignatureInformation[] = [];
      await until(async () => {
        signatures = (await help(source))!.signatures;
        return signatures.length === 2;
      }, 'the signatures of both are not given');
      assert.deepEqual(
        signatures.map(({ label }) => label.slice(0, 10)),
        ['HuberLoss(', '(delta: fl'],
      );
    } finally {
      other.dispose();
    }
  });

  for (const theme of allThemes) {
    it(`is shown in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        const content = `${torch}criterion = nn.HuberLoss(delta=)`;
        await toEnd(await open(content), 1);
        await vscode.commands.executeCommand('editor.action.triggerParameterHints');
        await browser.waitFor('workbench', '.parameter-hints-widget.visible');
        await browser.screenshot(`signature-${theme}`);
        await vscode.commands.executeCommand('closeParameterHints');
      });
    });
  }
});
