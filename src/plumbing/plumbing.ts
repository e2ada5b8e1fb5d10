/**
 * One plumbing (src/design/plumbing.md): a room of the network and a MUC elsewhere, joined. The network's side is a client of the account's room, the MUC's a
 * herald and puppets. Everything here happens in one turn of the loop, but for what is asked of archives.
 */
import { notDelivered } from '../gateway/encryption.ts';
import type { PlumbingRow } from '../storage/plumbing-ports.ts';
import { xml } from '../xml/writer.ts';
import { readError, writeError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { reply, type Stanza } from '../xmpp/stanza.ts';
import type { Encryption } from '../xmpp/xep/0380-encryption.ts';
import { createGuest } from './guest.ts';
import { createMucSide } from './muc-side.ts';
import { captchaIn, type Line, leaveMuc, readLine, readPresence, sayInMuc, type Told } from './muc-stanzas.ts';
import type { PlumbingParts } from './plumbing-parts.ts';
import type { Meant } from './to-network.ts';

/** `waiting`: for an owner of the MUC; `troubled`: something is wrong at the moment. */
export type PlumbingState = 'waiting' | 'joined' | 'troubled';

export interface Plumbing {
  readonly row: PlumbingRow;
  readonly state: PlumbingState;
  /** The client of the network's room that it is. */
  readonly guest: string;
  begin(): void;
  /** The account's face tells that client something. */
  tell(stanza: Outgoing): void;
  /** The MUC, or somebody in it, says something to one of our occupants. */
  hear(stanza: Stanza): void;
  /** `over`: everybody leaves, with these words; else nothing is said. */
  close(how: 'over' | 'silently', reason: string): Promise<void>;
}

const tellAgainMs = 60_000;
const secretAgainMs = 3_600_000;
const ghostAgainMs = 10_000;
const ghostsAtMost = 500;

/** Says nothing before `begin`. */
export function createPlumbing(parts: PlumbingParts): Plumbing {
  const { row, room, clock, log, send } = parts;
  const { muc, chat } = row;
  const guestJid = `${muc}/${row.id}`;
  /** Since when; undefined: an owner has not agreed yet. */
  let since = row.token === undefined ? row.at : undefined;
  let isClosed = false;
  /** Of what the MUC was told last as its subject. */
  let subjectId: string | undefined;
  /** Who was told that something did not arrive is not told again until then. */
  const toldUntil = new Map<string, number>();
  const sentAwayUntil = new Map<string, number>();

  const side = createMucSide({
    ...parts,
    since: () => since,
    onConsent: granted,
    onSecret,
    acceptLine,
    setSubject,
    isInRoom: () => guest.isIn,
    isClosed: () => isClosed,
  });
  const { heraldJid, herald, puppets, toMuc, hearing, marks, mucIds } = side;

  const guest = createGuest({
    ...{ jid: guestJid, room, chat, nick: row.nick, clock, accept: parts.accept, onRefused, mucIds },
    onLine(line, at) {
      if (since !== undefined) side.pastOfRoom.say(line, at, hearing.isCaughtUp);
    },
    onOwn(name) {
      const speaker = side.toNetwork.saidBy(name.muc);
      side.names.add({ ...name, ...(speaker !== undefined && { speaker }) });
      marks.touch();
      side.pastOfRoom.own(name.room, hearing.isCaughtUp);
    },
    onSubject: hearing.hearSubject,
    onRenamed: puppets.renamed,
    onLeft: puppets.left,
    onIn() {
      parts.troubles.past('network');
      side.rename();
      puppets.lookAround();
      side.forNetwork.flush();
      side.lookBack();
    },
    onTrouble: (text) => parts.troubles.has({ is: 'network', text }),
  });

  /** Who said it is told, and nobody else. */
  function onRefused(id: string, why: string): void {
    log.info({ plumbing: row.id, id, why }, 'the network did not take a line of the MUC');
    const nick = side.toNetwork.speakerOf(id);
    if (nick !== undefined) tellSpeaker(nick, why, nick, tellAgainMs);
  }

  function onSecret({ nick, el }: Line, secret: Encryption): void {
    const why = notDelivered(secret, parts.title(), el.attrs['xml:lang']).message;
    tellSpeaker(nick, why, `${nick}\nsecret`, secretAgainMs);
  }

  /** @param key of what they are told so once in that time */
  function tellSpeaker(nick: string, why: string, key: string, quietMs: number): void {
    const now = clock.now();
    if (nick === '' || now < (toldUntil.get(key) ?? 0)) return;
    for (const [one, until] of toldUntil) if (until <= now) toldUntil.delete(one);
    toldUntil.set(key, now + quietMs);
    const body = xml`<body>${parts.title()}: ${why}</body><x xmlns='http://jabber.org/protocol/muc#user'/>`;
    send([{ kind: 'message', type: 'chat', from: heraldJid, to: [`${muc}/${nick}`], id: parts.newId(), body }]);
  }

  /** From here on it is a plumbing; what was said before is nobody's business. */
  function granted({ archived }: Line): void {
    since = clock.now();
    marks.move({ seen: { ...(archived !== undefined && { id: archived }), at: since } });
    hearing.beginHere();
    const text = `This room is now joined with ${parts.title()}. Whoever may ban here ends that by banning me.`;
    send([sayInMuc(heraldJid, muc, parts.newId(), xml`<body>${text}</body>`)]);
    parts.onGranted(since);
    if (!herald.hasVoice) parts.troubles.has({ is: 'voiceless' });
    guest.begin();
  }

  function acceptLine({ id, intent }: Meant): void {
    const { text, author } = intent.kind === 'send' ? intent.content : {};
    if (text !== undefined && !side.echoes.mayPass('muc', author?.nick ?? '', text.plain)) return;
    const at = clock.now();
    parts.accept(intent, { from: guestJid, to: room, stanzaId: id, via: 'message', type: 'groupchat', at });
  }

  function setSubject(text: string): void {
    subjectId = parts.newId();
    send([sayInMuc(heraldJid, muc, subjectId, xml`<subject>${text}</subject>`)]);
  }

  function hearError(stanza: Stanza): void {
    const error = readError(stanza);
    if (error === undefined) return;
    const said = side.ids.read(stanza.id);
    if (said !== undefined) toMuc.refused(said, stanza.to.full, error);
    else if (stanza.id === undefined || stanza.id !== subjectId) return;
    // It is said again when we are in anew.
    else if (error.condition.startsWith('remote-server')) herald.doubt();
    else {
      hearing.refusedSubject();
      parts.troubles.news({ is: 'subject', condition: error.condition });
    }
  }

  function hearMessage(stanza: Stanza): void {
    const { el, from, to, type } = stanza;
    if (from.resource === '' && side.gap.told(el)) return;
    const refused = captchaIn(stanza);
    if (refused !== undefined) hearTold(to.full, refused);
    else if (type === 'error') hearError(stanza);
    else if (type === 'groupchat') {
      if (to.full === heraldJid) hearing.hear(readLine(el, muc));
    } else if (from.resource !== '' && el.children.some((one) => typeof one !== 'string' && one.name === 'body')) {
      const text = 'Nobody reads what is said here privately: say it in the room.';
      const body = writeError({ type: 'cancel', condition: 'feature-not-implemented', text });
      send([{ ...reply(stanza, 'error'), body }]);
    }
  }

  /** Somebody whom the MUC has from before a restart, and tells of all that happens. */
  function sendAway(to: string, nick: string): void {
    const now = clock.now();
    if ((sentAwayUntil.get(to) ?? 0) > now) return;
    if (sentAwayUntil.size >= ghostsAtMost) sentAwayUntil.clear();
    sentAwayUntil.set(to, now + ghostAgainMs);
    send([leaveMuc(to, muc, nick, '')]);
  }

  function hearPresence(stanza: Stanza): void {
    const to = stanza.to.full;
    if (stanza.type !== 'error' && puppets.isOfOthers(to, stanza.from.resource)) return;
    const told = readPresence(stanza);
    if (told !== undefined) hearTold(to, told);
  }

  function hearTold(to: string, told: Told): void {
    if (to === heraldJid) herald.hear(told);
    else if (!puppets.hear(to, told) && told.is === 'here') sendAway(to, told.nick);
  }

  return {
    row,
    guest: guestJid,
    get state() {
      if (parts.troubles.now.length > 0) return 'troubled';
      return since === undefined ? 'waiting' : 'joined';
    },
    begin() {
      herald.begin();
      if (since !== undefined) guest.begin();
    },
    tell: guest.hear,
    hear(stanza) {
      if (isClosed || stanza.to.resource !== side.resource) return;
      if (stanza.kind === 'message') hearMessage(stanza);
      else if (stanza.kind === 'presence') hearPresence(stanza);
    },
    async close(how, reason) {
      isClosed = true;
      if (how === 'over') puppets.leaveAll(reason);
      else puppets.forget();
      if (how === 'over') herald.end(reason);
      else herald.close();
      guest.close();
      toMuc.close();
      await marks.save();
    },
  };
}
