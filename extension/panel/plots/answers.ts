/** Plots leave the panel: to a file where the user wants it, or to the clipboard. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { fromWire, RefusedError } from '../../../engine/presentation/wire.ts';
import type { Handlers } from '../answer.ts';
import type { Shown } from '../shown.ts';
import type { PlotExchanges, SavedFormat } from './protocol.ts';

const formats = (): Readonly<Record<SavedFormat, string>> => ({
  svg: t('SVG image'),
  png: t('PNG image'),
  csv: t('Comma-separated values'),
});

export const plotAnswers = ({ session }: Shown): Handlers<PlotExchanges> => ({
  save: async ({ name, format, bytes }) => {
    const titles = formats();
    const to = await vscode.window.showSaveDialog({
      title: t('Save plot'),
      defaultUri: proposed(`${fileName(name)}.${format}`),
      filters: { [titles[format]]: [format] },
    });
    if (!to) return {};
    await write(to, bytes);
    return { saved: vscode.workspace.asRelativePath(to) };
  },
  copy: async ({ text }) => {
    await vscode.env.clipboard.writeText(text);
    return {};
  },
  pytest: async ({ parameters }) => ({ text: await (await session()).pytest(fromWire(parameters)) }),
});

/** @throws RefusedError when there is no room, or no right to; of a new file nothing is left then */
async function write(to: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const { fs } = vscode.workspace;
  const wasThere = await fs.stat(to).then(
    () => true,
    () => false,
  );
  try {
    await fs.writeFile(to, bytes);
  } catch (error) {
    if (!wasThere) await fs.delete(to).then(undefined, () => undefined);
    const reason = (error instanceof Error ? error.message : String(error)).replace(/^Error: /, '');
    throw new RefusedError(
      t`The plot could not be saved as ${vscode.workspace.asRelativePath(to)}: ${reason}`,
    );
  }
}

/** What no file system minds. */
function fileName(name: string): string {
  const plain = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return plain || 'plot';
}

/** In the first folder of the workspace, where there is one. */
function proposed(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name);
}
