/** The editor's side of the webview. */
export interface Editor {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Editor;

export const editor: Editor = acquireVsCodeApi();
