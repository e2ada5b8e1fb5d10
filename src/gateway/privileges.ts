/** What each host of users lets us do in its users' names, as it said last (XEP-0356 §4.2, CHECKLIST 12.1). Everything works without, too. */
import { type Privilege, privilegeIn } from '../xmpp/xep/0356-privilege.ts';
import type { Stanza } from './face.ts';

export type { Privilege };

export interface Privileges {
  /** True where the stanza was such an announcement. */
  hear(stanza: Stanza): boolean;
  /** For the user with that bare JID; undefined: nothing was said. The same object for as long as nothing new is. */
  of(owner: string): Privilege | undefined;
  /** By host. */
  all(): ReadonlyMap<string, Privilege>;
  /** The stream ended: whoever is there when it is back says so again. */
  forget(): void;
}

/** Anybody may announce something for its own users; nobody makes us remember more than this. */
const hostsAtMost = 1_000;

/** For one domain. `onChange` hears of what a host says. */
export function createPrivileges(onChange: (host: string, privilege: Privilege) => void): Privileges {
  const byHost = new Map<string, Privilege>();
  return {
    hear({ kind, from, to, el }) {
      // From a bare domain to our own, or it is no server's word (356-04).
      if (kind !== 'message' || from.full !== from.domain || to.full !== to.domain) return false;
      const privilege = privilegeIn(el);
      if (privilege === undefined || (byHost.size >= hostsAtMost && !byHost.has(from.domain))) return false;
      byHost.set(from.domain, privilege);
      onChange(from.domain, privilege);
      return true;
    },
    of: (owner) => byHost.get(owner.slice(owner.indexOf('@') + 1)),
    all: () => byHost,
    forget: () => byHost.clear(),
  };
}

/** For the log and for operators: what is allowed, in the XEP's words. */
export function privilegeWords({ roster, message, presence, iq }: Privilege): Readonly<Record<string, string>> {
  const asked = [...iq].map(([ns, access]) => `${ns} (${access})`).join(', ');
  return { roster, message: message ? 'outgoing' : 'none', presence, ...(asked !== '' && { iq: asked }) };
}
