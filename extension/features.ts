/**
 * Everything that is loaded on first use. The build makes a file of its own of it, so that activating the extension
 * reads a few lines only. What is loaded at activation reaches it by `import('…/features.ts')` and in no other way:
 * the build fails when a module would be in both files, as it would then exist twice.
 */
import './language.ts';

export { evaluateVariable } from './arrays/debugger/evaluate.ts';
export { pausedHoverAt } from './arrays/debugger/hovered.ts';
export { evaluateFiles } from './arrays/files/evaluate.ts';
export { selectedCell } from './arrays/notebook/source.ts';
export { diagnose, fixesAt, forget } from './checks/diagnose.ts';
export { completionsAt, documented } from './completion/complete.ts';
export { insertSnippet } from './completion/insert.ts';
export { evaluable } from './evaluate/cell.ts';
export { evaluateCell, evaluateLoss, evaluateOffers } from './evaluate/evaluate.ts';
export { checkGradient } from './gradient-check/check.ts';
export { hoverAt } from './hover/hover.ts';
export { explanationsOf, linksIn } from './messages/messages.ts';
export { knowModules } from './modules.ts';
export { restoreEvaluation } from './panel/panel.ts';
export { prepare } from './recognition.ts';
export { book } from './reference/book.ts';
export { openReference } from './reference/open.ts';
export { restoreReference } from './reference/panel.ts';
export { pagesUnder, treeItem } from './reference/tree.ts';
export { signatureHelpAt } from './signature/signature.ts';
export { restoreStreamed } from './streamed/panel.ts';
export { tryChecks, tryEvaluate, tryHover, tryNotebook } from './walkthrough/examples.ts';
