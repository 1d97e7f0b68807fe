/** Loss Lens in another language: manifest, questions, hover, checks, panel, reference. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { declarations } from '../engine/tsserver-plugin/project.ts';
import { browser, closeEditors, evaluateIn, eventually, showText, until } from './browser.ts';
import { asks } from './questions.ts';

const source = `from torch import nn, tensor
loss = nn.HuberLoss(delta=2.0)(tensor([0.5, 9.0, 0.1]), tensor([1.0, 2.0, 3.0]))
`;

/** What is found, and beside it what stands elsewhere. */
const found = (uri: vscode.Uri): string[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter((diagnostic) => diagnostic.source === 'Loss Lens')
    .flatMap(({ message, relatedInformation = [] }) => [
      message,
      ...relatedInformation.map((related) => related.message),
    ]);

/** The quick fixes offered at the text's first place. */
async function fixesAt(document: vscode.TextDocument, text: string): Promise<string[]> {
  const at = document.positionAt(document.getText().indexOf(text) + 1);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(at, at),
  );
  return actions.map(({ title }) => title);
}

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
      } else if (node instanceof Element && !node.matches('.prose .math')) {
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
    const shown = [
      ...['Auswerten…', 'Codebaustein einfügen', 'Seite öffnen', 'Hier gesetzt:', '**Huber-Verlust**'],
      ...['Verlust und ∂Verlust/∂input über input − target.', 'Verlust = Mittel von ½r²'],
      '`HuberLoss(delta=d)` ist `d` mal `SmoothL1Loss(beta=d)`.',
    ];
    for (const words of shown) {
      assert(text.includes(words), `${words} is not in ${text}`);
    }
  });

  it('says of arguments what they are', async () => {
    const { document } = await showText(source, 'python');
    const position = document.positionAt(source.indexOf('delta'));
    await eventually(
      () =>
        vscode.commands.executeCommand<vscode.SignatureHelp | undefined>(
          'vscode.executeSignatureHelpProvider',
          document.uri,
          position,
        ),
      (help) => {
        const said = help?.signatures.flatMap(({ parameters }) =>
          parameters.map(({ documentation }) => (documentation as vscode.MarkdownString | undefined)?.value),
        );
        assert(said?.includes('Wo die Parabel in eine Gerade übergeht. Größer als 0.'), JSON.stringify(said));
      },
    );
  });

  it('reports what a check finds, and how to mend it', async () => {
    const text = `import torch
from torch import nn
loss = nn.CrossEntropyLoss()(torch.softmax(logits, dim=1), target)
`;
    const { document } = await showText(text, 'python');
    await eventually(
      () => found(document.uri),
      (texts) =>
        assert.deepEqual(texts, [
          'CrossEntropyLoss nimmt Logits und wendet Softmax selbst an, aber das kommt aus einem Softmax. ' +
            'Bei 10 Klassen kann der Verlust nicht unter 1.46 fallen, und seine Gradienten schrumpfen.',
          'Softmax steht hier.',
        ]),
    );
    await eventually(
      () => fixesAt(document, 'softmax('),
      (titles) => {
        for (const title of ['Softmax entfernen', 'softmax-before-cross-entropy hier ignorieren']) {
          assert(titles.includes(title), titles.join(', '));
        }
      },
    );
  });

  it('has TypeScript’s server report in German what only the types tell', async function () {
    this.timeout(90_000);
    const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'in-german');
    const tf = "import * as tf from '@tensorflow/tfjs';\n";
    const files: Readonly<Record<string, string>> = {
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [] }, "include": ["*.ts"] }',
      'passed.ts': `${tf}export const entropy = tf.losses.softmaxCrossEntropy;\n`,
      'used.ts': `${tf}import { entropy } from './passed';
declare const labels: tf.Tensor2D, scores: tf.Tensor2D;
entropy(labels, scores.softmax());
`,
      ...Object.fromEntries(
        Object.entries(declarations).map(([name, text]) => [`node_modules/@tensorflow/${name}`, text]),
      ),
    };
    for (const [name, text] of Object.entries(files)) {
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));
    }
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'used.ts'));
      await vscode.window.showTextDocument(document);
      await eventually(
        () => found(document.uri),
        (texts) =>
          assert.deepEqual(texts, [
            'softmaxCrossEntropy nimmt Logits und wendet Softmax selbst an, aber das kommt aus einem Softmax. ' +
              'Bei 10 Klassen kann der Verlust nicht unter 1.46 fallen, und seine Gradienten schrumpfen. (softmax-before-cross-entropy)',
            'Softmax steht hier.',
          ]),
      );
      await eventually(
        () => fixesAt(document, 'scores.softmax()'),
        (titles) => assert(titles.includes('Softmax entfernen'), titles.join(', ')),
      );
    } finally {
      await closeEditors();
      await vscode.workspace.fs.delete(folder, { recursive: true });
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

  it('has the pages of the reference, their own parts in their places', async () => {
    await vscode.commands.executeCommand('lossLens.openReference', 'huber');
    await browser.waitFor('webview', '.plot .curve path');
    await browser.waitFor('webview', '.prose .katex >> text=sonst');
    const headings = await evaluateIn('webview', () => {
      const article = document.querySelector<HTMLElement>('.prose')!;
      return [article.lang, ...[...article.querySelectorAll('h2')].map(({ textContent }) => textContent)];
    });
    assert.deepEqual(headings, [
      'de',
      'Formel',
      'Kurve',
      'Symbole',
      'Gradient',
      'Wann man sie verwendet',
      'Was schiefgeht',
      'In den Frameworks',
      'Jedes Symbol',
      'Quellen',
    ]);
    await browser.screenshot('german-reference-page');
  });
});
