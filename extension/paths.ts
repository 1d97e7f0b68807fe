/** Parts of a path, of a URI or as the user reads it. */

/** All after the last separator. */
export const baseName = (path: string): string => path.slice(separator(path) + 1);

/** All before it; nothing where there is none. */
export const folderName = (path: string): string => path.slice(0, Math.max(0, separator(path)));

/** The base name without its ending. */
export const stemOf = (path: string): string => baseName(path).replace(/(?<=.)\.[^.]*$/, '');

const separator = (path: string): number => Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
