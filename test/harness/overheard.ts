/** What people say to each other through a gateway of the tests' own process, the passwords they type, and whether any of it stands in its log. */

export interface Overheard {
  /** A stanza in either direction. */
  hear(markup: string): void;
  /** What of it stands in one of those lines. */
  leaks(lines: readonly string[]): readonly string[];
}

/** Shorter ones stand in log lines by chance. */
const leastCharacters = 6;
/** Servers pass on why a connection ended, and the gateway answers commands. */
const isService = (from: string): boolean => !from.includes('@') || /^[^#%]*\.[^#%@]*@/.test(from);

/** What operators do stands in the log by the name of its command. */
const deeds: ReadonlySet<string> = new Set(
  'announce ban-user delete-user disconnect-user end-user-session log-level maintenance plumb reload unban-user undelivered-of-user unplumb'.split(
    ' ',
  ),
);

const bodies = /<body(?: [^>]*)?>([^<]*)<\/body>/g;
const secrets =
  /<password>([^<]*)<\/password>|<field [^>]*var=["'](?:[a-z_]*password|code)["'][^>]*><value>([^<]*)<\/value>/g;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (all, name: string) => entities[name] ?? all);

export function createOverheard(): Overheard {
  const said = new Set<string>();
  const keep = (text: string): void => {
    const plain = unescaped(text).trim();
    if (plain.length >= leastCharacters && !deeds.has(plain)) said.add(plain);
  };
  return {
    hear(markup) {
      const [, from = ''] = /^<\w+[^>]* from=["']([^"']*)/.exec(markup) ?? [];
      if (isService(from)) return;
      for (const [, body = ''] of markup.matchAll(bodies)) {
        keep(body);
        keep(/^\s*(?:set\s+)?\w*password\s+(\S.*)$/i.exec(body)?.[1] ?? '');
      }
      for (const [, old = '', field = ''] of markup.matchAll(secrets)) keep(old + field);
    },
    leaks(lines) {
      const log = lines.join('');
      return [...said].filter((text) => log.includes(JSON.stringify(text).slice(1, -1)));
    },
  };
}
