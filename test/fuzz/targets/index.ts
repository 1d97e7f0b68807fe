import type { Target } from '../target.ts';
import { fileTargets } from './files.ts';
import { languageTarget } from './language.ts';
import { messageTargets } from './messages.ts';
import { networkTarget } from './network.ts';
import { sourceTargets } from './sources.ts';
import { textTarget } from './text.ts';

export const targets: readonly Target[] = [
  textTarget,
  ...fileTargets,
  networkTarget,
  ...sourceTargets,
  ...messageTargets,
  languageTarget,
];
