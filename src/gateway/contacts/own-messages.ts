/**
 * What the owner wrote to somebody in the network's own client, shown in theirs as written by them (CHECKLIST 12.3): by the server in their name where it lets us,
 * ready-made as a carbon where it only passes such messages on. Where it does neither, it is not shown (280-02).
 */
import type { MessageEvent } from '../../core/event.ts';
import { personId } from '../../core/ids.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { parseJid } from '../../xmpp/jid.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { privately, sentCarbon } from '../../xmpp/xep/0280-carbons.ts';
import { inUsersName } from '../../xmpp/xep/0356-privilege.ts';
import { knownAs } from '../refs.ts';
import type { FaceState, Out } from '../rooms/feature.ts';
import { textOfContent } from '../text/body.ts';
import { personJid } from './addresses.ts';
import { isKept, keepLine } from './archived.ts';
import { shownBetween } from './shown-between.ts';

/** Ids of such messages begin so: the server delivers them to their recipient, who is us (356-21). */
const ownMark = 'isthmus-own-';

/** For such a message. */
export const ownId = ({ context }: FaceState): string => ownMark + context.newId();

/** Is it what we had the server send? No client's message comes from a bare JID. */
export const isOwnEcho = ({ kind, id, from }: Stanza): boolean =>
  kind === 'message' && from.resource === '' && from.local !== '' && id?.startsWith(ownMark) === true;

/** Said by the owner, and not from here: kept, and shown where that can be. What is of the past their clients have seen, or will find in the archive. */
export function tellOwn(face: FaceState, event: MessageEvent, out: Out): void {
  const { by, chat, content, at, ref, refs = [ref] } = event;
  const body = shownBetween(face, chat, content);
  // Notes to oneself are somebody's own business.
  if (String(chat) === String(by)) return;
  if (event.history === true || body === undefined || face.refs.named(chat, ref) !== undefined) return;
  const row = isKept(face, chat) ? face.context.newId() : '';
  const id = ownId(face);
  const from = face.context.account.owner;
  const facts = { by, nick: by, from, id, name: id, originId: undefined, isMine: true, at: at.getTime(), row };
  face.refs.add(chat, knownAs({ ...facts, text: textOfContent(content) }, refs));
  if (row !== '') keepLine(face, chat, { row, id, at: at.getTime(), nick: by, body, refs }, false, out);
  show(face, id, personJid(face.context, personId(chat)), body, out);
}

/** To the owner's clients, as written by one of them; nothing where the server does not let us. */
export function show({ context }: FaceState, id: string, to: string, body: Xml, out: Out): void {
  const { domain, account, privilege } = context;
  const granted = privilege?.();
  const host = parseJid(account.owner)?.domain;
  if (granted?.message !== true || host === undefined) return;
  const said = message(account.owner, to, id, body);
  // The older namespace's servers neither keep nor copy what they are given (356-22).
  const whole =
    granted.ns === 'urn:xmpp:privilege:2'
      ? said
      : message(account.owner, account.owner, `${id}-c`, xml`${privately.write({})}${sentCarbon(said)}`);
  const asked = inUsersName(granted.ns, whole);
  out.stanzas.push({ kind: 'message', from: domain, to: [host], id: `${id}-p`, body: asked, keep: true });
}

/** As a client of theirs would have written it; from the bare JID, or it is refused (356-20). */
const message = (from: string, to: string, id: string, body: Xml): Xml =>
  xml`<message xmlns='jabber:client' from=${from} to=${to} type='chat' id=${id}>${body}</message>`;
