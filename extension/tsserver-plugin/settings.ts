/** What the editor, or `tsconfig.json`, tells the plugin. */
import type { Finding, Severity } from '../../engine/checks/finding.ts';

export interface Configuration {
  /**
   * `always`, the default; `across-files`: not what can be told from the one file. VS Code's extension asks for that,
   * since it has richer hovers and its own diagnostics there.
   */
  readonly report?: 'always' | 'across-files';
  /** The path of the bundle of `@vscode/l10n` in which the plugin speaks; English without it. */
  readonly words?: string;
  readonly checks?: ChecksSettings;
  /** Of folders that have settings of their own: the innermost one around a file counts. */
  readonly folders?: readonly (ChecksSettings & { readonly folder: string })[];
}

export interface ChecksSettings {
  readonly enabled?: boolean;
  /** By the code of a check: a severity, or `off`. */
  readonly severity?: Readonly<Record<string, string>>;
}

export function checksFor({ checks = {}, folders = [] }: Configuration, fileName: string): ChecksSettings {
  const [inner] = folders
    .filter(({ folder }) => fileName.startsWith(`${folder.replace(/\/$/, '')}/`))
    .toSorted((left, right) => right.folder.length - left.folder.length);
  return inner ?? checks;
}

const severities: readonly string[] = ['error', 'warning', 'information', 'hint'] satisfies Severity[];

/** `undefined` where the check is turned off. What is no severity was mistyped, and does not count. */
export function severityOf({ severity = {} }: ChecksSettings, finding: Finding): Severity | undefined {
  const chosen = severity[finding.code];
  if (chosen === 'off') return undefined;
  return chosen !== undefined && severities.includes(chosen) ? (chosen as Severity) : finding.severity;
}
