/** The language of what is said, by VS Code's own: the engine and the pages are told. First of what features.ts loads. */
import { config } from '@vscode/l10n';
import * as vscode from 'vscode';

/** Undefined in English, and where there is no translation. */
export const bundle = vscode.l10n.bundle;

config({ contents: bundle ?? {} });

export const language = (): string => (bundle ? vscode.env.language : 'en');
