/** Files as one of the places that arrays come from. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { baseName } from '../../paths.ts';
import type { ArrayOffer, ArraySource } from '../offer.ts';
import { chooseFiles } from './choose.ts';
import { offersIn } from './open.ts';

/** Asks for files first. */
export const fileSource = (): ArraySource => ({
  title: t('Files'),
  behind: { icon: 'file', label: t('From a file…') },
  async offers() {
    const files = await chooseFiles(t('Arrays from files'));
    return files ? offersIn(files) : [];
  },
});

/** Of files that were opened. */
export const sourceOfFiles = (files: readonly vscode.Uri[], offers: readonly ArrayOffer[]): ArraySource => ({
  title: files.length === 1 ? t`In ${baseName(files[0]!.path)}` : t('In the files'),
  offers: async () => offers,
});
