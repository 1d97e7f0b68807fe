/** The checks' findings as TypeScript's diagnostics and code fixes: with what only the types tell. */
import { t } from '@vscode/l10n';
import type ts from 'typescript-6';
import type { Edit, Finding, Severity } from '../../engine/checks/finding.ts';
import { checkScript, scriptCodes } from '../../engine/checks/script/checks.ts';
import { finish } from '../../engine/steps.ts';
import type { PluginFix } from './protocol.ts';
import { lossesIn } from './recognised.ts';
import { ofLibrary } from './resolve.ts';
import { type Configuration, checksFor, severityOf } from './settings.ts';
import { CheckerTypes } from './types.ts';

/** Diagnostics have numbers there: this one and those behind it, in the order of the checks. */
const firstCode = 990_001;
/** Code units beyond which a source is no program that a person wrote. */
const longest = 1_000_000;

export const supportedCodes: readonly string[] = scriptCodes.map((_, index) => String(firstCode + index));

/** TypeScript has no information that an editor would not show as an error. */
const categoryOf = {
  error: 'Error',
  warning: 'Warning',
  information: 'Suggestion',
  hint: 'Suggestion',
} as const;

/** By file; a program is made anew with every change of any of its files. */
let found = new WeakMap<ts.Program, Map<string, readonly Finding[]>>();

/** What was found is found again, and said in the language of now. */
export function forgetFindings(): void {
  found = new WeakMap();
}

const numberOf = (code: string): number => firstCode + scriptCodes.indexOf(code);

export class Diagnoser {
  readonly #ts: typeof ts;
  readonly #uses = new WeakMap<ts.Program, boolean>();

  constructor(typescript: typeof ts) {
    this.#ts = typescript;
  }

  /** @param said  what TypeScript itself says of the file */
  diagnostics(
    program: ts.Program,
    fileName: string,
    said: readonly ts.Diagnostic[],
    configuration: Configuration,
  ): ts.Diagnostic[] {
    const file = program.getSourceFile(fileName);
    const settings = checksFor(configuration, fileName);
    if (!file || settings.enabled === false) return [];
    return this.#reported(program, file, said, configuration).flatMap((finding) => {
      const severity = severityOf(settings, finding);
      return severity ? [this.#diagnostic(file, finding, severity)] : [];
    });
  }

  /** @param codes  of the diagnostics that are meant; all without them */
  fixes(
    program: ts.Program,
    fileName: string,
    range: { readonly start: number; readonly end: number },
    codes?: readonly number[],
  ): PluginFix[] {
    const file = program.getSourceFile(fileName);
    if (!file) return [];
    return this.#findings(program, file)
      .filter(({ code, start, end }) => {
        const meant = codes === undefined || codes.includes(numberOf(code));
        return meant && start <= range.end && range.start <= end;
      })
      .flatMap(({ code, start, fixes }) => [
        ...fixes,
        { title: t`Ignore ${code} here`, edits: [ignoring(file.text, start, code)] },
      ]);
  }

  #reported(
    program: ts.Program,
    file: ts.SourceFile,
    said: readonly ts.Diagnostic[],
    { report }: Configuration,
  ): readonly Finding[] {
    const findings = this.#findings(program, file);
    if (findings.length === 0) return findings;
    const alone = new Set(finish(checkScript(lossesIn(file))).map(key));
    return findings.filter((finding) => {
      if (alone.has(key(finding))) return report !== 'across-files';
      // What the types are against, TypeScript may have said already.
      return !said.some(
        ({ start = -1, length = 0 }) => start < finding.end && finding.start < start + length,
      );
    });
  }

  #findings(program: ts.Program, file: ts.SourceFile): readonly Finding[] {
    if (file.isDeclarationFile || file.text.length > longest || !this.#usesLibrary(program)) return [];
    let files = found.get(program);
    if (!files) {
      files = new Map();
      found.set(program, files);
    }
    let findings = files.get(file.fileName);
    if (!findings) {
      const types = new CheckerTypes(this.#ts, program.getTypeChecker(), file);
      findings = finish(checkScript(lossesIn(file), types));
      files.set(file.fileName, findings);
    }
    return findings;
  }

  #usesLibrary(program: ts.Program): boolean {
    let uses = this.#uses.get(program);
    if (uses === undefined) {
      uses = program.getSourceFiles().some(({ fileName }) => ofLibrary.test(fileName));
      this.#uses.set(program, uses);
    }
    return uses;
  }

  #diagnostic(file: ts.SourceFile, finding: Finding, severity: Severity): ts.Diagnostic {
    const categories = this.#ts.DiagnosticCategory;
    const code = numberOf(finding.code);
    const { start, end } = finding;
    return {
      file,
      start,
      length: end - start,
      category: categories[categoryOf[severity]],
      code,
      source: 'Loss Lens',
      messageText: `${finding.message} (${finding.code})`,
      relatedInformation: (finding.related ?? []).map((place) => ({
        file,
        start: place.start,
        length: place.end - place.start,
        category: categories.Message,
        code,
        messageText: place.message,
      })),
    };
  }
}

const key = ({ code, start, end }: Finding): string => `${code} ${start} ${end}`;

export function codeFix(fileName: string, { title, edits }: PluginFix): ts.CodeFixAction {
  const textChanges = edits.map(({ start, end, text }) => ({
    span: { start, length: end - start },
    newText: text,
  }));
  return { fixName: 'loss-lens', description: title, changes: [{ fileName, textChanges }] };
}

/** A comment on a line of its own, before the one where the finding starts. */
function ignoring(text: string, offset: number, code: string): Edit {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(start, offset))![0];
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return { start, end: start, text: `${indentation}// loss-lens: ignore[${code}]${newline}` };
}
