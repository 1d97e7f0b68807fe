import { t } from '@vscode/l10n';
import { damaged } from '../bytes.ts';

/** @param found  what there is no place for in a frame */
export const corrupt = (found: string): Error =>
  damaged(t('The compressed data are damaged.'), found, t('a frame of Zstandard'));
