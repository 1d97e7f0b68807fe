/** Hovers on loss names: asks the recogniser what stands under the cursor, and renders what content.ts says of it. */
import * as vscode from 'vscode';
import { engine } from '../engine.ts';
import { pages } from '../pages.ts';
import { describe, type Section } from './content.ts';
import type { Theme } from './theme.ts';

export function hover(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.languages.registerHoverProvider({ language: 'python' }, new LossHover(context.extensionPath));
}
