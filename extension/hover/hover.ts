/** What the recogniser finds under the cursor, as content.ts describes it, in the editor's own Markdown. */
import * as vscode from 'vscode';
import type { LossCall, RecognisedLoss } from '../../engine/index.ts';
import { curve, LossLensError } from '../../engine/index.ts';
import { symbolNamed } from '../catalogue.ts';
import type { EvaluateArguments } from '../evaluate/command.ts';
import { drawCurve } from '../formula/curve.ts';
import { type Picture, pages } from '../pages.ts';
import { lossCallAt, lossNamedAt } from '../recognition.ts';
import { describe, type Hovered, type Part } from './content.ts';
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
  const call = callOf(document, loss);
  const parts = describe(
    {
      symbol: symbolNamed(loss.symbol),
      page,
      curve: (call && curveAsSet(call)) ?? curves[loss.symbol],
      loss,
      settings: call ? settingsOf(call) : [],
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
  return new vscode.Hover(toMarkdown(parts), new vscode.Range(start, document.positionAt(loss.end)));
}

/** The call that this name belongs to, not just one on the same line. */
function callOf(document: vscode.TextDocument, loss: RecognisedLoss): LossCall | undefined {
  const call = lossCallAt(document, document.positionAt(loss.start));
  return call?.loss.start === loss.start ? call : undefined;
}

function settingsOf({ options, unread }: LossCall): Hovered['settings'] {
  return [
    ...Object.entries(options).map(([name, value]) => ({ name, value })),
    ...unread.map(({ name, text }) => ({ name, text })),
  ];
}

const drawn = new Map<string, Picture | undefined>();

/** The curve with the options of this call; `undefined` when it sets none, or some that the loss refuses. */
function curveAsSet({ loss, options }: LossCall): Picture | undefined {
  if (Object.keys(options).length === 0) return undefined;
  const key = JSON.stringify([loss.symbol, options]);
  if (!drawn.has(key)) {
    try {
      drawn.set(key, drawCurve(curve(loss.symbol, options)));
    } catch (error) {
      if (!(error instanceof LossLensError)) throw error;
      drawn.set(key, undefined);
    }
  }
  return drawn.get(key);
}

function toMarkdown(parts: readonly Part[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.supportHtml = true;
  markdown.isTrusted = { enabledCommands: ['lossLens.evaluate', 'lossLens.openReference'] };
  for (const { kind, value } of parts) {
    if (kind === 'text') markdown.appendText(value);
    else if (kind === 'markdown') markdown.appendMarkdown(value);
    else markdown.appendCodeblock(value, kind);
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
