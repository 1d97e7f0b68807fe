/** Signature help for the losses that the engine binds: what each argument does, in front of what the language server says. */

import * as vscode from 'vscode';
import { translated } from '../../engine/words.ts';
import { symbolNamed } from '../catalogue.ts';
import { knowModules } from '../modules.ts';
import { lossSignatureAt } from '../recognition.ts';
import { signatureText, unbroken } from './content.ts';

/** Of the signatures that others give, no longer than this. */
const patience = 250;

/** Where the others are being asked, on our own account. */
let asking: string | undefined;

export async function signatureHelpAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
  { activeSignatureHelp }: vscode.SignatureHelpContext,
): Promise<vscode.SignatureHelp | undefined> {
  const place = `${document.uri} ${document.version} ${document.offsetAt(position)}`;
  if (asking === place) return undefined;
  await knowModules(document);
  const found = lossSignatureAt(document, position);
  const symbol = found && symbolNamed(found.symbol);
  if (!found || !symbol) return undefined;
  const { label, texts } = signatureText(symbol, found.arguments);
  const own = new vscode.SignatureInformation(
    label,
    symbol.caveats[0] ? markdown(unbroken(translated(symbol.caveats[0]))) : undefined,
  );
  own.parameters = texts.map(
    ({ start, end, documentation }) =>
      new vscode.ParameterInformation([start, end], documentation ? markdown(documentation) : undefined),
  );
  // None is active behind the last one: VS Code marks nothing there.
  own.activeParameter = found.active ?? own.parameters.length;
  const others = await signaturesOfOthers(document, position, place);
  if (token.isCancellationRequested) return undefined;
  const help = new vscode.SignatureHelp();
  help.signatures = [own, ...others];
  // The user may have moved on to one of the others.
  help.activeSignature = Math.min(activeSignatureHelp?.activeSignature ?? 0, others.length);
  help.activeParameter = own.activeParameter;
  return help;
}

/**
 * VS Code shows the signatures of the first provider that has any. So that a language server's types stay within reach
 * (arrow keys), they are asked for here and given along; without one, or where it is slow, ours stands alone.
 */
async function signaturesOfOthers(
  document: vscode.TextDocument,
  position: vscode.Position,
  place: string,
): Promise<readonly vscode.SignatureInformation[]> {
  asking = place;
  try {
    const help = await Promise.race([
      vscode.commands.executeCommand<vscode.SignatureHelp | undefined>(
        'vscode.executeSignatureHelpProvider',
        document.uri,
        position,
      ),
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patience)),
    ]);
    return (help?.signatures ?? []).map((signature) => {
      if (help && signature.activeParameter === undefined) signature.activeParameter = help.activeParameter;
      return signature;
    });
  } finally {
    if (asking === place) asking = undefined;
  }
}

const markdown = (text: string): vscode.MarkdownString => new vscode.MarkdownString(text);
