/**
 * A plugin of TypeScript's language server, for any editor: quick info and completion details of TensorFlow.js' losses
 * say what they compute. It knows them by their types' own declarations, so through any file that passes them on.
 */
import type ts from 'typescript-6';
import { describe } from './documentation.ts';
import { recognisedInFile } from './recognised.ts';
import { type Resolved, Resolver } from './resolve.ts';

interface Configuration {
  /**
   * `always`, the default; `across-files`: not where a loss can be told from the one file. VS Code's extension asks
   * for that, since it has a richer hover there.
   */
  readonly hover?: 'always' | 'across-files';
}

let configured: Configuration = {};

const pluginModule = ({ typescript }: { typescript: typeof ts }): ts.server.PluginModule => ({
  create({ languageService: inner, config }: ts.server.PluginCreateInfo) {
    configured = { ...configured, ...config };
    return { ...bound(inner), ...additions(typescript, inner) };
  },
  onConfigurationChanged(configuration: Configuration) {
    configured = configuration;
  },
});

export default pluginModule;

type Additions = Pick<ts.LanguageService, 'getQuickInfoAtPosition' | 'getCompletionEntryDetails'>;

function additions(typescript: typeof ts, inner: ts.LanguageService): Additions {
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
        if (!found || (configured.hover === 'across-files' && recognisedInFile(file, position))) return info;
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
