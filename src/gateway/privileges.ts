/** What each host of users lets us do in its users' names, as it said last (XEP-0356 §4.2, CHECKLIST 12.1). Everything works without, too. */
import { isDeepStrictEqual } from 'node:util';
import { type Privilege, privilegeIn } from '../xmpp/xep/0356-privilege.ts';
import type { Stanza } from './face.ts';

export type { Privilege };

export interface Privileges {
  /** True where the stanza was such an announcement. */
  hear(stanza: Stanza): boolean;
  /** For the user with that bare JID; undefined: nothing was said. The same object for as long as nothing new is. */
  of(owner: string): Privilege | undefined;
  /** The same; while there is no stream what was said last, for what is to be sent when it is back. */
  lately(owner: string): Privilege | undefined;
  /** By host; of those that count. */
  all(): ReadonlyMap<string, Privilege>;
  /** The stream ended: whoever is there when it is back says so again. */
  forget(): void;
  /** It is back: nothing counts but what is said on it. */
  begun(): void;
}

/** Anybody may announce something for its own users; nobody makes us remember more than this. */
const hostsAtMost = 1_000;
/** Of these, hosts none of whose users may use the domain: it may be opened to them while the stream lasts, and they say it once. */
const strangersAtMost = 100;

export interface PrivilegesParts {
  /** May any user of that host use the domain? */
  counts(host: string): boolean;
  /** Hears of what a host that counts says and has not said before. */
  onChange(host: string, privilege: Privilege): void;
}

const hostOf = (owner: string): string => owner.slice(owner.indexOf('@') + 1);

/** For one domain. */
export function createPrivileges({ counts, onChange }: PrivilegesParts): Privileges {
  let byHost = new Map<string, Privilege>();
  let before: ReadonlyMap<string, Privilege> = byHost;
  return {
    hear({ kind, from, to, el }) {
      // From a bare domain to our own, or it is no server's word (356-04).
      if (kind !== 'message' || from.full !== from.domain || to.full !== to.domain) return false;
      const privilege = privilegeIn(el);
      if (privilege === undefined) return false;
      const known = byHost.get(from.domain);
      const isOurs = counts(from.domain);
      if (known === undefined && byHost.size >= (isOurs ? hostsAtMost : strangersAtMost)) return false;
      byHost.set(from.domain, privilege);
      if (isOurs && !isDeepStrictEqual(known, privilege)) onChange(from.domain, privilege);
      return true;
    },
    of: (owner) => byHost.get(hostOf(owner)),
    lately: (owner) => byHost.get(hostOf(owner)) ?? before.get(hostOf(owner)),
    all: () => new Map([...byHost].filter(([host]) => counts(host))),
    forget() {
      // An attempt at a stream that fails is the end of none.
      if (byHost.size > 0) before = byHost;
      byHost = new Map();
    },
    begun() {
      before = byHost;
    },
  };
}

/** Does that user's server tell us the presence of all of its users (§7.1)? */
export const overhears = ({ of }: Pick<Privileges, 'of'>, owner: string): boolean =>
  of(owner)?.presence === 'managed_entity';

/** For the log and for operators: what is allowed, in the XEP's words. */
export function privilegeWords({ roster, message, presence, iq }: Privilege): Readonly<Record<string, string>> {
  const asked = [...iq].map(([ns, access]) => `${ns} (${access})`).join(', ');
  return { roster, message: message ? 'outgoing' : 'none', presence, ...(asked !== '' && { iq: asked }) };
}
