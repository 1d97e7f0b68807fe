/** `Evaluate Loss…` from selections, from the call under the cursor and from nothing, to the value in the panel. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, says, showText } from './browser.ts';

const source = `import torch
from torch import nn
import torch.nn.functional as F

criterion = nn.HuberLoss(delta=0.5)
y = torch.tensor([1.0, 1.0])
pred = torch.tensor([0.0, 3.0])
loss = criterion(pred, y)
total = F.huber_loss(torch.tensor([0.0, 3.0]), y, delta=0.5, reduction='sum')
unknown = criterion(model(x), y)
one, two = [0.0, 3.0], [1.0, 1.0]
broken = [[1.0, 2.0], [3.0]]
scaled = nn.HuberLoss(delta=config.delta)(pred, y)
weighted = F.binary_cross_entropy(torch.tensor([0.5, 0.5]), y, weight=w)
`;

/** (0.375 + 0.875) / 2 with delta 0.5. */
const mean = '0.625';

function open(content: string, language = 'python'): Promise<vscode.TextEditor> {
  return showText(content, language);
}

function select(editor: vscode.TextEditor, ...texts: string[]): void {
  editor.selections = texts.map((text) => {
    const start = editor.document.getText().indexOf(text);
    assert(start >= 0, `${text} is not in the document`);
    return new vscode.Selection(
      editor.document.positionAt(start),
      editor.document.positionAt(start + text.length),
    );
  });
}

function putCursor(editor: vscode.TextEditor, before: string): void {
  const position = editor.document.positionAt(editor.document.getText().indexOf(before));
  editor.selection = new vscode.Selection(position, position);
}

function run(...given: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand('lossLens.evaluate', ...given);
}

async function panelShows(value: string, symbol: string): Promise<void> {
  await browser.waitFor('webview', `.section-value:has-text("${value}")`);
  assert.equal(await browser.text('webview', 'header code'), symbol);
}

/** Answers the question as if typed; Enter alone takes what is preselected. */
async function answer(question: string, typed = ''): Promise<void> {
  await asks(question);
  if (typed) await browser.type(typed);
  await browser.press('Enter');
}

/** Chooses to type, and types. */
async function type(question: string, text: string): Promise<void> {
  await answer(question, 'Type or paste');
  await browser.waitFor(
    'workbench',
    `.quick-input-widget:visible .quick-input-message:has-text("${question}")`,
  );
  await browser.type(text);
  await browser.press('Enter');
}

/** A quick pick asks in its empty field, an input box below it. */
function asks(question: string): Promise<void> {
  const widget = '.quick-input-widget:visible';
  return browser.waitFor(
    'workbench',
    `${widget} input[placeholder*="${question}"], ${widget} .quick-input-message:has-text("${question}")`,
  );
}

