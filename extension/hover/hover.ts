/** What the recogniser finds under the cursor, as content.ts describes it, in the editor's own Markdown. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { KnownSymbol } from '../../engine/catalogue.ts';
import type { Parameters } from '../../engine/evaluation.ts';
import type { LossCall, RecognisedLoss } from '../../engine/index.ts';
import { curve, LossLensError } from '../../engine/index.ts';
import { answering } from '../background.ts';
import { symbolNamed } from '../catalogue.ts';
import type { InsertArguments } from '../completion/provider.ts';
import type { EvaluateArguments } from '../evaluate/command.ts';
import { drawCurve } from '../formula/curve.ts';
import { bundle } from '../language.ts';
import { type Page, type Picture, pages } from '../pages.ts';
import { lossCallAt, lossNamedAt, withModules } from '../recognition.ts';
import { describe, type Hovered, isExplained, type Part } from './content.ts';
import type { Theme } from './theme.ts';

/** @returns `undefined` where no loss is named */
export function hoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  return answering(() => hoverOn(document, position));
}

async function hoverOn(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const found = await withModules(document, () => {
    const loss = lossNamedAt(document, position);
    return loss && { loss, call: callOf(document, loss) };
  });
  if (!found) return undefined;
  const { loss, call } = found;
  const { losses, curves, formulas } = await pages();
  const symbol = symbolNamed(loss.symbol);
  const page = loss.loss === undefined ? undefined : losses[loss.loss];
  const subject = subjectOf(symbol, page);
  if (!subject) return undefined;
  const start = document.positionAt(loss.start);
  const parts = describe(
    {
      subject,
      formula: formulas[loss.symbol] ?? page?.formula,
      curve: (call && curveAsSet(call)) ?? (bundle ? curveDrawn(loss.symbol, {}) : curves[loss.symbol]),
      loss,
      settings: call ? settingsOf(call, symbol) : [],
      links: {
        evaluate: commandUri('lossLens.evaluate', {
          uri: document.uri.toString(),
          line: start.line,
          character: start.character,
        } satisfies EvaluateArguments),
        insert: commandUri('lossLens.insertSnippet', {
          uri: document.uri.toString(),
          line: start.line,
          character: start.character,
          name: loss.symbol,
        } satisfies InsertArguments),
        reference: commandUri('lossLens.openReference', loss.loss ?? loss.symbol),
      },
    },
    themeOf(vscode.window.activeColorTheme.kind),
  );
  return new vscode.Hover(toMarkdown(parts), new vscode.Range(start, document.positionAt(loss.end)));
}

function subjectOf(symbol: KnownSymbol | undefined, page: Page | undefined): Hovered['subject'] | undefined {
  if (symbol && isExplained(symbol)) return { symbol };
  return page && { symbol, page };
}

/** The call that this name belongs to, not just one on the same line. */
function callOf(document: vscode.TextDocument, loss: RecognisedLoss): LossCall | undefined {
  const call = lossCallAt(document, document.positionAt(loss.start));
  return call?.loss.start === loss.start ? call : undefined;
}

/** Options, and the arrays that are no data: weights. */
function settingsOf(
  { options, unread, arguments: arrays }: LossCall,
  symbol: KnownSymbol | undefined,
): Hovered['settings'] {
  const inputs = symbol && !isExplained(symbol) ? symbol.inputs : [];
  const weights = arrays.filter(({ name }) => inputs.find((input) => input.name === name)?.optional === true);
  return [
    ...weights.map(({ name, text }) => ({ name, text })),
    ...Object.entries(options).map(([name, value]) => ({ name, value })),
    ...unread.map(({ name, text }) => ({ name: spoken(name), text })),
  ];
}

/** What has no name is called by its place. */
const spoken = (name: string): string => {
  const place = /^argument (\d+)$/.exec(name)?.[1];
  return place === undefined ? name : t`argument ${place}`;
};

const drawn = new Map<string, Picture | undefined>();

/** The curve with the options of this call; `undefined` when it sets none, or some that the loss refuses. */
function curveAsSet({ loss, options }: LossCall): Picture | undefined {
  return Object.keys(options).length === 0 ? undefined : curveDrawn(loss.symbol, options);
}

/** Of what the loss refuses there is none. The build has drawn the defaults, with words in English. */
function curveDrawn(name: string, options: Parameters): Picture | undefined {
  const key = JSON.stringify([name, options]);
  if (!drawn.has(key)) {
    try {
      drawn.set(key, drawCurve(curve(name, options)));
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
  markdown.isTrusted = {
    enabledCommands: ['lossLens.evaluate', 'lossLens.insertSnippet', 'lossLens.openReference'],
  };
  for (const { kind, value } of parts) {
    if (kind === 'text') markdown.appendText(value);
    else if (kind === 'markdown') markdown.appendMarkdown(value);
    else markdown.appendCodeblock(value, kind);
  }
  return markdown;
}

function commandUri(command: string, argument: unknown): string {
  // Brackets end a link, and are left as they are.
  const given = encodeURIComponent(JSON.stringify([argument]))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
  return `command:${command}?${given}`;
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
