/** Plots leave the panel: to a file where the user wants it, or to the clipboard. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { fromWire } from '../../../engine/presentation/wire.ts';
import type { Handlers } from '../answer.ts';
import type { Shown } from '../shown.ts';
import type { PlotExchanges, SavedFormat } from './protocol.ts';

const formats = (): Readonly<Record<SavedFormat, string>> => ({
  svg: t('SVG image'),
  png: t('PNG image'),
  csv: t('Comma-separated values'),
});

/** Of one plot; more is no plot. */
const mostBytes = 50_000_000;

export const plotAnswers = ({ session }: Shown): Handlers<PlotExchanges> => ({
  save: async ({ name, format, bytes }) => {
    const titles = formats();
    if (!Object.hasOwn(titles, format)) throw new Error(`a plot is not saved as '${format}'`);
    if (!(bytes instanceof Uint8Array) || bytes.length > mostBytes) throw new Error('this is no plot');
    const to = await vscode.window.showSaveDialog({
      title: t('Save plot'),
      defaultUri: proposed(`${fileName(name)}.${format}`),
      filters: { [titles[format]]: [format] },
    });
    if (!to) return {};
    await vscode.workspace.fs.writeFile(to, bytes);
    return { saved: vscode.workspace.asRelativePath(to) };
  },
  copy: async ({ text }) => {
    if (typeof text !== 'string') throw new Error('only a text is copied');
    await vscode.env.clipboard.writeText(text);
    return {};
  },
  pytest: async ({ parameters }) => ({ text: await (await session()).pytest(fromWire(parameters)) }),
});

/** What no file system minds. */
function fileName(name: unknown): string {
  const plain = String(name)
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