describe('evaluate', () => {
  let editor: vscode.TextEditor;

  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());

  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  beforeEach(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('notifications.clearAll');
    editor = await open(source);
  });

  describe('selections', () => {
    it('takes their roles from their names and the loss from the lines nearby', async () => {
      select(editor, '[1.0, 1.0]', '[0.0, 3.0]');
      await run();
      await panelShows(mean, 'torch.nn.HuberLoss');
      await browser.screenshot('evaluate-selections');
    });

    it('asks which is which when nothing tells, with its guess preselected', async () => {
      select(editor, '[0.0, 3.0], [1', '[1.0, 1.0]\nbroken');
      const [first, second] = editor.selections;
      editor.selections = [
        new vscode.Selection(first!.start, first!.end.translate(0, -4)),
        new vscode.Selection(second!.start, second!.start.translate(0, '[1.0, 1.0]'.length)),
      ];
      const done = run();
      await asks('input: ');
      await browser.screenshot('evaluate-roles');
      await answer('input: ');
      await answer('target: ');
      await done;
      await panelShows(mean, 'torch.nn.HuberLoss');
    });

    it('says where an array is wrong, and leaves the selections as they are', async () => {
      select(editor, '[1.0, 1.0]', '[[1.0, 2.0], [3.0]]');
      const before = editor.selections;
      await run();
      await says('Line 12, column 23: Row');
      await browser.screenshot('evaluate-error');
      assert.deepEqual(editor.selections, before);
    });

    it('asks for the other array when only one is selected', async () => {
      select(editor, '[1.0, 1.0]');
      const done = run();
      await answer('input: ', 'pred');
      await answer('target: ');
      await done;
      await panelShows(mean, 'torch.nn.HuberLoss');
    });
  });

  describe('the call under the cursor', () => {
    it('is read with its variables and the options of its instance', async () => {
      putCursor(editor, 'criterion(pred');
      await run();
      await panelShows(mean, 'torch.nn.HuberLoss');
    });

    it('is read with its literals and keywords', async () => {
      putCursor(editor, 'huber_loss(');
      await run();
      await panelShows('1.25', 'torch.nn.functional.huber_loss');
    });

    it('is read in TypeScript, through variables and tensors', async () => {
      const script = await open(
        `import * as tf from '@tensorflow/tfjs';
const { losses } = tf;
const y = tf.tensor1d([1, 1]);
const value = losses.huberLoss(y, tf.tensor1d([0, 3]), undefined, 0.5);
`,
        'typescript',
      );
      putCursor(script, 'uberLoss(y');
      await run();
      await panelShows(mean, 'tf.losses.huberLoss');
    });

    it('is what the hover links to, wherever the cursor is', async () => {
      putCursor(editor, 'import torch');
      const { line, character } = editor.document.positionAt(source.indexOf('criterion(pred'));
      await run({ uri: editor.document.uri.toString(), line, character });
      await panelShows(mean, 'torch.nn.HuberLoss');
    });

    it('asks for what only the program knows, and takes an array that is typed in', async () => {
      putCursor(editor, 'criterion(model');
      const done = run();
      await asks('model(x)');
      await browser.screenshot('evaluate-ask');
      await answer('model(x)', 'Type or paste');
      await browser.waitFor('workbench', '.quick-input-message:has-text("model(x)")');
      await browser.type('[0.0, 3.0');
      await browser.waitFor('workbench', '.quick-input-message:has-text("Expected: ")');
      await browser.screenshot('evaluate-typing');
      await browser.type(']');
      await browser.press('Enter');
      await done;
      await panelShows(mean, 'torch.nn.HuberLoss');
    });

    it('does not leave out silently an optional array that only the program knows', async () => {
      putCursor(editor, 'binary_cross_entropy(');
      const done = run();
      await answer('weight: ', 'Type or paste');
      await browser.waitFor('workbench', '.quick-input-message:has-text("weight: ")');
      await browser.type('[2.0, 0.0]');
      await browser.press('Enter');
      await done;
      await panelShows('0.69314', 'torch.nn.functional.binary_cross_entropy');
    });

    it('asks for an option that only the program knows', async () => {
      putCursor(editor, 'HuberLoss(delta=config');
      const done = run();
      await answer('config.delta', '0.5');
      await done;
      await panelShows(mean, 'torch.nn.HuberLoss');
    });
  });

  describe('nothing', () => {
    it('lets any loss be found by its framework name, and offers the arrays of the file', async () => {
      await closeEditors();
      await open('{"target": [1.0, 1.0], "prediction": [0.0, 3.0]}', 'json');
      const done = run();
      await answer('Loss, by title', 'keras.losses.MeanSquaredError');
      await answer('y_true: ');
      await answer('y_pred: ');
      await done;
      await panelShows('2.5', 'keras.losses.MeanSquaredError');
    });

    it('finds a loss by its title too, with no editor open', async () => {
      await closeEditors();
      const done = run();
      await answer('Loss, by title', 'mean-absolute-error');
      await type('prediction: ', '[0, 3]');
      await type('target: ', '[1, 1]');
      await done;
      await browser.waitFor('webview', '.section-value:has-text("1.5")');
    });

    it('opens nothing when the user backs out', async () => {
      putCursor(editor, 'import torch');
      const done = run();
      await asks('Loss, by title');
      await browser.screenshot('evaluate-losses');
      await browser.press('Escape');
      await done;
      assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
    });
  });

  it("evaluates a Keras string id as compile does, by the class's mean over the batch", async () => {
    await closeEditors();
    const keras = await open(
      "import keras\nmodel.compile(optimizer='adam', loss='mse')\ny_true = [[1.0], [1.0]]\ny_pred = [[0.0], [3.0]]\n",
    );
    putCursor(keras, "mse'");
    const done = run();
    await answer('y_true: ');
    await answer('y_pred: ');
    await done;
    await panelShows('2.5', 'keras.losses.MeanSquaredError');
  });

  for (const [what, call, reason] of [
    ['of a loss that is only explained', 'lpips.LPIPS()([0.0], [1.0])', 'LPIPS cannot be evaluated here'],
    [
      'of a loss with a function of the user’s',
      'nn.TripletMarginWithDistanceLoss(distance_function=mine)([[0.0]], [[1.0]], [[2.0]])',
      'cannot be evaluated with a function of yours',
    ],
  ] as const) {
    it(`shows no number ${what}, and says why`, async () => {
      await closeEditors();
      await vscode.commands.executeCommand('notifications.clearAll');
      const own = await open(`import lpips\nfrom torch import nn\nvalue = ${call}\n`);
      await run({ uri: own.document.uri.toString(), line: 2, character: 'value = '.length });
      await says(reason);
      assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 1);
    });
  }
});
