/** The reference beside the editor: one panel, which goes from page to page. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { curve } from '../../engine/index.ts';
import { fromWire, RefusedError } from '../../engine/presentation/wire.ts';
import { nonce } from '../bytes.ts';
import { bundle, language } from '../language.ts';
import { answering } from '../panel/answer.ts';
import { referenceChecks } from '../panel/asked.ts';
import { pageHtml } from '../panel/html.ts';
import type { ToWebview } from '../panel/protocol.ts';
import { book } from './book.ts';
import type { viewType as restoredViewType } from './command.ts';
import type { ReferenceExchanges } from './protocol.ts';
import { pageView } from './view.ts';

const viewType: typeof restoredViewType = 'lossLens.reference';

let open: ReferencePanel | undefined;

/** @param id of a page that the book has */
export function showReference(context: vscode.ExtensionContext, id: string): void {
  if (open) {
    open.show(id);
    return;
  }
  const panel = vscode.window.createWebviewPanel(viewType, t('Loss reference'), {
    viewColumn: vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
  });
  open = new ReferencePanel(context, panel, id);
}

/** Fills a panel that came back after a reload of the window; it knows itself where it was. */
export function restoreReference(context: vscode.ExtensionContext, panel: vscode.WebviewPanel): void {
  if (open) panel.dispose();
  else open = new ReferencePanel(context, panel, 'opening');
}

class ReferencePanel {
  readonly #panel: vscode.WebviewPanel;
  #asked: string;
  #disposed = false;

  constructor({ extensionUri }: vscode.ExtensionContext, panel: vscode.WebviewPanel, id: string) {
    this.#panel = panel;
    this.#asked = id;
    const dist = vscode.Uri.joinPath(extensionUri, 'dist');
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const listen = answering<ReferenceExchanges>(
      referenceChecks,
      {
        page: async ({ id = this.#asked }) => {
          const found = pageView(await book(), id);
          if (!found) throw new RefusedError(t`The reference has no page '${id}'.`);
          panel.title = found.title;
          return found;
        },
        curve: ({ name, parameters }) => curve(name, fromWire(parameters)),
      },
      (reply) => this.#post(reply),
    );
    webview.onDidReceiveMessage(listen);
    panel.onDidDispose(() => {
      this.#disposed = true;
      open = undefined;
    });
    webview.html = pageHtml({
      source: webview.cspSource,
      language: language(),
      bundle,
      nonces: { script: nonce(), style: nonce() },
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'reference.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'reference.css')).toString(),
    });
  }

  show(id: string): void {
    this.#asked = id;
    this.#panel.reveal(undefined, false);
    void this.#post({ kind: 'changed' });
  }

  async #post(message: ToWebview): Promise<void> {
    if (!this.#disposed) await this.#panel.webview.postMessage(message);
  }
}
