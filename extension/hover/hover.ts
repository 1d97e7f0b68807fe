/** What the recogniser finds under the cursor, as content.ts describes it, in the editor's own Markdown. */
import * as vscode from 'vscode';
import type { RecognisedLoss } from '../../engine/recognise/index.ts';
import { symbolNamed } from '../catalogue.ts';
import type { EvaluateArguments } from '../evaluate/command.ts';
import { pages } from '../pages.ts';
import { lossCallAt, lossNamedAt } from '../recognition.ts';
import { describe, type Hovered, type Section } from './content.ts';
import type { Theme } from './theme.ts';

/** @returns `undefined` where no loss is named */
export async function hoverAt(
  extensionPath: string,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const loss = lossNamedAt(document, position);
  if (!loss) return undefined;
  const { losses, curves } = await pages(extensionPath);
  const page = losses[loss.loss];
  if (!page) return undefined;
  const start = document.positionAt(loss.start);
  const sections = describe(
    {
      symbol: symbolNamed(loss.symbol),
      page,
      curve: curves[loss.symbol],
      loss,
      settings: settingsOf(document, loss),
      links: {
        evaluate: commandUri('lossLens.evaluate', {
          uri: document.uri.toString(),
          line: start.line,
          character: start.character,
        } satisfies EvaluateArguments),
        reference: commandUri('lossLens.openReference', loss.loss),
      },
    },
    themeOf(vscode.window.activeColorTheme.kind),
  );
  return new vscode.Hover(sections.map(toMarkdown), new vscode.Range(start, document.positionAt(loss.end)));
}

/** What the call that this name belongs to sets, as far as the source says. */
function settingsOf(document: vscode.TextDocument, loss: RecognisedLoss): Hovered['settings'] {
  const call = lossCallAt(document, document.positionAt(loss.start));
  if (call?.loss.start !== loss.start) return [];
  return [
    ...Object.entries(call.options).map(([name, value]) => ({ name, value })),
    ...call.unread.map(({ name, text }) => ({ name, text })),
  ];
}

function toMarkdown(section: Section): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.supportHtml = true;
  markdown.isTrusted = { enabledCommands: ['lossLens.evaluate', 'lossLens.openReference'] };
  for (const { kind, value } of section) {
    if (kind === 'text') markdown.appendText(value);
    else if (kind === 'python') markdown.appendCodeblock(value, 'python');
    else markdown.appendMarkdown(value);
  }
  return markdown;
}

function commandUri(command: string, argument: unknown): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`;
}

function themeOf(kind: vscode.ColorThemeKind): Theme {
  switch (kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.Dark:
      return 'dark';
    case vscode.ColorThemeKind.HighContrast:
      return 'high-contrast';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'high-contrast-light';
  }
}
