/** A repository as TypeScript's checker sees it, with the types of TensorFlow.js. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript-6';
import { languageOfScript } from './sources.ts';

/** The script tag of TensorFlow.js makes `tf` a global. */
const globals = join(import.meta.dirname, 'globals.d.ts');
const globalsText = "import * as all from '@tensorflow/tfjs';\ndeclare global { const tf: typeof all; }\n";

/** @param home  a folder in which `@tensorflow/tfjs` is installed */
export function programOf(root: string, home: string): { program: ts.Program; paths: readonly string[] } {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => languageOfScript(path) !== undefined)
    .sort()
    .map((path) => join(root, path));
  const options = optionsFor(join(home, 'node_modules', '@tensorflow'));
  return {
    program: ts.createProgram({ rootNames: [...paths, globals], options, host: host(options) }),
    paths,
  };
}

/**
 * Some files of a repository and what they import, with the options that its own `tsconfig.json` gives each: a program for
 * each of those.
 */
export function programsOf(
  root: string,
  files: readonly string[],
  home: string,
): { program: ts.Program; paths: readonly string[] }[] {
  const shared = optionsFor(join(home, 'node_modules', '@tensorflow'));
  const byConfiguration = Map.groupBy(files, (path) => configurationOf(root, path) ?? '');
  return [...byConfiguration].map(([configuration, paths]) => {
    const own = configuration === '' ? {} : optionsIn(configuration);
    const options = { ...own, ...shared, paths: { ...absolute(own, configuration), ...shared.paths } };
    return {
      program: ts.createProgram({ rootNames: [...paths, globals], options, host: host(options) }),
      paths,
    };
  });
}

function configurationOf(root: string, path: string): string | undefined {
  for (let folder = dirname(path); folder.startsWith(root); folder = dirname(folder)) {
    const file = join(folder, 'tsconfig.json');
    if (existsSync(file)) return file;
  }
  return undefined;
}

function optionsIn(configuration: string): ts.CompilerOptions {
  const { config = {} } = ts.readConfigFile(configuration, ts.sys.readFile);
  const withoutFiles = { ...ts.sys, readDirectory: () => [] };
  return ts.parseJsonConfigFileContent(config, withoutFiles, dirname(configuration)).options;
}

function absolute({ paths = {}, baseUrl }: ts.CompilerOptions, configuration: string): ts.MapLike<string[]> {
  const base = baseUrl ?? dirname(configuration);
  return Object.fromEntries(
    Object.entries(paths).map(([name, targets]) => [name, targets.map((target) => resolve(base, target))]),
  );
}

function optionsFor(library: string): ts.CompilerOptions {
  return {
    allowJs: true,
    jsx: ts.JsxEmit.Preserve,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ESNext,
    types: [],
    paths: {
      '@tensorflow/tfjs-node': [join(library, 'tfjs')],
      '@tensorflow/tfjs-node-gpu': [join(library, 'tfjs')],
      '@tensorflow/*': [join(library, '*')],
    },
  };
}

/** Declarations of TypeScript and TensorFlow.js, which all programs share. */
const libraries = new Map<string, ts.SourceFile>();

function host(options: ts.CompilerOptions): ts.CompilerHost {
  const own = ts.createCompilerHost(options, true);
  return {
    ...own,
    fileExists: (path) => path === globals || own.fileExists(path),
    getSourceFile(path, version, ...rest) {
      const known = libraries.get(path);
      if (known) return known;
      const read =
        path === globals
          ? ts.createSourceFile(path, globalsText, version, true)
          : own.getSourceFile(path, version, ...rest);
      if (read && /\/node_modules\//.test(path)) libraries.set(path, read);
      return read;
    },
  };
}
