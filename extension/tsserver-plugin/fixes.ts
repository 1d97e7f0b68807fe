/** Quick fixes of what the plugin found: TypeScript's extension has none for diagnostics that are not its own. */
import * as vscode from 'vscode';
import { type FixesRequest, fixesCommand, type PluginFix } from './protocol.ts';

export async function pluginFixes(
  document: vscode.TextDocument,
  range: vscode.Range,
): Promise<vscode.CodeAction[]> {
  const diagnostics = vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source, code, range: place }) => {
      return source === 'Loss Lens' && typeof code === 'number' && place.intersection(range);
    });
  if (diagnostics.length === 0) return [];
  const place: Omit<FixesRequest, 'file'> = {
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
  };
  // Before VS Code had this command there were no such fixes.
  const answer = await vscode.commands
    .executeCommand<{ body?: unknown } | undefined>('typescript.tsserverRequest', fixesCommand, {
      file: document.uri,
      ...place,
    })
    .then(undefined, () => undefined);
  const fixes = Array.isArray(answer?.body) ? answer.body.filter(isFix) : [];
  return fixes.map(({ title, edits }) => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = diagnostics;
    action.edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of edits) {
      const replaced = new vscode.Range(document.positionAt(start), document.positionAt(end));
      action.edit.replace(document.uri, replaced, text);
    }
    return action;
  });
}

function isFix(fix: PluginFix): fix is PluginFix {
  return typeof fix?.title === 'string' && Array.isArray(fix.edits);
}
