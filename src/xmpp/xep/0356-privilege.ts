/** XEP-0356 Privileged Entity, version 0.4.1: what a server lets us do in its users' names (§4.2, §5.2, §6.2, §7.2), a message (§5.1) and a request (§6.3) in a user's name. */
import type { Element } from '../../xml/element.ts';
import { ownCopy } from '../../xml/own-copy.ts';
import { child, childOf, children } from '../../xml/query.ts';
import { type Xml, xml } from '../../xml/writer.ts';

/** The newer first. ejabberd before 24.10 speaks the older one only, and each is refused in the words of the other (CHECKLIST 356-02). */
export const privilegeNamespaces = ['urn:xmpp:privilege:2', 'urn:xmpp:privilege:1'] as const;

type Access = 'get' | 'set' | 'both';

/** What one host lets us do. */
export interface Privilege {
  /** In which it said so, and is spoken to. */
  readonly ns: (typeof privilegeNamespaces)[number];
  readonly roster: Access | 'none';
  /** Messages in its users' names. */
  readonly message: boolean;
  readonly presence: 'managed_entity' | 'roster' | 'none';
  /** Requests in its users' names, by the namespace of what is asked. */
  readonly iq: ReadonlyMap<string, Access>;
}

/** Longer lists are no server's, and longer names are no namespaces: anybody may announce something, and it is kept for as long as the stream lasts. */
const namespacesAtMost = 100;
const longestNamespace = 200;

const accessOf = (text: string | undefined): Access | undefined =>
  text === 'get' || text === 'set' || text === 'both' ? text : undefined;

/** All below, however deep: Debian's Prosody puts each namespace into the one before (356-03). */
function* namespacesIn(of: Element): Iterable<Element> {
  for (const one of children(of)) {
    if (one.name === 'namespace') yield one;
    yield* namespacesIn(one);
  }
}

function iqOf(perms: readonly Element[]): Privilege['iq'] {
  const found = new Map<string, Access>();
  for (const perm of perms) {
    if (perm.attrs.access !== 'iq') continue;
    for (const { attrs } of namespacesIn(perm)) {
      const access = accessOf(attrs.type);
      const { ns = '' } = attrs;
      const isOne = ns !== '' && ns.length <= longestNamespace && found.size < namespacesAtMost;
      if (access !== undefined && isOne) found.set(ownCopy(ns), access);
    }
  }
  return found;
}

/** What a server's message announces; undefined: it announces nothing. What is not said is not permitted. */
export function privilegeIn(message: Element): Privilege | undefined {
  for (const ns of privilegeNamespaces) {
    const found = childOf(message, ns);
    if (found?.name !== 'privilege') continue;
    const perms = children(found, 'perm');
    const typeOf = (access: string): string | undefined =>
      perms.find(({ attrs }) => attrs.access === access)?.attrs.type;
    const presence = typeOf('presence');
    return {
      ns,
      roster: accessOf(typeOf('roster')) ?? 'none',
      message: typeOf('message') === 'outgoing',
      presence: presence === 'managed_entity' || presence === 'roster' ? presence : 'none',
      iq: iqOf(perms),
    };
  }
  return undefined;
}

/** §5.1: asks the host to send a message of its user's, which is given whole. */
export const inUsersName = (ns: string, message: Xml): Xml =>
  xml`<privilege xmlns=${ns}><forwarded xmlns='urn:xmpp:forward:0'>${message}</forwarded></privilege>`;

/** Is it that? */
export const isInUsersName = ({ text }: Xml): boolean => text.startsWith('<privilege ');

/** What a user asks, by way of us. */
export interface AskedAsUser {
  readonly type: 'get' | 'set';
  /** Absent: what the user's own account answers. */
  readonly to?: string;
  readonly payload: Xml;
}

/** §6.3: for the user's bare JID, in a request of the same type. Servers want an id inside, too (CHECKLIST 356-40). */
export const asUser = (ns: string, { type, to, payload }: AskedAsUser): Xml =>
  xml`<privileged_iq xmlns=${ns}><iq xmlns='jabber:client' type=${type} id='asked' to=${to}>${payload}</iq></privileged_iq>`;

/** §6.3: the answer that came inside of the server's, an error among them; undefined: there is none. */
export function answerToUser(privilege: Element | undefined): Element | undefined {
  const forwarded = privilege?.name === 'privilege' ? child(privilege, 'forwarded', 'urn:xmpp:forward:0') : undefined;
  return forwarded && children(forwarded).find(({ name }) => name === 'iq');
}
