/** For tests in the extension host: the window around them, by way of the launcher. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Bridge, BridgeReply, BridgeRequest, Place } from './bridge.ts';

async function call(method: keyof Bridge, parameters: readonly unknown[]): Promise<unknown> {
  const address = process.env.LOSS_LENS_BRIDGE;
  assert(address, 'LOSS_LENS_BRIDGE is not set: these tests run by `npm run test:host` only.');
  const request: BridgeRequest = { method, parameters };
  const response = await fetch(address, { method: 'POST', body: JSON.stringify(request) });
  const reply = (await response.json()) as BridgeReply;
  if (!reply.ok) throw new Error(`${method}(${parameters.map(String).join(', ')}): ${reply.message}`);
  return reply.value;
}

/** Every method of the bridge, see there. */
export const browser: Omit<Bridge, 'evaluate'> = new Proxy({} as Bridge, {
  get:
    (_, method) =>
    (...parameters: unknown[]) =>
      call(method as keyof Bridge, parameters),
});

/**
 * Runs a function in that document. It sees its arguments and the document only, nothing of the test around it;
 * arguments and result travel as JSON.
 */
export async function evaluateIn<A extends readonly unknown[], R>(
  place: Place,
  evaluated: (...parameters: A) => R,
  ...parameters: A
): Promise<Awaited<R>> {
  return (await call('evaluate', [place, evaluated.toString(), parameters])) as Awaited<R>;
}

/** Runs script text in that document, e.g. a library that a test needs there. The page's own CSP does not apply to it. */
export async function runScriptIn(place: Place, script: string): Promise<void> {
  await call('evaluate', [place, `() => { ${script}\n }`, []]);
}

export type Theme = 'light' | 'dark' | 'hc-dark' | 'hc-light';

const themes: Record<Theme, { id: string; kind: vscode.ColorThemeKind }> = {
  light: { id: 'Light Modern', kind: vscode.ColorThemeKind.Light },
  dark: { id: 'Dark Modern', kind: vscode.ColorThemeKind.Dark },
  'hc-dark': { id: 'Default High Contrast', kind: vscode.ColorThemeKind.HighContrast },
  'hc-light': { id: 'Default High Contrast Light', kind: vscode.ColorThemeKind.HighContrastLight },
};

export const allThemes = Object.keys(themes) as Theme[];

/** Takes on a colour theme and waits until it is there. */
export async function setTheme(theme: Theme): Promise<void> {
  const { id, kind } = themes[theme];
  const settings = vscode.workspace.getConfiguration('workbench');
  await settings.update('colorTheme', id, vscode.ConfigurationTarget.Global);
  await until(() => vscode.window.activeColorTheme.kind === kind, `the theme ${id} is not active`);
}

/** Runs the body in a colour theme, then returns to the one before. */
export async function withTheme<R>(theme: Theme, body: () => Promise<R>): Promise<R> {
  const before = allThemes.find((name) => themes[name].kind === vscode.window.activeColorTheme.kind)!;
  await setTheme(theme);
  try {
    return await body();
  } finally {
    await setTheme(before);
  }
}

/**
 * Closes all editors without saving, and waits until what they showed of no file is gone. Otherwise the next document
 * without a file may get the name of one that is just being closed, and then holds that one's text.
 */
export async function closeEditors(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shown = new Set([
    ...tabs.flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri.toString()] : [])),
    ...vscode.window.visibleTextEditors.map(({ document }) => document.uri.toString()),
  ]);
  const closing = vscode.workspace.textDocuments.filter(
    ({ isUntitled, uri }) => isUntitled && shown.has(uri.toString()),
  );
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await until(() => closing.every(({ isClosed }) => isClosed), 'a document outlives its editor');
}

/** Brings a view of the evaluation panel to the front. */
export async function openView(title: string): Promise<void> {
  await browser.click('webview', `role=tab[name="${title}"]`);
  await browser.waitFor('webview', `.tab-view:visible > .view[data-view="${title.toLowerCase()}"] > *`);
}

/**
 * Shows a text of no file. The name of such a document may be that of one which has just been closed, and on a busy
 * machine the window then shows that one's text: so it is looked at, and opened anew.
 */
export async function showText(content: string, language: string): Promise<vscode.TextEditor> {
  for (let attempt = 1; ; attempt++) {
    const opened = await vscode.workspace.openTextDocument({ language, content });
    const editor = await vscode.window.showTextDocument(opened, vscode.ViewColumn.One);
    const shows = () =>
      evaluateIn(
        'workbench',
        (start) => {
          const line = document.querySelector('.editor-instance .view-lines .view-line');
          return (line?.textContent ?? '').replaceAll('\u00a0', ' ').startsWith(start);
        },
        content.split('\n')[0]!.slice(0, 20),
      );
    try {
      await until(async () => opened.getText() === content && (await shows()), 'another text is shown', 3000);
      return editor;
    } catch (error) {
      if (attempt === 3) throw error;
      await closeEditors();
    }
  }
}

/** Puts the cursor there, and waits until the window shows it: keys and commands of the editor then find it there. */
export async function putCursor(editor: vscode.TextEditor, position: vscode.Position): Promise<void> {
  editor.selection = new vscode.Selection(position, position);
  await browser.waitFor('workbench', '.monaco-editor.focused');
  const place = `Ln ${position.line + 1}, Col ${position.character + 1}`;
  await browser.waitFor('workbench', `.statusbar-item :text-is("${place}")`);
}

/**
 * Shows the hover at the cursor until the window has what is looked for. It is shown anew every few seconds: a language
 * server that is still loading says so, and a hover that is shown stays as it is.
 */
export async function showHover(selector: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await vscode.commands.executeCommand('editor.action.hideHover');
    await vscode.commands.executeCommand('editor.action.showHover');
    const isThere = async () => (await browser.count('workbench', `${selector} >> visible=true`)) > 0;
    const shown = await until(isThere, '', 4000).then(
      () => true,
      () => false,
    );
    if (shown) return;
  }
  throw new Error(`No hover is ${selector}`);
}

/** Waits for a notification that holds the text, in the list of them: a window that is driven by tests shows no toasts. */
export async function says(text: string): Promise<void> {
  const message = `.notifications-center .notification-list-item:has-text("${text}") >> visible=true`;
  const isThere = async (): Promise<boolean> => {
    await vscode.commands.executeCommand('notifications.showList');
    return (await browser.count('workbench', message)) > 0;
  };
  await until(isThere, `no message says ${text}`);
}

/** Waits until the condition holds. @throws Error with that complaint when it does not in time (ms). */
export async function until(
  holds: () => boolean | Promise<boolean>,
  complaint: string,
  timeout = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Asks until the answer is as it should be: what is judged is the very answer, not one that is given after it.
 * @returns that answer
 * @throws what `judge` last threw, when it does so for longer than the time (ms)
 */
export async function eventually<T>(
  ask: () => T | PromiseLike<T>,
  judge: (answer: Awaited<T>) => void,
  timeout = 30_000,
): Promise<Awaited<T>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    try {
      judge(answer);
      return answer;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
