/** The result of an evaluation row by row, beside the editor. */
import * as vscode from 'vscode';
import { nonce } from '../bytes.ts';
import { bundle, language } from '../language.ts';
import { answering } from '../panel/answer.ts';
import { pageHtml } from '../panel/html.ts';
import type { Shown, StreamedExchanges } from './protocol.ts';
import type { viewType as restoredViewType } from './restoring.ts';

const viewType: typeof restoredViewType = 'lossLens.streamed';

export function showStreamed(context: vscode.ExtensionContext, shown: Shown): void {
  const panel = vscode.window.createWebviewPanel(viewType, shown.title, vscode.ViewColumn.Beside);
  fill(context, panel, shown);
}

/** A panel that came back after a reload of the window. */
export function restoreStreamed(context: vscode.ExtensionContext, panel: vscode.WebviewPanel): void {
  fill(context, panel);
}

function fill({ extensionUri }: vscode.ExtensionContext, panel: vscode.WebviewPanel, shown?: Shown): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const { webview } = panel;
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  let disposed = false;
  panel.onDidDispose(() => {
    disposed = true;
  });
  webview.onDidReceiveMessage(
    answering<StreamedExchanges>({ open: {} }, { open: () => (shown ? { shown } : {}) }, (reply) =>
      disposed ? undefined : webview.postMessage(reply),
    ),
  );
  webview.html = pageHtml({
    source: webview.cspSource,
    language: language(),
    bundle,
    nonces: { script: nonce(), style: nonce() },
    script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'streamed.js')).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'streamed.css')).toString(),
  });
}
