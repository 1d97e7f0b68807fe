/** `Insert Loss Snippet…`: from the palette, which asks for the loss, and from a hover, which says it. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { frameworkOf, type SnippetFramework, snippetFor, snippetFrameworks } from '../../engine/index.ts';
import { losses, snippetTitles, titleOf } from '../catalogue.ts';
import { type Choice, group, pick } from '../pick.ts';
import { lossCallAt, lossesIn } from '../recognition.ts';
import { importedBy, languageOf, placedIn } from './placing.ts';
import type { InsertArguments } from './provider.ts';

export async function insertSnippet(from?: InsertArguments): Promise<void> {
  const editor = from ? await editorOf(from) : vscode.window.activeTextEditor;
  if (!editor) {
    await vscode.window.showInformationMessage(
      t('Open the file that the snippet goes into, then insert it.'),
    );
    return;
  }
  const { document } = editor;
  const name = from?.name ?? (await askLoss(document));
  if (name === undefined) return;
  const framework = from?.framework ?? (await frameworkFor(document, name));
  if (framework === undefined) return;
  const snippet = snippetFor(name, framework);
  if (!snippet) {
    const elsewhere = snippetFrameworks.filter((other) => snippetFor(name, other));
    await vscode.window.showInformationMessage(
      t`${snippetTitles[framework]} has nothing to compute ${titleOf(name)} with. There are snippets for ${elsewhere.map((other) => snippetTitles[other]).join(', ')}.`,
    );
    return;
  }
  const asked = from ? new vscode.Position(from.line, from.character) : editor.selection.active;
  const { text, edits } = placedIn(document, snippet);
  const lineOf = statementEnd(document, asked);
  const added = edits.reduce((lines, { newText }) => lines + newText.split('\n').length - 1, 0);
  if (edits.length > 0) {
    await editor.edit((builder) => {
      for (const { range, newText } of edits) builder.insert(range.start, newText);
    });
  }
  const line = document.lineAt(lineOf + (edits[0] && edits[0].range.start.line <= lineOf ? added : 0));
  // Below a statement, at its indentation.
  const whole = line.isEmptyOrWhitespace ? text : `\n${text}`;
  await editor.insertSnippet(new vscode.SnippetString(whole), line.range.end);
  await vscode.window.showTextDocument(document, editor.viewColumn);
}

/** The line that the statement around the position ends on, as far as the calls of losses tell. */
function statementEnd(document: vscode.TextDocument, position: vscode.Position): number {
  const call = document.languageId === 'python' ? lossCallAt(document, position) : undefined;
  const inside = call && document.positionAt(call.start).line <= position.line;
  return Math.max(position.line, inside ? document.positionAt(call.end).line : 0);
}

async function editorOf({ uri }: InsertArguments): Promise<vscode.TextEditor> {
  const open = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
  return open ?? vscode.window.showTextDocument(vscode.Uri.parse(uri));
}

/** Losses that the file names come first. */
function askLoss(document: vscode.TextDocument): Promise<string | undefined> {
  const item = (name: string): Choice<string> => {
    const title = titleOf(name);
    return { label: title, description: title === name ? '' : name, value: name };
  };
  const near = [...new Set(lossesIn(document).map(({ symbol }) => symbol))];
  return pick(t('Insert Loss Snippet'), t('Loss, by title'), [
    ...group(t('In this file'), near.map(item)),
    ...group(
      t('Catalogue'),
      losses.map(({ id }) => item(id)),
    ),
  ]);
}

/** A symbol's own; else the one that the file imports; else the user says. */
async function frameworkFor(
  document: vscode.TextDocument,
  name: string,
): Promise<SnippetFramework | undefined> {
  const own = frameworkOf(name);
  if (own) return own;
  const { frameworks } = importedBy(document);
  if (frameworks.length === 1) return frameworks[0];
  const language = languageOf(document);
  const choices = (frameworks.length > 0 ? frameworks : snippetFrameworks).filter(
    (framework) => !language || (framework === 'tfjs') === (language === 'typescript'),
  );
  if (choices.length === 1) return choices[0];
  return pick(
    t('Insert Loss Snippet'),
    t('Framework'),
    choices.map((framework) => ({ label: snippetTitles[framework], value: framework })),
  );
}
