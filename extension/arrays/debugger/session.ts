/** The paused program that VS Code's debugger looks at. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { LossLensError } from '../../../engine/errors.ts';
import type { Described } from '../python/described.ts';
import { python, pythonListing } from './python.ts';
import { type Evaluate, type Language, listIn } from './read.ts';
import { script, scriptListing } from './script.ts';

export interface Paused {
  readonly session: vscode.DebugSession;
  readonly language: Language;
  readonly evaluate: Evaluate;
  list(): Promise<Described[]>;
}

const languageOf = (type: string): 'python' | 'script' | undefined => {
  if (/python|debugpy/i.test(type)) return 'python';
  return /node|chrome|edge|extensionhost/i.test(type) ? 'script' : undefined;
};

/** `undefined` when no program is paused, or one of another language. */
export function pausedProgram(): Paused | undefined {
  const item = vscode.debug.activeStackItem;
  return item instanceof vscode.DebugStackFrame && languageOf(item.session.type)
    ? pausedIn(item.session, item.frameId)
    : undefined;
}

/** @throws LossLensError `no-session` */
export function pausedOrRefused(): Paused {
  const paused = pausedProgram();
  if (paused) return paused;
  const session = vscode.debug.activeDebugSession;
  const isForeign = session !== undefined && languageOf(session.type) === undefined;
  throw new LossLensError('no-session', t('Arrays are read of a program that is paused.'), {
    found: isForeign ? t`a session of the debugger ${session.type}` : t('no paused program'),
    expected: isForeign ? t('debugpy, or VS Code’s own for JavaScript') : t('one at a breakpoint'),
  });
}

function pausedIn(session: vscode.DebugSession, frameId: number): Paused {
  const isPython = languageOf(session.type) === 'python';
  const evaluate: Evaluate = async (expression) => {
    // Only for the clipboard do debuggers give long strings whole.
    const asked = { expression, frameId, context: 'clipboard', format: { rawString: true } };
    let answer: { readonly result?: unknown };
    try {
      answer = (await session.customRequest('evaluate', asked)) as typeof answer;
    } catch (error) {
      throw new LossLensError('process-error', t`The debugger failed: ${messageOf(error)}`, {
        expected: t('a program that is still paused'),
      });
    }
    return unquoted(String(answer.result));
  };
  return {
    session,
    language: isPython ? python : script,
    evaluate,
    list: async () =>
      listIn(evaluate, isPython ? pythonListing() : scriptListing(await namesIn(session, frameId))),
  };
}

/** Some debuggers write a string as the language would. */
function unquoted(text: string): string {
  const [first] = text;
  if (text.length < 2 || text.at(-1) !== first) return text;
  if (first === "'") return text.slice(1, -1).replaceAll(/\\(['\\])/g, '$1');
  return first === '"' ? (JSON.parse(text) as string) : text;
}

interface Scopes {
  readonly scopes: readonly { readonly variablesReference: number; readonly expensive?: boolean }[];
}

interface Variables {
  readonly variables: readonly { readonly name: string }[];
}

const mostNames = 500;

async function namesIn(session: vscode.DebugSession, frameId: number): Promise<string[]> {
  const { scopes } = (await session.customRequest('scopes', { frameId })) as Scopes;
  const names = new Set<string>();
  for (const { variablesReference, expensive } of scopes) {
    if (expensive) continue;
    const { variables } = (await session.customRequest('variables', { variablesReference })) as Variables;
    for (const { name } of variables) if (names.size < mostNames) names.add(name);
  }
  return [...names];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
