/** Which files: of the workspace, or any other. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { fileEndings } from '../../../engine/formats/files/index.ts';
import { filesEndingIn } from '../../files.ts';
import { baseName, folderName } from '../../paths.ts';
import { pickSome } from '../../pick.ts';

const mostFiles = 500;
/** Most of them hold no arrays: they are found by browsing. */
const rarelyArrays: ReadonlySet<string> = new Set(['json', 'png', 'jpg', 'jpeg', 'webp']);

/** Those that the user ticks; `undefined` when they back out. */
export async function chooseFiles(title: string): Promise<readonly vscode.Uri[] | undefined> {
  const endings = fileEndings.filter((ending) => !rarelyArrays.has(ending));
  const found = await filesEndingIn(endings, mostFiles);
  const chosen =
    found.length === 0
      ? ['other' as const]
      : await pickSome<vscode.Uri | 'other'>(title, t('Files of arrays'), [
          { icon: 'folder-opened', label: t('Browse…'), alwaysShow: true, value: 'other' },
          ...found.map((uri) => ({
            label: baseName(uri.path),
            description: folderName(vscode.workspace.asRelativePath(uri)),
            value: uri,
          })),
        ]);
  if (!chosen || chosen.length === 0) return undefined;
  const files = chosen.filter((each) => each !== 'other');
  if (files.length === chosen.length) return files;
  const others = await vscode.window.showOpenDialog({
    title,
    canSelectMany: true,
    filters: { [t('Files of arrays')]: [...fileEndings] },
  });
  return others ? [...files, ...others] : undefined;
}
