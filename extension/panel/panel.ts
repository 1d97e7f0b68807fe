/** The panel beside the editor that shows one evaluation. */

import * as vscode from 'vscode';
import type { EvaluateRequest, Parameters } from '../../engine/evaluation.ts';
import { Session } from '../../engine/presentation/session.ts';
import { fromWire } from '../../engine/presentation/wire.ts';
import { translated } from '../../engine/words.ts';
import { nonce } from '../bytes.ts';
import { infoOf, titleOf } from '../catalogue.ts';
import { engine, fetchFiles } from '../engine.ts';
import { bundle, language } from '../language.ts';
import { pages } from '../pages.ts';
import { baseName } from '../paths.ts';
import { answering } from './answer.ts';
import { panelChecks } from './asked.ts';
import { compareAnswers } from './compare/answers.ts';
import { evaluationAnswers } from './evaluation.ts';
import { explainAnswers } from './explain/answers.ts';
import { historyAnswers } from './history/answers.ts';
import { pageHtml } from './html.ts';
import { type Keepable, keep, kept } from './keep.ts';
import { plotAnswers } from './plots/answers.ts';
import type { Exchanges, Formula, Opening, ToWebview } from './protocol.ts';
import { referenceAnswers, watchEditors } from './reference/answers.ts';
import type { viewType as restoredViewType } from './restoring.ts';
import type { Shown } from './shown.ts';

const viewType: typeof restoredViewType = 'lossLens.evaluation';

export interface PanelRequest extends EvaluateRequest {
  /** Stands at the top instead of the loss's own title. */
  readonly title?: string;
  /** What is to be known of its arrays, each a sentence. */
  readonly notes?: readonly string[];
  /** Where the evaluation was asked for. */
  readonly source?: {
    readonly uri: vscode.Uri;
    /** From 0. */
    readonly line: number;
  };
}

/** Open panels, by what they show: the same loss evaluated again at the same place takes its panel over. */
const open = new Map<string, EvaluationPanel>();

/** Resolves once the panel is there; what goes wrong in the evaluation is shown in it. */
export async function showEvaluation(context: vscode.ExtensionContext, request: PanelRequest): Promise<void> {
  const key = keyOf(request);
  const session = sessionOf(request);
  const existing = open.get(key);
  if (existing) {
    existing.show(session, request);
    return;
  }
  const webviewPanel = vscode.window.createWebviewPanel(viewType, '', vscode.ViewColumn.Beside);
  attach(context, key, webviewPanel, session, request);
}

/** Fills a panel that came back after a reload of the window. */
export function restoreEvaluation(
  context: vscode.ExtensionContext,
  webviewPanel: vscode.WebviewPanel,
  state: unknown,
): void {
  const request = restored(state);
  if (request instanceof Error) {
    attach(context, `restored ${nonce()}`, webviewPanel, Promise.reject(request), request);
    return;
  }
  const key = keyOf(request);
  // It was evaluated again before anybody looked at the panel that came back.
  if (open.has(key)) webviewPanel.dispose();
  else attach(context, key, webviewPanel, sessionOf(request), request);
}

const keyOf = ({ loss, title, source }: PanelRequest): string =>
  JSON.stringify([loss, title, source?.uri.toString(), source?.line]);

function attach(
  context: vscode.ExtensionContext,
  key: string,
  webviewPanel: vscode.WebviewPanel,
  session: Promise<Session>,
  request: PanelRequest | Error,
): void {
  watchEditors(context);
  const panel = new EvaluationPanel(webviewPanel, context);
  open.set(key, panel);
  webviewPanel.onDidDispose(() => open.delete(key));
  panel.show(session, request);
}

class EvaluationPanel {
  readonly #panel: vscode.WebviewPanel;
  #session: Promise<Session> | undefined;
  #source: PanelRequest['source'];
  #disposed = false;

