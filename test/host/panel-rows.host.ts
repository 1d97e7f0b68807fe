/** The panel's table in the real editor, with more rows than a page can hold. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, eventually, openView, until } from './browser.ts';
import { closePanels, evaluate } from './panels.ts';

describe('rows of the panel', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(closeEditors);

  it('scrolls through a long table', async () => {
    const length = 10_000;
    const numbers = (f: (i: number) => number) =>
      Array.from({ length }, (_, i) => f(i).toFixed(4)).join(', ');
    const content = `from torch import nn, tensor\nloss = nn.MSELoss()(tensor([${numbers(Math.sin)}]), tensor([${numbers(Math.cos)}]))\n`;
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const place = { uri: document.uri.toString(), line: 1, character: 12 };
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      await closePanels();
      const start = Date.now();
      await vscode.commands.executeCommand('lossLens.evaluate', place);
      await browser.waitFor('webview', '.value');
      const shown = await eventually(
        () =>
          evaluateIn('webview', () => {
            const [painted] = performance.getEntriesByName('painted');
            return painted ? performance.timeOrigin + painted.startTime : 0;
          }),
        (at) => assert(at > 0, 'nothing is painted'),
      );
      times.push(Math.round(shown - start));
    }
    console.log(`      panel: values of 10 000 elements ${times.join(', ')} ms after the command`);
    await openView('Elements');
    await browser.click('webview', '.rows tbody');
    await browser.press('End');
    const last = () => browser.text('webview', '.rows tbody tr:last-child');
    await until(async () => /^9999\s+\d/.test((await last()).replace('-', '')), 'the last row is not shown');
    await browser.press('Home');
    await browser.click('webview', '.entry >> role=textbox');
    await browser.type('5000');
    await browser.press('Enter');
    await browser.waitFor('webview', 'tr.marked:has-text("5000")');
    assert.match(await browser.text('webview', 'tr.marked'), /^5000\s+-0\.988\s+0\.1547\s/);
  });

  it('shows any of a million rows at once, with no more of them in the page than are in view', async function () {
    this.timeout(90_000);
    // torch makes a table of a column and a row.
    const numbers = Array.from({ length: 1000 }, (_, i) => `${i}.0`);
    const column = numbers.map((number) => `[${number}]`).join(', ');
    await evaluate(
      `from torch import nn, tensor\nloss = nn.MSELoss()(tensor([${column}]), tensor([[${numbers.join(', ')}]]))\n`,
      'MSELoss',
    );
    await browser.waitFor('webview', '.value');
    await openView('Elements');
    await browser.waitFor('webview', '.table-caption:has-text("1,000,000")');
    const seen = await evaluateIn('webview', async () => {
      const frame = document.querySelector<HTMLElement>('.rows')!;
      const drawn = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const times: number[] = [];
      let right = true;
      for (let i = 0; i < 20; i++) {
        const start = performance.now();
        frame.scrollTop = (((i * 7919) % 97) / 97) * frame.scrollHeight;
        do await drawn();
        while (document.querySelector('.rows .cell-waiting'));
        times.push(performance.now() - start);
        const [index, ...cells] = [...document.querySelector('.rows tbody tr')!.children].map(
          (cell) => cell.textContent ?? '',
        );
        right &&= index === `[${cells[0]}, ${cells[1]}]`;
      }
      return { slowest: Math.max(...times), right, lines: document.querySelectorAll('.rows tr').length };
    });
    console.log(
      `      panel: a place among a million rows is there after ${Math.round(seen.slowest)} ms at most`,
    );
    assert(seen.right, 'a row shows the numbers of another');
    assert(seen.lines <= 20, `${seen.lines} rows`);
    assert(seen.slowest < 500, `${seen.slowest} ms`);
  });
});
