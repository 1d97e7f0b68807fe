/** The reference in the real editor: its tree, its pages, its curves, how it looks. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { allThemes, browser, closeEditors, evaluateIn, until, withTheme } from './browser.ts';

const open = (id: string): Thenable<unknown> => vscode.commands.executeCommand('lossLens.openReference', id);

async function titleIs(title: string): Promise<void> {
  await browser.waitFor('webview', `h1:text-is("${title}")`);
}

function curvePath(): Promise<string> {
  return evaluateIn('webview', () => document.querySelector('.plot .curve path')!.getAttribute('d')!);
}

describe('reference', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('workbench.view.explorer');
  });

  it('typesets every formula of a page', async () => {
    await open('ctc');
    await titleIs('CTC loss');
    const { places, typeset, errors } = await evaluateIn('webview', () => ({
      places: document.querySelectorAll('.math').length,
      typeset: document.querySelectorAll('.math .katex').length,
      errors: document.querySelectorAll('.katex-error').length,
    }));
    assert(places > 10);
    assert.deepEqual([typeset, errors], [places, 0]);
  });

  it('follows links, and goes back and forward by keyboard to where one was', async () => {
    await open('opening');
    await titleIs('Losses');
    const place = await evaluateIn('webview', () => {
      document.querySelector('article a[data-page="huber"]')!.scrollIntoView({ block: 'center' });
      return window.scrollY;
    });
    assert(place > 100);
    await browser.click('webview', 'article >> a[data-page="huber"]');
    await titleIs('Huber loss');
    await browser.click('webview', 'nav.trail >> role=button[name="Regression losses"]');
    await titleIs('Regression losses');
    await browser.press('Alt+ArrowLeft');
    await titleIs('Huber loss');
    await browser.press('Alt+ArrowLeft');
    await titleIs('Losses');
    const scrolled = (): Promise<number> => evaluateIn('webview', () => window.scrollY);
    await until(async () => Math.abs((await scrolled()) - place) <= 1, 'not where one was');
    await browser.press('Alt+ArrowRight');
    await titleIs('Huber loss');
  });

  it('draws the curve as each symbol computes it, and again when a parameter changes', async () => {
    await open('huber');
    await browser.waitFor('webview', '.plot .curve');
    const textbook = await curvePath();
    await browser.click('webview', '.loss-curve [data-parameter="delta"] >> role=textbox');
    await browser.press('End');
    await browser.press('Backspace');
    await browser.type('2');
    await until(async () => (await curvePath()) !== textbook, 'the curve did not change with delta');
    await browser.click('webview', '.loss-curve [aria-label="As computed by"]');
    await browser.click('webview', '.loss-curve >> role=option[name="torch.nn.SmoothL1Loss"]');
    await browser.waitFor('webview', '.loss-curve [data-parameter="beta"]');
    await until(async () => (await curvePath()) === textbook, 'smooth L1 at beta 1 is Huber at delta 1');
  });

  it('shows every symbol of the loss, as it is called', async () => {
    await open('huber');
    const signatures = await browser.text('webview', '.frameworks');
    for (const signature of [
      "torch.nn.HuberLoss(reduction='mean', delta=1.0)(input, target)",
      'optax.huber_loss(predictions, targets=None, *, delta=1.0)',
    ]) {
      assert(signatures.includes(signature), signatures);
    }
  });

  it('is listed in a tree of its own, by family', async () => {
    await vscode.commands.executeCommand('lossLens.pages.focus');
    await browser.click('workbench', '[role="treeitem"][aria-label^="Ranking losses"]');
    await titleIs('Ranking losses');
    await vscode.commands.executeCommand('lossLens.pages.focus');
    await browser.press('ArrowRight');
    await browser.click('workbench', '[role="treeitem"][aria-label^="Triplet loss"]');
    await titleIs('Triplet loss');
    await browser.waitFor('webview', '.plot .curve');
    await browser.screenshot('reference-tree');
  });

  it('is found by a framework’s symbol', async () => {
    const picking = vscode.commands.executeCommand('lossLens.openReference');
    await browser.waitFor('workbench', '.quick-input-widget input');
    await browser.type('torch.nn.NLLLoss');
    await browser.waitFor('workbench', '.quick-input-list .monaco-list-row.focused');
    await browser.press('Enter');
    await picking;
    await titleIs('Sparse categorical cross-entropy');
  });

  it('explains a symbol that is no loss of the catalogue', async () => {
    await open('kornia.losses.WelschLoss');
    await titleIs('WelschLoss');
    await browser.waitFor('webview', '.math .katex');
    assert.match(await browser.text('webview', 'article'), /It cannot be evaluated here/);
  });

  for (const theme of allThemes) {
    it(`is readable in the ${theme} theme`, async () => {
      await withTheme(theme, async () => {
        await vscode.commands.executeCommand('workbench.action.closeSidebar');
        await open('huber');
        await browser.waitFor('webview', '.plot .curve');
        await browser.screenshot(`reference-${theme}`);
        await evaluateIn('webview', () => document.getElementById('curve')!.scrollIntoView());
        await browser.screenshot(`reference-curve-${theme}`);
        await evaluateIn('webview', () => document.getElementById('in-the-frameworks')!.scrollIntoView());
        await browser.screenshot(`reference-frameworks-${theme}`);
      });
    });
  }
});
