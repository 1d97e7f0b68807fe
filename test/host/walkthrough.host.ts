/** The first five minutes: the walkthrough, what its buttons show, and the views that lead to it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, until } from './browser.ts';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

const manifest = () => vscode.extensions.getExtension('loss-lens.loss-lens')!.packageJSON;

describe('walkthrough', () => {
  const [{ steps }] = manifest().contributes.walkthroughs as [{ steps: readonly Step[] }];

  beforeEach(closeEditors);
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await vscode.commands.executeCommand('workbench.view.explorer');
  });

  it('opens by Get Started, with every step and its picture', async () => {
    // The pictures want room.
    await vscode.commands.executeCommand('workbench.action.closeSidebar');
    await vscode.commands.executeCommand('lossLens.getStarted');
    for (const { id, title } of steps) {
      const step = `.gettingStartedContainer .getting-started-step:has-text("${title}")`;
      await browser.click('workbench', `${step} .step-title`);
      await browser.waitFor('workbench', `${step}.expanded`);
      await browser.waitFor('workbench', '.getting-started-media:visible');
      await browser.screenshot(`walkthrough-${id}`);
    }
  });

  it('has buttons for commands that are there', async () => {
    const known = await vscode.commands.getCommands(true);
    const welcomes = manifest().contributes.viewsWelcome as readonly { readonly contents: string }[];
    const texts = [
      ...steps.map(({ description }) => description),
      ...welcomes.map(({ contents }) => contents),
    ];
    const linked = texts.flatMap((text) =>
      [...text.matchAll(/\(command:([\w.]+)\)/g)].map((match) => match[1]!),
    );
    assert(linked.length >= 8, 'the links are not found');
    assert.deepEqual(
      linked.filter((command) => !known.includes(command)),
      [],
    );
  });

  it('shows the hover of an example', async () => {
    await vscode.commands.executeCommand('lossLens.tryHover');
    await browser.waitFor('workbench', '.monaco-hover:visible:has-text("torch.nn.HuberLoss") img');
    await browser.press('Escape');
  });

  it('evaluates an example', async () => {
    await vscode.commands.executeCommand('lossLens.tryEvaluate');
    await browser.waitFor('webview', '.value:has-text("1.905")');
  });

  it('opens the example once, however often it is asked for', async () => {
    await vscode.commands.executeCommand('lossLens.tryHover');
    await vscode.commands.executeCommand('lossLens.tryEvaluate');
    await browser.waitFor('webview', '.value:has-text("1.905")');
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.filter(({ input }) => input instanceof vscode.TabInputText).length, 1);
  });

  it('opens a notebook, whose cells can be evaluated', async () => {
    await vscode.commands.executeCommand('lossLens.tryNotebook');
    await browser.waitFor('workbench', '.cell-status-item:has-text("Evaluate loss")');
  });

  it('shows a mistake that is found', async () => {
    await vscode.commands.executeCommand('lossLens.tryChecks');
    await browser.waitFor('workbench', '.markers-panel:visible .monaco-list-row:has-text("softmax")');
    await browser.screenshot('walkthrough-mistake-found');
    await until(
      () =>
        vscode.languages
          .getDiagnostics(vscode.window.activeTextEditor!.document.uri)
          .some(({ source }) => source === 'Loss Lens'),
      'nothing is reported',
      30_000,
    );
  });
});

describe('the view container', () => {
  after(() => vscode.commands.executeCommand('workbench.view.explorer'));

  it('leads to the commands and to the walkthrough, above the reference', async () => {
    await vscode.commands.executeCommand('workbench.view.extension.lossLens');
    await browser.waitFor('workbench', '.welcome-view:visible >> role=button[name="Evaluate Loss…"]');
    await browser.waitFor('workbench', '.welcome-view:visible a:has-text("The first five minutes")');
    await browser.waitFor('workbench', '.pane:visible .monaco-list-row:has-text("Regression")');
    await browser.screenshot('welcome-view');
  });
});
