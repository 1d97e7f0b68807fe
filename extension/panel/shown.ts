import type * as vscode from 'vscode';
import type { Session } from '../../engine/presentation/session.ts';
import type { Keepable } from './keep.ts';

/** What a panel shows, for those that answer its views. */
export interface Shown {
  readonly context: vscode.ExtensionContext;
  /** Rejects with what kept the evaluation from being there. */
  session(): Promise<Session>;
  /** Shows another evaluation instead. */
  show(request: Keepable): void;
}
