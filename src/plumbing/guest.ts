/**
 * The plumbing as a client of the network's room: it comes in like anybody's, and what the room would tell a client (account's face) is read here instead of
 * going out. It comes back after whatever put it out, the later the more often.
 */
import type { Clock } from '../bridge/contract.ts';
import type { GatewayError } from '../core/errors.ts';
import type { ChatId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { resourceOf } from '../core/jids.ts';
import { backoffMs } from '../core/retry.ts';
import type { PlumbedName } from '../storage/plumbing-ports.ts';
import { parseFragment } from '../xml/document.ts';
import type { Element } from '../xml/element.ts';
import { child, childText } from '../xml/query.ts';
import { readError, writeError } from '../xmpp/error.ts';
import { parseJid } from '../xmpp/jid.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { mucUser } from '../xmpp/xep/0045-muc.ts';
import { delay } from '../xmpp/xep/0203-delay.ts';
import { stanzaId } from '../xmpp/xep/0359-stanza-ids.ts';
import { RETRACTION } from '../xmpp/xep/0424-retraction.ts';
import { MODERATION } from '../xmpp/xep/0425-moderation.ts';
import type { MucIds } from './muc-ids.ts';
import { subjectIn } from './muc-stanzas.ts';
import type { RoomLine } from './to-muc.ts';

export interface GuestParts {
  /** Its full JID, which is an address of the MUC's, so that the MUC is whose account it is. */
  readonly jid: string;
  /** The room's address. */
  readonly room: string;
  readonly chat: ChatId;
  readonly nick: string;
  readonly mucIds: Pick<MucIds, 'nameOf'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  accept(intent: DurableIntent, origin: Origin): void;
  /** Said by somebody there. @param at of the past: epoch milliseconds */
  onLine(line: RoomLine, at: number | undefined): void;
  /** What was said by way of us is there. */
  onOwn(name: PlumbedName): void;
  /** What was said by way of us could not be delivered. */
  onRefused(id: string, why: string): void;
  /** @param isNew somebody changed it; else it is what the room had when we came in first */
  onSubject(text: string, isNew: boolean): void;
  onRenamed(nick: string, to: string): void;
  onLeft(nick: string, reason: string): void;
  onIn(): void;
  /** It could not come in, or was put out: it tries again. */
  onTrouble(why: string): void;
}

export interface Guest {
  readonly isIn: boolean;
  /** Goes in. */
  begin(): void;
  /** What the room tells it. */
  hear(stanza: Outgoing): void;
  close(): void;
}

const backoff = { firstMs: 10_000, maxMs: 600_000 };
/** After so long in the room who put us out of it before is forgotten. */
const settledMs = 600_000;

const elementsOf = ({ body }: Outgoing): readonly Element[] =>
  parseFragment(body.text).filter((node): node is Element => typeof node !== 'string');

const asElement = (stanza: Outgoing): Element => ({
  name: stanza.kind,
  ns: '',
  attrs: {},
  children: elementsOf(stanza),
});

/** What stands behind the room's address. */
const nickOf = ({ from }: Outgoing): string => resourceOf(from);

export function createGuest(parts: GuestParts): Guest {
  const { jid, room, chat, clock } = parts;
  let me: string | undefined;
  /** undefined: the room has not told it yet. */
  let topic: string | undefined;
  let [tries, kicks, closed] = [0, 0, false];
  let cancel = (): void => {};
  let settle = (): void => {};

  function begin(): void {
    if (closed) return;
    cancel();
    const intent: DurableIntent = { kind: 'join', chat, nick: parts.nick, history: { maxStanzas: 0 } };
    parts.accept(intent, { from: jid, to: `${room}/${parts.nick}`, via: 'presence', at: clock.now() });
  }

  function again(why: string, count = ++tries): void {
    me = undefined;
    parts.onTrouble(why);
    settle();
    cancel();
    cancel = clock.after(backoffMs(count, backoff), begin);
  }

  function settled(): void {
    settle = clock.after(settledMs, () => {
      kicks = 0;
    });
  }

  function hearPresence(stanza: Outgoing): void {
    const nick = nickOf(stanza);
    if (stanza.type === 'error') {
      again(readError({ type: 'error', el: asElement(stanza) })?.text ?? 'refused');
      return;
    }
    if (stanza.type !== 'unavailable') {
      if (!stanza.body.text.includes(`code='110'`)) return;
      if (me === undefined) settled();
      me = nick;
      tries = 0;
      parts.onIn();
      return;
    }
    const el = asElement(stanza);
    const x = mucUser.in(el);
    const codes = new Set(x?.statuses.map(({ code }) => code));
    const [item] = x?.items ?? [];
    const reason = item?.reason ?? x?.destroy?.reason ?? '';
    if (codes.has(303) && item?.nick !== undefined) {
      if (codes.has(110)) me = item.nick;
      else parts.onRenamed(nick, item.nick);
    } else if (codes.has(110)) again(reason, codes.has(307) ? ++kicks : undefined);
    else parts.onLeft(nick, reason);
  }

  function hearMessage(stanza: Outgoing): void {
    const { id = '' } = stanza;
    if (stanza.type === 'error') {
      parts.onRefused(id, readError({ type: 'error', el: asElement(stanza) })?.text ?? '');
      return;
    }
    if (stanza.type !== 'groupchat') return;
    const el = asElement(stanza);
    const name = el.children.flatMap((one) => (typeof one === 'string' ? [] : (stanzaId.read(one) ?? [])))[0]?.id;
    const nick = nickOf(stanza);
    const subject = subjectIn(el);
    if (subject !== undefined) {
      const isNew = topic !== undefined && subject !== topic;
      topic = subject;
      // By the account for another MUC, or for a client of its: what was said by way of us has our own name, but for what stands there when we come in.
      const isOthers = isNew && parts.mucIds.nameOf(id) === undefined && delay.in(el) === undefined;
      if (nick !== me || isOthers) parts.onSubject(subject, isNew);
      return;
    }
    if (name === undefined) return;
    const ours = parts.mucIds.nameOf(id);
    if (ours !== undefined) parts.onOwn({ muc: ours, room: name });
    else {
      const children = elementsOf(stanza);
      parts.onLine({ id: name, nick, isOwn: nick === me, children }, delay.in(el)?.stamp.getTime());
    }
  }

  return {
    get isIn() {
      return me !== undefined;
    },
    begin,
    hear(stanza) {
      if (closed) return;
      if (stanza.kind === 'presence') hearPresence(stanza);
      else if (stanza.kind === 'message') hearMessage(stanza);
    },
    close() {
      closed = true;
      cancel();
      settle();
    },
  };
}

/** It was taken back: which message, and why. */
export interface Withdrawn {
  readonly id: string;
  readonly reason?: string | undefined;
}

/** Which message that takes back; undefined: none. */
export function withdrawnIn(children: readonly Element[]): Withdrawn | undefined {
  const el = children.find(({ name, ns }) => name === 'retract' && ns === RETRACTION);
  return el?.attrs.id === undefined ? undefined : { id: el.attrs.id, reason: childText(el, 'reason') };
}

/** The same, where a moderator has. */
export const moderatedIn = (children: readonly Element[]): Withdrawn | undefined =>
  withdrawnIn(children.filter((one) => child(one, 'moderated', MODERATION) !== undefined));

/** It leaves, as a client would say it. */
export function departureOf(guest: string, room: string): Stanza | undefined {
  const [from, to] = [parseJid(guest), parseJid(`${room}/me`)];
  if (from === undefined || to === undefined) return undefined;
  const el: Element = { name: 'presence', ns: '', attrs: { type: 'unavailable' }, children: [] };
  return { kind: 'presence', type: 'unavailable', from, to, lang: 'en', el };
}

/** What it is told where an intent of its was not accepted. */
export function refusalOf({ via, from, to, stanzaId: id }: Origin, error: GatewayError): Outgoing {
  const kind = via === 'presence' ? 'presence' : 'message';
  const { type, condition, message: text } = error;
  const body = writeError({ type, condition, text });
  return { kind, type: 'error', from: to, to: [from], ...(id !== undefined && { id }), body };
}
