/** Python source, which the build takes in as text. */
declare module '*.py' {
  const source: string;
  export default source;
}
