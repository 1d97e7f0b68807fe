/** The panel's views in the real editor: what Explain, Compare and History say of an evaluation, and what they do with it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, eventually, openView, until } from './browser.ts';
import { bce, evaluate, hideAndShow, huber, typeInto, valueIs } from './panels.ts';

describe('views of the panel', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(closeEditors);

  it('explains the number: its parts, an element step by step, other reductions and rules', async () => {
    await evaluate(huber, 'HuberLoss');
    await valueIs('1.905');
    await openView('Explain');
    await browser.waitFor('webview', '.part-element .line-result:has-text("11")');
    assert.match(await browser.text('webview', '.part-element h2'), /^Element 3, the largest/i);
    assert.match(
      await browser.text('webview', '.part-element .lines'),
      /delta · \(magnitude − 0\.5 · delta\)/,
    );
    assert.match(await browser.text('webview', '.part-number'), /All of them count in full/);
    await browser.waitFor('webview', '.ruled-by:has-text("keras.losses.Huber")');
    await browser.screenshot('panel-explain');
    // Another element, then another reduction, from here.
    await browser.click('webview', '.part-bar .entry >> role=textbox');
    await browser.type('0');
    await browser.press('Enter');
    await browser.waitFor('webview', '.selected:has-text("Element 0")');
    await browser.waitFor('webview', '.part-element .lines:has-text("21.4")');
    await browser.click('webview', '.facts-table >> text=sum');
    await until(
      async () => (await browser.text('webview', '.value')) === '11.43',
      'the value is not the sum',
    );
    await browser.waitFor('webview', '.facts-table tr.own:has-text("sum")');
  });

  it('compares losses, frameworks and parameters side by side, and keeps them', async () => {
    await evaluate(huber, 'HuberLoss');
    await valueIs('1.905');
    await openView('Compare');
    await browser.waitFor('webview', '.compare-table tbody td:has-text("1.905")');
    await browser.click('webview', '.compare-bar >> text=Keep the present parameters');
    await typeInto('delta', '0.5');
    const cells = (row: string) =>
      evaluateIn(
        'webview',
        (title) =>
          [...document.querySelectorAll('.compare-table tbody tr')]
            .find((each) => each.querySelector('th')?.textContent === title)
            ?.textContent?.slice(title.length) ?? '',
        row,
      );
    await until(async () => (await cells('value')) === '1.008331.905', 'the two parameters are not compared');
    await browser.click('webview', '.compare-bar >> role=combobox');
    await browser.waitFor('webview', 'vscode-option:visible:text-is("keras.losses.Huber (Keras)")');
    await browser.click('webview', 'vscode-option:visible:text-is("keras.losses.Huber (Keras)")');
    await browser.click('webview', '.compare-bar >> text="Add"');
    await browser.waitFor('webview', '.compare-table thead th:has-text("keras.losses.Huber")');
    await browser.screenshot('panel-compare');
    // A page that was hidden is a new one.
    await hideAndShow('HuberLoss');
    await browser.waitFor('webview', '.compare-table thead th:has-text("keras.losses.Huber")');
    assert.equal(await browser.count('webview', '.compare-table thead th'), 4);
    await browser.click('webview', '.compare-table thead th:last-child >> text=Remove');
    await until(async () => (await browser.count('webview', '.compare-table thead th')) === 3, 'not removed');
  });

  it('offers all that takes the same arrays, many though they are', async () => {
    await evaluate(
      `from torch import nn, tensor
loss = nn.CrossEntropyLoss()(tensor([[2.0, 0.5, -1.0], [0.1, 0.2, 3.0]]), tensor([0, 2]))
`,
      'CrossEntropyLoss',
    );
    await browser.waitFor('webview', '.value');
    await openView('Compare');
    await browser.waitFor('webview', '.compare-bar >> role=combobox');
    assert((await browser.count('webview', '.compare-bar vscode-option')) > 100);
    await browser.click('webview', '.compare-bar >> text="Add"');
    await browser.waitFor('webview', '.compare-parameters summary');
  });

  it('goes back to an earlier evaluation, of other parameters and of other data', async () => {
    await evaluate(bce, 'BCELoss');
    await until(async () => (await browser.text('webview', '.value')) !== '', 'no value');
    await openView('History');
    // Recorded once its parameters rest: cleared before that, it would come back.
    await browser.waitFor('webview', '.history-here:has-text("torch.nn.BCELoss")');
    await browser.click('webview', '.history >> text=Clear the history');
    await browser.waitFor('webview', '.history:has-text("Nothing was evaluated")');
    await closeEditors();
    await evaluate(huber, 'HuberLoss');
    const value = (wanted: string): Promise<string> =>
      eventually(
        () => browser.text('webview', '.value'),
        (seen) => assert.equal(seen, wanted),
      );
    await value('1.905');
    await openView('History');
    await browser.waitFor('webview', '.history-entry');
    assert.equal(await browser.count('webview', '.history-entry'), 1);
    // Longer than a slider is on its way.
    await new Promise((resolve) => setTimeout(resolve, 3100));
    await typeInto('delta', '0.5');
    await browser.waitFor('webview', '.history-entry:has-text("delta=0.5").history-here');
    await browser.screenshot('panel-history');
    await browser.click('webview', '.history-entry:last-child >> text=Huber loss');
    await value('1.905');
    await closeEditors();
    await evaluate(bce, 'BCELoss');
    await openView('History');
    await browser.waitFor('webview', '.history-entry:has-text("torch.nn.BCELoss")');
    await browser.click('webview', '.history-entry:has-text("delta=0.5") >> text=Huber loss');
    await value('1.008333');
    assert.equal(await browser.text('webview', '.symbol'), 'torch.nn.HuberLoss');
  });

  it('finds where NaN begins', async () => {
    await evaluate(
      `from torch import nn, tensor
loss = nn.PoissonNLLLoss()(tensor([0.5, 1000.0]), tensor([1.0, 2.0]))
`,
      'PoissonNLLLoss',
    );
    await browser.waitFor('webview', '.value-nonfinite');
    await openView('Explain');
    await browser.waitFor('webview', '.part-trouble .trouble-serious .cure');
    assert.match(await browser.text('webview', '.part-trouble'), /exp\(1000\)[\s\S]*overflows/);
    await browser.screenshot('panel-trouble');
  });
});
