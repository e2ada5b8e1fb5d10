/** Lua scripts and pages are imported as text: the build and the tests' runner both load them so. */
declare module '*.lua' {
  const text: string;
  export default text;
}
declare module '*.html' {
  const text: string;
  export default text;
}
