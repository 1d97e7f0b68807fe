/** Takes the place of Node's global. */
export const process = {
  env: {} as Record<string, string | undefined>,
  setSourceMapsEnabled: () => undefined,
};
