/** A running VS Code with the tests in its extension host, whichever kind it is. */
import type { Page } from 'playwright-core';

export interface Host {
  /** The window that shows the workbench. */
  readonly page: Promise<Page>;
  /** Settles when the tests end, or when the host does without them. */
  readonly exitCode: Promise<number>;
  /** The end of what VS Code logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface Launch {
  /** Absolute paths. */
  readonly extension: string;
  readonly tests: string;
  readonly workspace: string;
  /** An empty folder of this launch's own: settings, extensions, logs. */
  readonly data: string;
  /** The workspace opens in Restricted Mode instead of trusted. */
  readonly restricted: boolean;
  /** VS Code for the Web instead of one that Node runs; isolated, where pages may share memory among threads. */
  readonly web?: 'plain' | 'isolated';
  /** Of the extensions, such as `de`; VS Code's own texts would need a language pack. */
  readonly language?: string;
  /** Added to the environment of the extension host. */
  readonly environment: Readonly<Record<string, string>>;
}

/** User settings that keep the window still: nothing pops up, nothing is looked up. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  // Otherwise the browser's preference goes before the theme that a test sets.
  'window.autoDetectColorScheme': false,
  'window.restoreWindows': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** As VS Code itself, software rendering included: the tests must find a WebGPU adapter on a machine without a GPU. */
export const webgpuFlags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Of the window, in CSS pixels. */
export const windowSize = { width: 1280, height: 800 };
