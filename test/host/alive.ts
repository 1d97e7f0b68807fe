/** Texts that would like to be Markdown, HTML, an icon or a command, and what has become of them. */
import { browser, evaluateIn } from './browser.ts';

export const link = '[x](command:workbench.action.toggleZenMode)';
export const image = '<img src=x onerror=alert(1)>';
/** On the network, where the window asks for nothing else. */
export const picture = '![x](https://none.example/x.png) [x](https://none.example)';
/** Nothing of VS Code's has it. */
export const icon = '$(rocket)';

/** The commands that our links may run. */
export const commands = ['lossLens.evaluate', 'lossLens.insertSnippet', 'lossLens.openReference'];

/** What in a document would have become alive. */
export const alive = (place: 'workbench' | 'webview', within: string): Promise<string[]> =>
  evaluateIn(
    place,
    (selector, allowed) =>
      [...document.querySelectorAll(selector)].flatMap((root) => [
        ...[...root.querySelectorAll('a, [data-href]')]
          .map((each) => each.getAttribute('data-href') ?? each.getAttribute('href') ?? '')
          .filter(
            (href) =>
              href.includes('none.example') ||
              (href.startsWith('command:') && !allowed.some((own) => href.startsWith(`command:${own}?`))),
          ),
        ...[...root.querySelectorAll('img')]
          .filter((each) => each.src.endsWith('x') || each.src.includes('none.example'))
          .map((each) => each.outerHTML),
        ...[...root.querySelectorAll('[onerror], script[src="x"], iframe[src="x"], .codicon-rocket')].map(
          (each) => each.outerHTML,
        ),
      ]),
    within,
    commands,
  );

/** Rests the mouse on an element until what is said of it is shown; the window may move it away once more. */
export async function restOn(selector: string, shown: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await browser.hover('workbench', '.statusbar');
    await browser.hover('workbench', selector);
    for (let i = 0; i < 40; i++) {
      if ((await browser.count('workbench', `${shown} >> visible=true`)) > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Nothing says ${shown}`);
}
