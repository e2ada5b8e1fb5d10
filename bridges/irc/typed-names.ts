/** Which texts are commands: told by their first word. Apart from the commands themselves, so that whoever sends a message can ask. */

/** The names in typed-table.ts. */
export const typedNames: ReadonlySet<string> = new Set(
  (
    'help away ban botserv bs chanserv ctcp cs dehalfop deop devoice halfop hostserv hs identify invite j join kb kick kickban knock leave list memoserv mode ' +
    'motd ms msg names nick nickserv notice ns op oper part ping query quit quote raw topic unban version voice who whois whowas'
  ).split(' '),
);

export interface Found {
  readonly name: string;
  /** All behind the name. */
  readonly rest: string;
}

/** The command's name and what is behind it; undefined where the text is no command of ours. */
export function findCommand(text: string): Found | undefined {
  if (!text.startsWith('/')) return undefined;
  const found = /^\/([A-Za-z]+)(?:\s|$)/.exec(text);
  const name = found?.[1]?.toLowerCase() ?? '';
  if (found === null || !typedNames.has(name)) return undefined;
  return { name, rest: text.slice(found[0].length).trim() };
}

/** "//topic" says "/topic". Two slashes before anything else ("// a comment") stay two. */
export const isEscaped = (text: string): boolean => text.startsWith('//') && findCommand(text.slice(1)) !== undefined;
