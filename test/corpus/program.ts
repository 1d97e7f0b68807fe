/** A repository as TypeScript's checker sees it, with the types of TensorFlow.js. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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

function host(options: ts.CompilerOptions): ts.CompilerHost {
  const own = ts.createCompilerHost(options, true);
  return {
    ...own,
    fileExists: (path) => path === globals || own.fileExists(path),
    getSourceFile: (path, version, ...rest) =>
      path === globals
        ? ts.createSourceFile(path, globalsText, version, true)
        : own.getSourceFile(path, version, ...rest),
  };
}
