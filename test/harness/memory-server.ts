/**
 * An XMPP server within the test's own process, as RFC 6121 asks as far as scenarios go: it routes between scripted clients and one component, keeps contact
 * lists, and tells of whoever goes. One thing at a time, in order, and never within the call that brought it about. Not for use outside of tests.
 */
import type { Element } from '../../src/xml/element.ts';
import { write } from '../../src/xml/writer.ts';
import { inTime } from './lag.ts';
import { child, reader } from './markup.ts';
import { createRoster, isSubscription, type Roster, type SubscriptionType } from './memory-roster.ts';
import type { Connect, Ears } from './xmpp-client.ts';

const client = 'jabber:client';
const rosterNs = 'jabber:iq:roster';

interface Session {
  readonly jid: string;
  readonly bare: string;
  readonly ears: Ears;
  /** What it has told everybody, while it is there. */
  presence: Element | undefined;
  /** It has asked for the contact list, and is told of changes. */
  wantsRoster: boolean;
  /** To whom else it has sent presence, who are told when it goes. */
  readonly directed: Set<string>;
  readonly end: (why: string) => void;
}

export interface MemoryServerOptions {
  readonly domain: string;
  /** The component's domain. */
  readonly component: string;
  /** A stanza for the component, without a namespace of its own. */
  readonly toComponent: (markup: string) => void;
  /** Another service of it, which answers by `fromService`. */
  readonly service?: { readonly domain: string; take(stanza: Element): void };
}

export interface MemoryServer {
  readonly connect: Connect;
  /** What the component sends. */
  fromComponent(markup: string): void;
  fromService(stanza: Element): void;
}

const bareOf = (jid: string): string => jid.split('/', 1)[0] ?? '';
const domainOf = (jid: string): string => bareOf(jid).split('@').at(-1) ?? '';
const stanza = (name: string, attrs: Element['attrs'], children: Element['children'] = []): Element => ({
  name,
  ns: client,
  attrs,
  children,
});
const sentBy = (from: string, { attrs, ...rest }: Element): Element => ({ ...rest, attrs: { ...attrs, from } });
const sentTo = (to: string, { attrs, ...rest }: Element): Element => ({ ...rest, attrs: { ...attrs, to } });
const gone = (from: string): Element => stanza('presence', { type: 'unavailable', from });