  constructor(panel: vscode.WebviewPanel, context: vscode.ExtensionContext) {
    this.#panel = panel;
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
    const shown: Shown = {
      context,
      session: () => this.#session!,
      show: (keepable) => {
        const request = located(keepable);
        this.show(sessionOf(request), request);
      },
    };
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const evaluation = evaluationAnswers(shown);
    const explain = explainAnswers(shown);
    const listen = answering<Exchanges>(
      panelChecks,
      {
        ...evaluation,
        ...explain,
        ...historyAnswers(shown),
        ...compareAnswers(shown),
        ...referenceAnswers(shown),
        ...plotAnswers(shown),
        evaluate: async (asked) => {
          await fetchFor((await this.#session!).request.loss, fromWire(asked.parameters));
          return evaluation.evaluate(asked);
        },
        explainValue: (asked) => {
          // A step of the walkthrough waits for it.
          void vscode.commands.executeCommand('setContext', 'lossLens.explained', true);
          return explain.explainValue(asked);
        },
        reveal: async () => {
          await this.#reveal();
          return {};
        },
      },
      (reply) => this.#post(reply),
    );
    webview.onDidReceiveMessage(listen);
    panel.onDidDispose(() => {
      this.#disposed = true;
      release(this.#session);
    });
    webview.html = pageHtml({
      source: webview.cspSource,
      language: language(),
      bundle,
      nonces: { script: nonce(), style: nonce() },
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'webview.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'webview.css')).toString(),
      paints: true,
    });
  }

  show(session: Promise<Session>, request: PanelRequest | Error): void {
    // The first run starts while the webview still loads; its outcome, or its error, waits for the webview's question.
    session.then((opened) => opened.evaluate({})).catch(() => undefined);
    const replaced = this.#session;
    this.#session = session;
    this.#panel.title = request instanceof Error ? 'Loss Lens' : tabTitle(request);
    this.#source = request instanceof Error ? undefined : request.source;
    if (!replaced) return;
    release(replaced);
    this.#post({ kind: 'changed' });
    this.#panel.reveal(undefined, false);
  }

  async #post(message: ToWebview): Promise<void> {
    if (!this.#disposed) await this.#panel.webview.postMessage(message);
  }

  async #reveal(): Promise<void> {
    if (!this.#source) return;
    const { uri, line } = this.#source;
    const shown = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === uri.toString(),
    );
    await vscode.window.showTextDocument(uri, {
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
      selection: new vscode.Range(line, 0, line, 0),
    });
  }
}

async function sessionOf(request: PanelRequest): Promise<Session> {
  const { source, ...rest } = request;
  const [loaded, { losses }] = await Promise.all([engine(), pages()]);
  await fetchFor(request.loss, request.parameters ?? {});
  const id = loaded.symbols.find(({ name }) => name === request.loss)?.loss ?? request.loss;
  const page = losses[id];
  const formula: Formula | undefined = page && {
    tex: page.tex,
    alternative: translated(page.formula.alternative),
  };
  return new Session(loaded, request, {
    title: request.title ?? titleOf(id),
    ...(source && { source: placeOf(source) }),
    ...(request.notes && { notes: request.notes }),
    ...(formula && { formula }),
    backend: vscode.workspace.getConfiguration('lossLens').get<Opening['backend']>('backend', 'auto'),
    keep: keep(source ? { ...rest, source: { ...source, uri: source.uri.toString() } } : rest),
  });
}

const fetchFor = (loss: string, parameters: Parameters): Promise<void> =>
  fetchFiles(infoOf(loss)?.parameters ?? [], parameters);

function located({ source, ...request }: Keepable): PanelRequest {
  return {
    ...request,
    ...(source && { source: { uri: vscode.Uri.parse(source.uri), line: source.line } }),
  };
}

function restored(state: unknown): PanelRequest | Error {
  try {
    return located(kept(state));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function release(session: Promise<Session> | undefined): void {
  session?.then((opened) => opened.dispose()).catch(() => undefined);
}

function placeOf({ uri, line }: NonNullable<PanelRequest['source']>): string {
  return `${baseName(uri.path)}:${line + 1}`;
}

function tabTitle({ loss, title, source }: PanelRequest): string {
  const name = title ?? loss.slice(loss.lastIndexOf('.') + 1);
  return source ? `${name} · ${placeOf(source)}` : name;
}
