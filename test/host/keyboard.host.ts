/** From the editor to the number, to its explanation and back, with nothing but the keyboard; and less motion for who asks for it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { browser, closeEditors, evaluateIn, putCursor, showText, until } from './browser.ts';
import { asks } from './questions.ts';

const source = `prediction = [21.4, 18.9, 25.1, 16.0, 30.2, 12.7]
target = [21.0, 19.5, 24.8, 27.5, 29.9, 13.1]
`;

interface Focused {
  /** The kind of control and what it is called. */
  readonly what: string;
  /** Whether it looks otherwise than without the focus. */
  readonly shows: boolean;
}

/** What has the focus in the panel; `undefined` where that is elsewhere. */
const focused = (): Promise<Focused | null> =>
  evaluateIn('webview', () => {
    const chain: HTMLElement[] = [];
    let element = document.activeElement as HTMLElement | null;
    while (element && element !== document.body) {
      chain.push(element);
      element = (element.shadowRoot?.activeElement ?? null) as HTMLElement | null;
    }
    const own = chain.at(-1);
    if (!own || !document.hasFocus()) return null;
    const [outer] = chain as [HTMLElement];
    const look = (): string => {
      const around: Element[] = [...chain, ...(own.parentElement ? [own.parentElement] : [])];
      for (const each of chain) around.push(...(each.shadowRoot?.querySelectorAll('[part], div') ?? []));
      return around
        .flatMap((each) => [null, '::before', '::after'].map((pseudo) => getComputedStyle(each, pseudo)))
        .map((style) =>
          [style.outline, style.border, style.boxShadow, style.backgroundColor, style.textDecoration].join(),
        )
        .join('\n');
    };
    const withFocus = look();
    own.blur();
    const without = look();
    own.focus();
    const role = outer.getAttribute('role') ?? outer.tagName.toLowerCase().replace('vscode-', '');
    const text = outer.getAttribute('aria-label') ?? outer.textContent!.trim().replaceAll(/\s+/g, ' ');
    const name = text.replace(/^Untitled-\d+/, 'Untitled');
    return { what: `${role}: ${name.slice(0, 60)}`, shows: withFocus !== without };
  });

/** Presses Tab from one control to the next, up to the one of this name. */
async function tabTo(end: RegExp, key = 'Tab'): Promise<string[]> {
  const passed: string[] = [];
  for (let i = 0; i < 40; i++) {
    await browser.press(key);
    const now = await focused();
    if (!now) continue;
    passed.push(now.what);
    assert(now.shows, `nothing shows that the focus is on ${now.what}`);
    if (end.test(now.what)) return passed;
  }
  throw new Error(`${end} is not reached, only:\n${passed.join('\n')}`);
}

/** Brings the next view to the front, and waits until it is there. */
async function nextView(id: string, content: string): Promise<void> {
  await browser.press('ArrowRight');
  await browser.waitFor('webview', `#view-${id} ${content}`);
}

