/**
 * Everything that is loaded on first use. The build makes a file of its own of it, so that activating the extension
 * reads a few lines only. What is loaded at activation reaches it by `import('…/features.ts')` and in no other way:
 * the build fails when a module would be in both files, as it would then exist twice.
 */
export { diagnose, fixesAt, forget } from './checks/diagnose.ts';
export { evaluateLoss } from './evaluate/evaluate.ts';
export { hoverAt } from './hover/hover.ts';
export { openReference, referenceText } from './hover/reference.ts';
export { restoreEvaluation } from './panel/panel.ts';
