/**
 * For a loss that takes a network: are the arrays what one has made, or images that go through a file? Such a file is
 * read as data and nothing in it is run, so it may be asked for in Restricted Mode, too.
 */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ParameterInfo } from '../../engine/catalogue.ts';
import { LossLensError } from '../../engine/errors.ts';
import type { Parameters } from '../../engine/evaluation.ts';
import { type Layer, networkLayers } from '../../engine/index.ts';
import { engine, fetchFiles, fileName } from '../engine.ts';
import { filesEndingIn } from '../files.ts';
import { baseName, folderName } from '../paths.ts';
import { pick, pickSome } from '../pick.ts';

const mostFiles = 100;

/** What is to be set for it; nothing for a loss that takes no file, `undefined` when the user backs out. */
export async function askNetwork(
  title: string,
  parameters: readonly ParameterInfo[],
): Promise<Parameters | undefined> {
  const info = parameters.find(({ file }) => file !== undefined);
  if (!info) return {};
  const through = await pick(title, t('What are the arrays?'), [
    { label: t('Feature maps'), description: t('compared as they are'), value: false },
    {
      label: t('Images'),
      description: t`through a network file (${info.file ?? ''}) of yours…`,
      value: true,
    },
  ]);
  if (through === undefined) return undefined;
  if (!through) return {};
  const file = await askFile(title, info.file!);
  if (!file) return undefined;
  const name = fileName(file);
  // Configured to read files by then.
  await engine();
  await fetchFiles([info], { [info.name]: name });
  const layers = await askLayers(title, networkLayers(name));
  return layers === undefined ? undefined : { [info.name]: name, layers };
}

/** One of the workspace, or any other. */
async function askFile(title: string, ending: string): Promise<vscode.Uri | undefined> {
  const files = await filesEndingIn([ending.slice(1)], mostFiles);
  const items = files.map((uri) => ({
    label: baseName(uri.path),
    description: folderName(vscode.workspace.asRelativePath(uri)),
    value: uri as vscode.Uri | 'other',
  }));
  const other = { icon: 'folder-opened', label: t('Browse…'), value: 'other' as const };
  const chosen = items.length === 0 ? 'other' : await pick(title, t('Network file'), [...items, other]);
  if (chosen !== 'other') return chosen;
  const [uri] =
    (await vscode.window.showOpenDialog({ title, filters: { [t('Networks')]: [ending.slice(1)] } })) ?? [];
  return uri;
}

/** Those ticked, by commas; the network's outputs are at first. */
async function askLayers(title: string, layers: readonly Layer[]): Promise<string | undefined> {
  if (layers.length === 0) {
    throw new LossLensError('network-unsupported', t('No layer of this network can be computed here.'), {
      found: t('unknown operators from the first layer on'),
      expected: t('a network of the operators that its page names'),
    });
  }
  const chosen = await pickSome(
    title,
    t('Layers to compare'),
    layers.map(({ name, node, operator, isOutput }) => ({
      label: name,
      description: [
        operator,
        ...(node === '' || node === name ? [] : [node]),
        ...(isOutput ? [t('output')] : []),
      ].join(' · '),
      picked: isOutput,
      value: name,
    })),
  );
  if (!chosen) return undefined;
  return (chosen.length > 0 ? chosen : layers.slice(-1).map(({ name }) => name)).join(', ');
}
