/** What VS Code's extension asks the plugin itself: TypeScript's own extension asks only for the fixes of known codes. */

/** The command of the request; TypeScript's extension passes on those with a `_`. */
export const fixesCommand = '_lossLens.fixes';

export interface FixesRequest {
  readonly file: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

export interface PluginFix {
  readonly title: string;
  readonly edits: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}
