/** Loss Lens in another language: manifest, questions, hover, panel, reference. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, showText, until } from './browser.ts';
import { asks } from './questions.ts';

const source = `from torch import nn, tensor
loss = nn.HuberLoss(delta=2.0)(tensor([0.5, 9.0, 0.1]), tensor([1.0, 2.0, 3.0]))
`;

const view = (id: string): Promise<void> => browser.click('webview', `#tab-${id}`);

/** What stands in the page or is read out, each once. */
const said = (): Promise<string[]> =>
  evaluateIn('webview', () => {
    const texts = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node instanceof Text) {
        if (!node.parentElement!.closest('script, code, pre, .katex, .prose')) texts.add(node.data.trim());
      } else if (node instanceof Element) {
        for (const name of ['aria-label', 'title', 'placeholder']) texts.add(node.getAttribute(name) ?? '');
      }
    }
    return [...texts];
  });

describe('in German', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(async () => {
    await closeEditors();
    await vscode.commands.executeCommand('workbench.view.explorer');
  });

  /** Texts that would be in German. */
  const english = (): Set<string> => {
    const { bundle } = vscode.l10n;
    assert.equal(vscode.env.language, 'de');
    assert(bundle, 'VS Code has not loaded the bundle');
    const translated = Object.entries(bundle).filter(([text, said]) => text !== said);
    // A single word may be a name: of a parameter, of a step of the formula.
    return new Set(
      translated.map(([text]) => text).filter((text) => !text.includes('{') && text.includes(' ')),
    );
  };

  it('lists the commands by their titles', async () => {
    await browser.press('F1');
    await browser.type('Verlustfunktion auswerten');
    await browser.waitFor('workbench', '.quick-input-list :text("Loss Lens: Verlustfunktion auswerten…")');
    await browser.press('Escape');
  });

  it('asks for the loss', async () => {
    await showText('nothing = 0\n', 'python');
    const done = vscode.commands.executeCommand('lossLens.evaluate');
    await asks('Verlustfunktion, nach Titel oder Name im Framework');
    await browser.waitFor('workbench', '.quick-input-widget:visible :text("Katalog")');
    await browser.press('Escape');
    await done;
  });

  it('has the links of the hover', async () => {
    const { document } = await showText(source, 'python');
    const position = document.positionAt(source.indexOf('HuberLoss') + 1);
    let text = '';
    await until(
      async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          position,
        );
        const contents = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
        text = contents.map(({ value }) => value).join('\n');
        return text !== '';
      },
      'there is no hover',
      30_000,
    );
    for (const words of ['Auswerten…', 'Codebaustein einfügen', 'Seite öffnen', 'Hier gesetzt:']) {
      assert(text.includes(words), `${words} is not in ${text}`);
    }
  });

  it('says nothing of the panel in English', async () => {
    const editor = await showText(source, 'python');
    await vscode.commands.executeCommand('lossLens.evaluate', {
      uri: editor.document.uri.toString(),
      line: 1,
      character: 12,
    });
    await browser.waitFor('webview', '[aria-label="Wert der Verlustfunktion"]');
    assert.equal(await evaluateIn('webview', () => document.documentElement.lang), 'de');
    const ready: Readonly<Record<string, string>> = {
      plots: '.plot .points',
      elements: '.rows tbody tr',
      explain: '.part-rules .ruled',
      compare: '.compare-bar >> text=Hinzufügen',
      history: '.history-entry',
      reference: '.snippet-bar',
    };
    const all = new Set<string>();
    for (const [id, shown] of Object.entries(ready)) {
      await view(id);
      await browser.waitFor('webview', `#view-${id} ${shown}`);
      await browser.screenshot(`german-${id}`);
      for (const text of await said()) all.add(text);
    }
    assert(all.has('Diagramme') && all.has('Parameter'), [...all].join('\n'));
    const left = english();
    assert.deepEqual(
      [...all].filter((text) => left.has(text)),
      [],
    );
  });

  it('frames the reference, whose pages are in English', async () => {
    await vscode.commands.executeCommand('lossLens.openReference', 'huber');
    await browser.waitFor('webview', '.loss-curve h2:has-text("Kurve")');
    await browser.waitFor('webview', '.plot .curve path');
    await browser.screenshot('german-reference-page');
  });
});
