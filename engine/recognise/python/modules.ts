/** Which modules a source imports, and the paths by which what is in them is named. */

/** More are no program that a person wrote by hand. */
const most = 100;

const name = String.raw`[\w\u0080-\uffff]+`;
const dotted = String.raw`${name}(?:\.${name})*`;
const statement = new RegExp(
  String.raw`^[ \t]*(?:from[ \t]+(?<from>\.*(?:${dotted})?)[ \t]+import\b[ \t]*(?<names>\([^)]*|.*)|import[ \t]+(?<modules>.*))`,
  'gm',
);

/**
 * The modules that the source may import, in its own words: `losses`, `.common.losses`. Of `from a import b` both `a`
 * and `a.b`, for either may be one.
 */
export function importedModules(text: string): readonly string[] {
  const found = new Set<string>();
  for (const { groups } of text.matchAll(statement)) {
    const { from, names, modules } = groups as Readonly<Record<string, string | undefined>>;
    if (found.size > most) break;
    for (const module of wordsOf(modules)) found.add(module);
    if (from === undefined || from === '') continue;
    found.add(from);
    for (const one of wordsOf(names)) found.add(pathIn(from, one));
  }
  return [...found].slice(0, most);
}

/** The first word between commas: what is imported, and not as what. */
function wordsOf(list: string | undefined): readonly string[] {
  if (list === undefined) return [];
  const plain = list.replace(/#.*/g, '').replace(/[()\\]/g, ' ');
  return plain.split(',').flatMap((item) => new RegExp(dotted).exec(item)?.[0] ?? []);
}

/** The path of what a module has under a name: `.losses` of what is in the package itself, whose module is `.`. */
export function pathIn(module: string, name: string): string {
  return /^\.+$/.test(module) ? `${module}${name}` : `${module}.${name}`;
}

/** The other way round; `undefined` for what is in no module. */
export function moduleAndName(path: string): readonly [module: string, name: string] | undefined {
  const [, module = '', name = ''] = /^(\.+|.*(?=\.))\.?([^.]+)$/.exec(path) ?? [];
  return module === '' || name === '' ? undefined : [module, name];
}