export function createMemoryServer({ domain, component, toComponent, service }: MemoryServerOptions): MemoryServer {
  const sessions = new Set<Session>();
  const rosters = new Map<string, Roster>();
  /** By bare JID. */
  const cards = new Map<string, Element>();
  const due: (() => void)[] = [];

  function later(call: () => void): void {
    if (due.push(call) > 1) return;
    setImmediate(() => {
      for (const one of due.splice(0)) one();
    });
  }

  function rosterOf(bare: string): Roster {
    const roster = rosters.get(bare) ?? createRoster();
    rosters.set(bare, roster);
    return roster;
  }

  const sessionsOf = (bare: string): readonly Session[] => [...sessions].filter((one) => one.bare === bare);
  const availableOf = (bare: string): readonly Session[] =>
    sessionsOf(bare).filter(({ presence }) => presence !== undefined);

  /** To wherever it is addressed. */
  function route(one: Element): void {
    const { to = '' } = one.attrs;
    if (domainOf(to) === component) {
      const { text } = write(one, client);
      inTime('component', () => toComponent(text));
    } else if (service !== undefined && domainOf(to) === service.domain) service.take(one);
    else if (to === domain) answer(one);
    else if (domainOf(to) === domain) deliver(one);
    else refuse(one, 'remote-server-not-found');
  }

  /** RFC 6121 §8.3: no error, no answer and no presence is ever answered by an error. */
  function refuse({ name, attrs: { type, id, from = '', to = '' } }: Element, condition: string): void {
    if (name === 'presence' || type === 'error' || type === 'result') return;
    const reason: Element = {
      name: condition,
      ns: 'urn:ietf:params:xml:ns:xmpp-stanzas',
      attrs: {},
      children: [],
    };
    const error = stanza('error', { type: 'cancel' }, [reason]);
    route(stanza(name, { type: 'error', ...(id !== undefined && { id }), from: to, to: from }, [error]));
  }

  /** What is asked of the server itself, or of an account. */
  function answer(one: Element): void {
    const { from = '', to = '', id = '', type } = one.attrs;
    const card = type === 'get' && child(one, 'vCard', 'vcard-temp') !== undefined ? cards.get(bareOf(to)) : undefined;
    if (card !== undefined) {
      route(stanza('iq', { type: 'result', id, from: to, to: from }, [card]));
      return;
    }
    const isAnswered = one.name === 'iq' && type === 'get' && child(one, 'ping') !== undefined && to === domain;
    if (isAnswered) route(stanza('iq', { type: 'result', id, from: to, to: from }));
    else refuse(one, 'service-unavailable');
  }

  /** RFC 6121 §8.5: to one of ours. */
  function deliver(one: Element): void {
    const { to = '', from = '', type } = one.attrs;
    const bare = bareOf(to);
    const session = [...sessions].find(({ jid }) => jid === to);
    if (one.name === 'presence' && isSubscription(type)) hearSubscription(bare, one, type);
    else if (one.name === 'presence' && type === 'probe') tellProber(bare, from);
    else if (session !== undefined) session.ears.stanza(one);
    else if (one.name === 'iq') answer(one);
    else if (one.name === 'message' || to === bare) deliverToAll(bare, one);
  }

  /** To all who are there, where it is for whoever is there. */
  function deliverToAll(bare: string, one: Element): void {
    const { type = 'normal' } = one.attrs;
    const isForAll = one.name === 'presence' || /^(normal|chat|headline)$/.test(type);
    const here = isForAll ? availableOf(bare) : [];
    for (const { ears } of here) ears.stanza(one);
    if (here.length === 0 && type !== 'headline') refuse(one, 'service-unavailable');
  }

  function hearSubscription(bare: string, one: Element, type: SubscriptionType): void {
    const contact = bareOf(one.attrs.from ?? '');
    const roster = rosterOf(bare);
    if (type === 'subscribe' && roster.isSeenBy(contact)) {
      route(stanza('presence', { type: 'subscribed', from: bare, to: contact }));
      return;
    }
    if (!roster.hear(contact, type)) return;
    if (type !== 'subscribe') push(bare, contact);
    for (const { ears } of availableOf(bare)) ears.stanza(one);
  }

  function tellProber(bare: string, prober: string): void {
    if (!rosterOf(bare).isSeenBy(bareOf(prober))) {
      route(stanza('presence', { type: 'unsubscribed', from: bare, to: prober }));
      return;
    }
    const here = availableOf(bare).flatMap(({ presence }) => presence ?? []);
    for (const one of here.length > 0 ? here : [gone(bare)]) route(sentTo(prober, one));
  }

  /** An entry of the contact list has changed. */
  function push(bare: string, contact: string): void {
    const query = { name: 'query', ns: rosterNs, attrs: {}, children: rosterOf(bare).items(contact) };
    for (const { jid, wantsRoster, ears } of sessionsOf(bare))
      if (wantsRoster) ears.stanza(stanza('iq', { type: 'set', id: 'push', to: jid }, [query]));
  }

  function fromClient(session: Session, said: Element): void {
    if (!sessions.has(session)) return;
    const one = sentBy(session.jid, said);
    const { to, type } = one.attrs;
    if (one.name === 'presence' && isSubscription(type)) saySubscription(session, one, type);
    else if (one.name === 'presence' && to === undefined) tellEverybody(session, leaving(one));
    else if (one.name === 'iq' && to === undefined) answerOwn(session, one);
    else {
      if (one.name === 'presence' && type === undefined) session.directed.add(to ?? '');
      if (one.name === 'presence' && type === 'unavailable') session.directed.delete(to ?? '');
      route(sentTo(to ?? session.bare, leaving(one)));
    }
  }

  function saySubscription({ bare }: Session, one: Element, type: SubscriptionType): void {
    const contact = bareOf(one.attrs.to ?? '');
    const roster = rosterOf(bare);
    roster.say(contact, type);
    push(bare, contact);
    route(sentTo(contact, sentBy(bare, one)));
    for (const { jid, presence } of availableOf(bare)) {
      if (type === 'subscribed' && presence !== undefined) route(sentTo(contact, presence));
      if (type === 'unsubscribed') route(sentTo(contact, gone(jid)));
    }
  }

  /** RFC 6121 §4.2 to §4.5: those who see us, and our own clients; and whoever has just come asks for the others. */
  function tellEverybody(session: Session, one: Element): void {
    const { bare, jid } = session;
    const roster = rosterOf(bare);
    const isComing = session.presence === undefined && one.attrs.type === undefined;
    const isGoing = one.attrs.type === 'unavailable';
    const own = availableOf(bare).filter((other) => other !== session);
    session.presence = isGoing ? undefined : one;
    for (const other of [...own, session]) other.ears.stanza(sentTo(other.jid, one));
    for (const contact of roster.watchers) route(sentTo(contact, one));
    if (isComing) {
      for (const { presence } of own) if (presence !== undefined) session.ears.stanza(sentTo(jid, presence));
      for (const contact of roster.watched) route(stanza('presence', { type: 'probe', from: bare, to: contact }));
    }
    if (!isGoing) return;
    for (const to of session.directed) route(sentTo(to, one));
    session.directed.clear();
  }

  function answerOwn(session: Session, one: Element): void {
    const { id = '', type } = one.attrs;
    const card = child(one, 'vCard', 'vcard-temp');
    if (type === 'set' && card !== undefined) {
      cards.set(session.bare, card);
      session.ears.stanza(stanza('iq', { type: 'result', id, to: session.jid }));
      return;
    }
    if (type !== 'get' || child(one, 'query', rosterNs) === undefined) {
      answer(sentTo(session.bare, one));
      return;
    }
    session.wantsRoster = true;
    const query = { name: 'query', ns: rosterNs, attrs: {}, children: rosterOf(session.bare).items() };
    session.ears.stanza(stanza('iq', { type: 'result', id, to: session.jid }, [query]));
  }

  /** However it went: whoever knows of it is told. */
  function leave(session: Session): void {
    if (!sessions.has(session)) return;
    if (session.presence !== undefined) tellEverybody(session, gone(session.jid));
    else for (const to of session.directed) route(sentTo(to, gone(session.jid)));
    sessions.delete(session);
    session.end('the stream ended');
  }

  const connect: Connect = ({ user, domain: host, resource }, ears) => {
    const bare = `${user}@${host}`;
    const jid = `${bare}/${resource}`;
    const closed = Promise.withResolvers<void>();
    const session: Session = {
      jid,
      bare,
      ears,
      presence: undefined,
      wantsRoster: false,
      directed: new Set(),
      end(why) {
        ears.over(new Error(`${jid}: ${why}`));
        closed.resolve();
      },
    };
    const bound = Promise.withResolvers<void>();
    later(() => {
      for (const other of sessions) if (other.jid === jid) leave(other);
      sessions.add(session);
      bound.resolve();
    });
    const read = streamReader((one) => later(() => fromClient(session, one)));
    const over = (): void => later(() => leave(session));
    const close = (): Promise<void> => {
      over();
      return closed.promise;
    };
    return {
      ready: bound.promise,
      send: (markup) => inTime('xmpp', () => read(markup)),
      cut: over,
      close,
      closed: closed.promise,
    };
  };

  const readComponent = streamReader((one) => later(() => route(one)));
  return {
    connect,
    fromComponent: (markup) => inTime('component', () => readComponent(markup)),
    fromService: (one) => later(() => route(inClients(one))),
  };
}

/** What clients send has a language when it leaves their server (RFC 6120 §8.1.5), what the server sends itself has none: leaves are told from lost streams by it. */
const leaving = (one: Element): Element =>
  one.attrs.type === 'unavailable' ? { ...one, attrs: { 'xml:lang': 'en', ...one.attrs } } : one;

/** What stands in no namespace, in that of clients. */
const inClients = (one: Element): Element => ({
  ...one,
  ns: one.ns === '' ? client : one.ns,
  children: one.children.map((child) => (typeof child === 'string' ? child : inClients(child))),
});

/** Reads stanzas as they stand in a stream. */
function streamReader(element: (one: Element) => void): (markup: string) => void {
  const read = reader({ element });
  read(`<stream xmlns='${client}'>`);
  return read;
}
