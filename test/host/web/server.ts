/**
 * VS Code for the Web: the workbench of the pinned package as plain files, with neither server nor remote extension host
 * behind it. The extension, its tests, and the files of a virtual workspace are fetched from here.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Launch } from '../host.ts';
import { quietSettings } from '../host.ts';
import { installVSCode } from '../install.ts';
import type { Server } from '../server.ts';
import type { Listed } from './memory-files/extension.ts';

export async function startWebServer(launch: Launch): Promise<Server> {
  const vscode = await installVSCode();
  const workbench = await unpatched(path.join(vscode, 'out/vs/code/browser/workbench/workbench.js'));
  const log: string[] = [];
  let authority = '';
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://none').pathname, response).catch((error: unknown) => {
      log.push(`${request.url}: ${String(error)}`);
      response.writeHead(404).end();
    });
  });

  async function answer(asked: string, response: ServerResponse): Promise<void> {
    const give = (type: string, content: string | Buffer) =>
      response
        .writeHead(200, { 'Content-Type': type, ...(launch.web === 'isolated' && isolation) })
        .end(content);
    if (asked === '/') return void give('text/html', await page(vscode, authority, launch));
    if (asked === '/environment.json') return void give(json, JSON.stringify(environmentOf(launch)));
    if (asked === '/workspace.json') return void give(json, JSON.stringify(await listed(launch.workspace)));
    if (asked === '/extension/package.json') return void give(json, await manifestOf(launch.extension));
    const place = places(vscode, launch).find(([prefix]) => asked.startsWith(prefix));
    if (!place) throw new Error('there is no such place');
    const file = path.join(place[1], decodeURIComponent(asked.slice(place[0].length)));
    if (!file.startsWith(place[1])) throw new Error('it leads out of its folder');
    if (file.endsWith('/workbench/workbench.js')) return void give('text/javascript', workbench);
    give(types[path.extname(file)] ?? 'application/octet-stream', await readFile(file));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  return {
    authority,
    address: `http://${authority}/`,
    ended,
    log: async () => log.slice(-40).join('\n'),
    async stop() {
      server.close(() => end());
      server.closeAllConnections();
      await ended;
    },
  };
}

const json = 'application/json';
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.cjs': 'text/javascript',
  '.json': json,
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/** With these a page's threads may share memory. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The first parts of addresses, and where their files are. */
const places = (vscode: string, launch: Launch): readonly (readonly [string, string])[] => [
  ['/static/', `${vscode}/`],
  // The tests have to come from within the extension, and those of an unpacked VSIX do not lie there.
  ['/extension/dist/test/', `${path.dirname(launch.tests)}/`],
  ['/golden/', `${path.join(import.meta.dirname, '../../golden/data')}/`],
  ['/extension/', `${launch.extension}/`],
  ['/memory-files/', `${path.join(path.dirname(launch.tests), 'memory-files')}/`],
];

const environmentOf = ({ environment }: Launch): Readonly<Record<string, string>> => ({
  ...environment,
  ...(process.env.TEST_GREP && { TEST_GREP: process.env.TEST_GREP }),
});

/** As it is shipped: a browser's extension host refuses to load what says that it is made of modules. */
async function manifestOf(extension: string): Promise<string> {
  const { type: _, ...manifest } = JSON.parse(await readFile(path.join(extension, 'package.json'), 'utf8'));
  return JSON.stringify(manifest);
}

/** All files of a folder, in base64. */
async function listed(folder: string): Promise<Listed> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => ({
      path: path.relative(folder, file).replaceAll('\\', '/'),
      base64: await readFile(file, 'base64'),
    })),
  );
}

/**
 * code-server has tied the workbench to its server. In three places that is taken back: VS Code's own web build takes
 * the remote from its configuration, and keeps the user's files in the browser.
 */
async function unpatched(file: string): Promise<string> {
  let source = await readFile(file, 'utf8');
  for (const [theirs, own] of [
    ['remoteAuthority:location.host', 'remoteAuthority:void 0'],
    [
      'P.file(this.userDataPath).with({scheme:J.vscodeRemote})',
      'P.file(this.userDataPath).with({scheme:J.vscodeUserData})',
    ],
  ] as const) {
    if (source.split(theirs).length !== 2) throw new Error(`The workbench does not hold '${theirs}' once.`);
    source = source.replace(theirs, own);
  }
  return source;
}

async function page(vscode: string, authority: string, launch: Launch): Promise<string> {
  const at = (address: string) => ({ scheme: 'http', authority, path: address });
  const configuration = {
    folderUri: { scheme: 'memory', path: '/demo' },
    additionalBuiltinExtensions: [at('/memory-files')],
    developmentOptions: {
      extensions: [at('/extension')],
      extensionTestsPath: at(`/extension/dist/test/${path.basename(launch.tests)}`),
      enableSmokeTestDriver: true,
    },
    enableWorkspaceTrust: launch.restricted,
    configurationDefaults: quietSettings,
    productConfiguration: await product(vscode),
    webviewEndpoint: '/static/out/vs/workbench/contrib/webview/browser/pre',
    // What code-server's workbench wants to be told.
    userDataPath: '/',
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
  };
  const settings = (id: string, value: unknown) =>
    `<meta id="${id}" data-settings="${JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">`;
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    ${settings('vscode-workbench-web-configuration', configuration)}
    <link rel="stylesheet" href="/static/out/vs/code/browser/workbench/workbench.css">
  </head>
  <body></body>
  <script>globalThis._VSCODE_FILE_ROOT = location.origin + '/static/out/';</script>
  <script type="module" src="/static/out/nls.messages.js"></script>
  <script type="module" src="/static/out/vs/code/browser/workbench/workbench.js"></script>
</html>`;
}

/** Nothing of it is looked up elsewhere: no gallery, webviews from here. */
async function product(vscode: string): Promise<object> {
  const text = await readFile(path.join(vscode, 'product.json'), 'utf8');
  const { extensionsGallery: _, webviewContentExternalBaseUrlTemplate: __, ...rest } = JSON.parse(text);
  return rest;
}
