/**
 * A plugin of TypeScript's language server, for any editor: quick info and completion details of TensorFlow.js' losses
 * say what they compute, and the checks see with the types what one file does not say. It knows the losses by their
 * own declarations, so through any file that passes them on.
 */
import type ts from 'typescript-6';
import { codeFix, Diagnoser, forgetFindings, supportedCodes } from './diagnose.ts';
import { describe } from './documentation.ts';
import { speak } from './language.ts';
import { type FixesRequest, fixesCommand } from './protocol.ts';
import { recognisedInFile } from './recognised.ts';
import { type Resolved, Resolver } from './resolve.ts';
import type { Configuration } from './settings.ts';

let configured: Configuration = {};
const projects = new Set<ts.server.Project>();

const pluginModule = ({ typescript }: { typescript: typeof ts }): ts.server.PluginModule => ({
  create({ languageService: inner, config, project, session }: ts.server.PluginCreateInfo) {
    configure({ ...configured, ...config });
    projects.add(project);
    if (session) answerFixes(typescript, session, project.projectService);
    return { ...bound(inner), ...additions(typescript, inner) };
  },
  onConfigurationChanged(configuration: Configuration) {
    configure(configuration);
    for (const project of projects) {
      if (project.isClosed()) projects.delete(project);
      else project.refreshDiagnostics();
    }
  },
});

export default pluginModule;

function configure(configuration: Configuration): void {
  configured = configuration;
  if (speak(configured)) forgetFindings();
}

const answering = new WeakSet<object>();

/** A session may have many projects, and takes one handler. */
function answerFixes(
  typescript: typeof ts,
  session: ts.server.Session,
  service: ts.server.ProjectService,
): void {
  if (answering.has(session)) return;
  answering.add(session);
  const diagnoser = new Diagnoser(typescript);
  session.addProtocolHandler(fixesCommand, (request) => {
    const { file, ...range } = request.arguments as FixesRequest;
    const path = typescript.server.toNormalizedPath(file);
    const program = service.getDefaultProjectForFile(path, true)?.getLanguageService().getProgram();
    const fixes = attempt([], () => (program ? diagnoser.fixes(program, path, range) : []));
    return { response: fixes, responseRequired: true };
  });
}

type Additions = Pick<
  ts.LanguageService,
  | 'getQuickInfoAtPosition'
  | 'getCompletionEntryDetails'
  | 'getSemanticDiagnostics'
  | 'getCodeFixesAtPosition'
  | 'getSupportedCodeFixes'
>;

function additions(typescript: typeof ts, inner: ts.LanguageService): Additions {
  const diagnoser = new Diagnoser(typescript);
  const resolver = (): Resolver | undefined => {
    const program = inner.getProgram();
    return program && new Resolver(typescript, program.getTypeChecker());
  };
  return {
    getQuickInfoAtPosition(fileName, position, ...rest) {
      const info = inner.getQuickInfoAtPosition(fileName, position, ...rest);
      return attempt(info, () => {
        const file = inner.getProgram()?.getSourceFile(fileName);
        const found = file && resolver()?.at(file, position);
        if (!found || (configured.report === 'across-files' && recognisedInFile(file, position))) return info;
        const documentation = documented(found, info?.documentation);
        if (info) return { ...info, documentation };
        const { node, symbols } = found;
        const displayParts = [{ kind: 'text', text: symbols[0].name }];
        const textSpan = { start: node.getStart(file), length: node.getWidth(file) };
        return {
          kind: typescript.ScriptElementKind.string,
          kindModifiers: '',
          textSpan,
          displayParts,
          documentation,
        };
      });
    },
    getCompletionEntryDetails(fileName, position, name, options, source, preferences, data) {
      const details = inner.getCompletionEntryDetails(
        ...([fileName, position, name, options, source, preferences, data] as const),
      );
      return attempt(details, () => {
        const symbol = details && inner.getCompletionEntrySymbol(fileName, position, name, source);
        const found = symbol && resolver()?.of(symbol);
        return found ? { ...details, documentation: documented(found, details.documentation) } : details;
      });
    },
    getSemanticDiagnostics(fileName) {
      const said = inner.getSemanticDiagnostics(fileName);
      return attempt(said, () => {
        const program = inner.getProgram();
        return program ? [...said, ...diagnoser.diagnostics(program, fileName, said, configured)] : said;
      });
    },
    getCodeFixesAtPosition(fileName, start, end, codes, ...rest) {
      const known = inner.getCodeFixesAtPosition(fileName, start, end, codes, ...rest);
      return attempt(known, () => {
        const program = inner.getProgram();
        return program
          ? [
              ...known,
              ...diagnoser
                .fixes(program, fileName, { start, end }, codes)
                .map((fix) => codeFix(fileName, fix)),
            ]
          : known;
      });
    },
    getSupportedCodeFixes(fileName) {
      return [...inner.getSupportedCodeFixes(fileName), ...supportedCodes];
    },
  };
}

/** A mistake of ours costs what we would have added, never what TypeScript says itself. */
function attempt<R>(fallback: R, make: () => R): R {
  try {
    return make();
  } catch {
    return fallback;
  }
}

function documented(
  { symbols }: Pick<Resolved, 'symbols'>,
  existing: readonly ts.SymbolDisplayPart[] = [],
): ts.SymbolDisplayPart[] {
  const separator = existing.length > 0 ? '\n\n---\n\n' : '';
  return [...existing, { kind: 'text', text: separator + describe(symbols) }];
}

/** Its methods, which a plugin may not change in place: another one may hold it too. */
function bound(service: ts.LanguageService): ts.LanguageService {
  const entries = Object.entries(service).map(([name, value]) => [
    name,
    typeof value === 'function' ? value.bind(service) : value,
  ]);
  return Object.fromEntries(entries) as ts.LanguageService;
}