describe('by keyboard alone', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(closeEditors);
  after(closeEditors);

  it('goes from the editor through the questions into the panel, through its views, and back', async function () {
    this.timeout(90_000);
    const editor = await showText(source, 'python');
    await putCursor(editor, new vscode.Position(0, 0));

    await browser.press('F1');
    await browser.type('Loss Lens: Evaluate Loss');
    await browser.waitFor('workbench', '.quick-input-list .focused:has-text("Loss Lens: Evaluate Loss…")');
    await browser.press('Enter');
    await asks('Loss, by title');
    await browser.type('torch.nn.HuberLoss');
    await browser.waitFor('workbench', '.quick-input-list .focused:has-text("torch.nn.HuberLoss")');
    await browser.press('Enter');
    await asks('input:');
    await browser.waitFor('workbench', '.quick-input-list .focused:has-text("prediction")');
    await browser.press('Enter');
    await asks('target:');
    await browser.waitFor('workbench', '.quick-input-list .focused:has-text("target")');
    await browser.press('Enter');
    await browser.waitFor('webview', '.value:has-text("1.905")');
    await browser.waitFor('webview', '.plot .points');

    const toSlider = await tabTo(/^input: delta$/);
    assert.deepEqual(toSlider.slice(-3), ['button: Untitled:1', 'combobox: reduction', 'input: delta']);
    await browser.press('ArrowRight');
    await browser.waitFor('webview', '.value:not(:has-text("1.905"))');
    assert.deepEqual(await tabTo(/^tab: Plots$/), [
      'text-field: delta',
      'button: Reset to defaults',
      'tab: Plots',
    ]);

    await nextView('elements', '.rows tbody tr');
    await tabTo(/choose one with the arrow keys/);
    await browser.press('ArrowDown');
    await browser.press('ArrowDown');
    await browser.waitFor('webview', '.selected:has-text("Element 1")');
    await tabTo(/^tab: Elements$/, 'Shift+Tab');
    await nextView('explain', '.part-rules .ruled');
    await nextView('compare', '.compare-bar >> text=Add');
    await nextView('history', '.history-entry');
    await nextView('reference', '.snippet-bar');
    await browser.press('Home');
    await browser.waitFor('webview', '#view-plots .plot .points');

    assert.deepEqual((await tabTo(/^application: Loss over/)).at(0), 'radio: Loss and gradient');
    await browser.press('ArrowRight');
    await browser.waitFor('webview', '.selected:visible');
    const toExport = await tabTo(/^button: CSV$/);
    assert.deepEqual(toExport.slice(1), [
      'summary: Numbers of this plot',
      'button: SVG',
      'button: PNG',
      'button: CSV',
    ]);
    assert.match(toExport[0]!, /^application: ∂loss\/∂input over/);
    await browser.press('Enter');
    await browser.waitFor('workbench', '.quick-input-widget:visible :text("Save plot")');
    await browser.press('Escape');
    await browser.waitFor('workbench', '.quick-input-widget:visible', 'hidden');

    await tabTo(/^button: Untitled:1$/, 'Shift+Tab');
    await browser.press('Enter');
    await browser.waitFor('workbench', '.editor-instance .monaco-editor.focused');
    await until(
      () => vscode.window.activeTextEditor?.document === editor.document,
      'another editor has the focus',
      30_000,
    );
  });
});

describe('less motion', () => {
  before(() => vscode.extensions.getExtension('loss-lens.loss-lens')!.activate());
  beforeEach(async () => {
    await closeEditors();
    const editor = await showText(
      'from torch import nn\nloss = nn.L1Loss()([1.0, 2.0], [3.0, 5.0])\n',
      'python',
    );
    await vscode.commands.executeCommand('lossLens.evaluate', {
      uri: editor.document.uri.toString(),
      line: 1,
      character: 12,
    });
    await browser.waitFor('webview', '.plot .points');
  });
  after(closeEditors);

  /** What moves by itself in the page, in the controls' insides too, and in what waits. */
  const moving = (): Promise<string[]> =>
    evaluateIn('webview', () => {
      const waiting = document.createElement('p');
      waiting.className = 'waiting';
      document.body.append(waiting);
      const found = new Set<string>();
      const look = (root: Document | ShadowRoot): void => {
        for (const element of root.querySelectorAll('*')) {
          const style = getComputedStyle(element);
          const seconds = (list: string) =>
            Math.max(...list.split(',').map((time) => Number.parseFloat(time)));
          const animates = style.animationName !== 'none' && seconds(style.animationDuration) > 0;
          if (animates || seconds(style.transitionDuration) > 0.02) {
            found.add(element.getAttribute('class') ?? element.localName);
          }
          if (element.shadowRoot) look(element.shadowRoot);
        }
      };
      look(document);
      waiting.remove();
      return [...found];
    });

  it('is no motion, where the system asks for it', async () => {
    assert((await moving()).includes('waiting'), 'the search finds nothing that moves');
    await browser.reduceMotion(true);
    try {
      assert.deepEqual(await moving(), []);
    } finally {
      await browser.reduceMotion(false);
    }
  });

  it('is no motion, where VS Code is set to it', async () => {
    const settings = vscode.workspace.getConfiguration('workbench');
    await settings.update('reduceMotion', 'on', vscode.ConfigurationTarget.Global);
    try {
      let found: string[] = [];
      await until(
        async () => {
          found = await moving();
          return found.length === 0;
        },
        'something moves',
        30_000,
      ).catch((error: Error) => {
        throw new Error(`${error.message}: ${found.join(', ')}`);
      });
    } finally {
      await settings.update('reduceMotion', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
