/** The findings of the engine's checks as the editor's diagnostics and quick fixes. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { checking, type Finding, type Severity } from '../../engine/index.ts';
import { inBackground } from '../background.ts';
import { type Subject, type SubjectText, textOf } from './subject.ts';

interface Checked {
  readonly text: SubjectText;
  readonly found: readonly { readonly finding: Finding; readonly diagnostic: vscode.Diagnostic }[];
}

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

interface Latest {
  /** Of the text and of the settings. */
  readonly version: string;
  readonly checked: Promise<Checked | undefined>;
}

/** By the URI of the document or notebook: quick fixes are asked for with every move of the cursor. */
const latest = new Map<string, Latest>();

/**
 * What is to be shown for each document that the subject is made of, for those without findings too. Nothing where it
 * was edited before that was found out.
 */
export async function diagnose(
  subject: Subject,
): Promise<(readonly [vscode.Uri, readonly vscode.Diagnostic[]])[]> {
  const now = await checked(subject);
  if (!now) return [];
  const { found, text } = now;
  return text.documents.map(({ uri }) => [
    uri,
    found
      .filter(({ finding }) => isIn(text.location(finding.start, finding.end), uri))
      .map(({ diagnostic }) => diagnostic),
  ]);
}

/** The quick fixes of what is found in this range of the document, which is the subject or a cell of it. */
export async function fixesAt(
  subject: Subject,
  document: vscode.TextDocument,
  range: vscode.Range,
): Promise<vscode.CodeAction[]> {
  const now = await checked(subject);
  if (!now) return [];
  const { found, text } = now;
  return found.flatMap(({ finding, diagnostic }) => {
    const here = isIn(text.location(finding.start, finding.end), document.uri);
    if (!here || !diagnostic.range.intersection(range)) return [];
    const fixes = finding.fixes.map(({ title, edits }, index) => {
      const edit = new vscode.WorkspaceEdit();
      for (const { start, end, text: replacement } of edits) {
        const place = text.location(start, end);
        edit.replace(place.uri, place.range, replacement);
      }
      return quickFix(title, diagnostic, edit, index === 0);
    });
    const ignore = ignoring(document, finding.code, diagnostic.range.start.line);
    return [...fixes, quickFix(t`Ignore ${finding.code} here`, diagnostic, ignore, false)];
  });
}

export function forget(uri: vscode.Uri): void {
  latest.delete(uri.toString());
}

function isIn(location: vscode.Location, uri: vscode.Uri): boolean {
  return location.uri.toString() === uri.toString();
}

/** `undefined` where the subject was edited or closed before it was checked. */
async function checked(subject: Subject): Promise<Checked | undefined> {
  const { version } = subject;
  const now = await checkedOnce(subject);
  // What is read of its modules meanwhile makes another text of it, and nobody will ask again.
  return now || subject.isClosed || subject.version !== version ? now : checked(subject);
}

function checkedOnce(subject: Subject): Promise<Checked | undefined> {
  const key = subject.uri.toString();
  const text = textOf(subject);
  const settings = vscode.workspace.getConfiguration('lossLens.checks', subject.uri);
  const enabled = settings.get<boolean>('enabled', true);
  const chosen = settings.get<Readonly<Record<string, string>>>('severity', {});
  const version = JSON.stringify([text.version, enabled, chosen]);
  const known = latest.get(key);
  if (known?.version === version) return known.checked;
  const checked = findingsIn(subject, text, enabled).then((all) => {
    return all && { text, found: all.flatMap((finding) => diagnosed(finding, chosen, text)) };
  });
  latest.set(key, { version, checked });
  return checked;
}

async function findingsIn(
  subject: Subject,
  { source, version }: SubjectText,
  enabled: boolean,
): Promise<readonly Finding[] | undefined> {
  if (!enabled || !source) return [];
  const isCurrent = (): boolean => !subject.isClosed && textOf(subject).version === version;
  return inBackground(checking(source, source.languageId), isCurrent);
}

function diagnosed(
  finding: Finding,
  chosen: Readonly<Record<string, string>>,
  text: SubjectText,
): Checked['found'] {
  const severity = chosen[finding.code] ?? finding.severity;
  if (severity === 'off') return [];
  // What is no severity was mistyped in the settings, where the editor says so.
  const level = Object.hasOwn(severities, severity) ? (severity as Severity) : finding.severity;
  return [{ finding, diagnostic: diagnosticOf(finding, severities[level], text) }];
}

function diagnosticOf(
  { code, start, end, message, related }: Finding,
  severity: vscode.DiagnosticSeverity,
  text: SubjectText,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(text.location(start, end).range, message, severity);
  diagnostic.source = 'Loss Lens';
  const page = `command:lossLens.openReference?${encodeURIComponent(JSON.stringify([`checks/${code}`]))}`;
  diagnostic.code = { value: code, target: vscode.Uri.parse(page) };
  diagnostic.relatedInformation = (related ?? []).map(
    (place) => new vscode.DiagnosticRelatedInformation(text.location(place.start, place.end), place.message),
  );
  return diagnostic;
}

function quickFix(
  title: string,
  diagnostic: vscode.Diagnostic,
  edit: vscode.WorkspaceEdit,
  isPreferred: boolean,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.edit = edit;
  action.isPreferred = isPreferred;
  return action;
}

/** A comment on a line of its own: at the end of this one it might land in a string, or behind a continuation. */
function ignoring(document: vscode.TextDocument, code: string, line: number): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const { text, range, firstNonWhitespaceCharacterIndex } = document.lineAt(line);
  const indentation = text.slice(0, firstNonWhitespaceCharacterIndex);
  const mark = document.languageId === 'python' ? '#' : '//';
  edit.insert(document.uri, range.start, `${indentation}${mark} loss-lens: ignore[${code}]\n`);
  return edit;
}
