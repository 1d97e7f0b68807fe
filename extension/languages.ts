/** Where losses may be named, asked before anything is loaded. */
import type * as vscode from 'vscode';

/** Those that start the extension: a test holds package.json to the recogniser, which is not loaded yet. */
export function languagesOf({ extension }: vscode.ExtensionContext): string[] {
  const events: readonly string[] = extension.packageJSON.activationEvents;
  return events.flatMap((event) => /^onLanguage:(.*)$/.exec(event)?.[1] ?? []);
}

/** Without one of these, no loss of TensorFlow.js can be named: nothing is loaded in the many files of other projects. */
const mentions = /tensorflow|\btf\b|\bcompile\b/;

export function mayNameLoss(document: vscode.TextDocument): boolean {
  return document.languageId === 'python' || mentions.test(document.getText());
}
