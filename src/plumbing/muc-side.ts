/** A plumbing's side in the MUC: who of ours is there, what they say, what they hear, and what each side has yet to be told. */

import { asResource } from '../core/resource.ts';
import { pingPayload } from '../gateway/client-iqs.ts';
import type { Element } from '../xml/element.ts';
import { textOf } from '../xml/query.ts';
import type { Encryption } from '../xmpp/xep/0380-encryption.ts';
import { createEchoes, type Echoes } from './echoes.ts';
import { createForNetwork, type ForNetwork } from './for-network.ts';
import { createGap, type Gap } from './gap.ts';
import { withdrawnIn } from './guest.ts';
import { createHearing, type Hearing } from './hearing.ts';
import { createHerald, type Herald } from './herald.ts';
import { createMarks, type Marks } from './marks.ts';
import { createModerating, type Moderating } from './moderating.ts';
import { createMucIds, type MucIds } from './muc-ids.ts';
import type { Line } from './muc-stanzas.ts';
import { createNames, type Names } from './names.ts';
import { createNamed } from './nicks.ts';
import { createOwnIds, type OwnIds } from './own-ids.ts';
import { createPastOfRoom, type PastOfRoom } from './past-of-room.ts';
import type { PlumbingParts } from './plumbing-parts.ts';
import { createPuppets, type Puppets, type PuppetsParts } from './puppets.ts';
import { createReactedInWords } from './reacted.ts';
import { createToMuc, type ToMuc } from './to-muc.ts';
import { createToNetwork, type Meant, type ToNetwork } from './to-network.ts';
import { aboutOf, changedBy, createTranslate } from './translating.ts';

export interface MucSide {
  readonly heraldJid: string;
  /** Of the addresses of all our occupants there. */
  readonly resource: string;
  readonly ids: OwnIds;
  readonly mucIds: MucIds;
  readonly names: Names;
  readonly marks: Marks;
  readonly herald: Herald;
  readonly puppets: Puppets;
  readonly toMuc: ToMuc;
  readonly toNetwork: ToNetwork;
  readonly hearing: Hearing;
  readonly gap: Gap;
  readonly pastOfRoom: PastOfRoom;
  readonly echoes: Echoes;
  readonly forNetwork: ForNetwork;
  /** The room's archive may have more than was told: what the network fetched of the time when nobody was there. */
  lookBack(): void;
  /** The room may be called otherwise by now, and our occupant with it. */
  rename(): void;
}

export interface MucSideParts extends PlumbingParts {
  /** Since when the two are joined, epoch milliseconds; undefined: an owner has not agreed yet. */
  since(): number | undefined;
  onConsent(line: Line): void;
  /** What is encrypted was said, for the MUC's people alone. */
  onSecret(line: Line, secret: Encryption): void;
  acceptLine(meant: Meant): void;
  /** The MUC is to have that subject. */
  setSubject(text: string): void;
  /** We are in the network's room. */
  isInRoom(): boolean;
  isClosed(): boolean;
}

const answersWithinMs = 20_000;
/** With so few lines left what was dropped is read anew. */
const soonDone = 100;

/** Says nothing before its herald begins. */
export function createMucSide(parts: MucSideParts): MucSide {
  const { row, room, clock, log, send, since, troubles } = parts;
  const { muc, chat, suffix } = row;
  const resource = parts.mac(`plumbing of ${muc}`, `${row.account} ${chat}`).slice(0, 8);
  const heraldJid = `${room}/${resource}`;
  const names = createNames(parts.known.names);
  const ids = createOwnIds(row.id, parts.mac);
  const mucIds = createMucIds(resource);
  const marks = openMarks(parts, names);
  const failed = (error: unknown): void => log.error({ plumbing: row.id, error }, 'a plumbing could not catch up');
  const puppets = openPuppets(parts, resource, { onChange: () => toMuc.pump(), onDoubt: () => herald.doubt() });

  const herald = createHerald({
    ...{ jid: heraldJid, muc, pair: parts.pair, suffix, clock, send },
    name: () => asResource(parts.title()),
    since: () => (since() === undefined ? undefined : (marks.now.seen?.at ?? since())),
    selfPing: (nick) => pingItself(parts, heraldJid, nick),
    password: parts.password,
    onIn() {
      troubles.past('refused');
      rename();
      hearing.begin();
    },
    onStillIn() {
      rename();
      hearing.check();
      lookBack();
    },
    onOut(all) {
      hearing.stop();
      if (all) puppets.forget();
      toMuc.rewind();
    },
    onRefused: (condition, text) => troubles.has({ is: 'refused', condition, ...(text !== undefined && { text }) }),
    onVoice(hasVoice) {
      if (hasVoice) troubles.past('voiceless');
      else if (since() !== undefined) troubles.has({ is: 'voiceless' });
    },
    // Anybody can say that they join the two: it keeps one from being made, and ends none.
    onEnd: (end) => (end.is === 'rival' && since() !== undefined ? troubles.news(end) : parts.onOver(end)),
  });

  const named = createNamed(room, muc, puppets.nicks);
  const isThere = (nick: string): boolean => parts.contact(nick) !== undefined;
  const reacted = createReactedInWords({ find: parts.find, isThere });
  const toMuc = createToMuc({
    ...{ muc, ids, puppets, clock, send },
    herald: { jid: heraldJid, isIn: () => herald.isIn && hearing.isCaughtUp },
    translate: createTranslate(ids, names, parts.find, named, reacted),
    changed: (line) => changedBy(line, parts.find),
    about: aboutOf,
    takeBack: ({ children }) => herald.isModerator && takesBack(children, names, moderate),
    onTold(id) {
      marks.move({ told: id });
      if (toMuc.isBehind && toMuc.size < soonDone) pastOfRoom.takeUp().catch(failed);
    },
    onDoubt: () => herald.doubt(),
    onLost: (id, why) => log.info({ plumbing: row.id, id, why }, 'a line was not passed on to the MUC'),
  });

  const rename = (): void => void parts.retitle().then(herald.rename);
  const lookBack = (): void => void (hearing.isCaughtUp && pastOfRoom.takeUp().catch(failed));
  const echoes = createEchoes({ now: () => clock.now(), onLoop: (nick) => troubles.news({ is: 'loop', nick }) });
  const gap = openGap(parts, heraldJid);

  const moderating = openModerating(parts, heraldJid);
  const { isTakenBack } = moderating;
  const moderate: Moderate = (name, reason) => void moderating.takeBack(name, reason).catch(failed);
  const toNetwork = createToNetwork({
    ...{ muc, chat, herald: heraldJid, names, mucIds, find: parts.find, isTakenBack, onSecret: parts.onSecret },
    nicks: puppets.nicks,
    known: parts.known.names,
  });

  const pastOfRoom = createPastOfRoom({
    moderate,
    ...{ toMuc, names, mucIds, rows: parts.rows, isClosed: parts.isClosed, find: parts.find },
    mayPass: ({ nick, isOwn, children }) => {
      const body = children.find(({ name }) => name === 'body');
      return body === undefined || echoes.mayPass('room', nick, textOf(body), isOwn);
    },
    told: () => marks.now.told,
    onFailure: failed,
    since: () => since() ?? Number.POSITIVE_INFINITY,
    now: () => clock.now(),
  });

  const forNetwork = openForNetwork(parts, marks, () => hearing.isCaughtUp);

  const hearing = createHearing({
    ...{ chat, ids, names, mucIds, toNetwork, gap, since, wasAccepted: parts.wasAccepted },
    ...{ marks: forNetwork.marks, accept: forNetwork.accept },
    herald: () => herald,
    token: () => (since() === undefined ? row.token : undefined),
    onConsent: parts.onConsent,
    onOwn: (name) => toMuc.told(name),
    onRead: forNetwork.flush,
    onCaughtUp: pastOfRoom.takeUp,
    unheard: toMuc.unheard,
    onLacking: toMuc.lacks,
    setSubject: parts.setSubject,
    newId: parts.newId,
    now: () => clock.now(),
    onFailure: failed,
  });

  return {
    ...{ heraldJid, resource, ids, mucIds, names, marks, herald, puppets, toMuc, toNetwork },
    ...{ hearing, gap, pastOfRoom, echoes, forNetwork, lookBack, rename },
  };
}

type Moderate = (name: string, reason: string | undefined) => void;

/** False: that takes back nothing that the MUC has. */
function takesBack(children: readonly Element[], names: Names, moderate: Moderate): boolean {
  const withdrawn = withdrawnIn(children);
  const name = withdrawn === undefined ? undefined : names.toMuc(withdrawn.id);
  if (name !== undefined) moderate(name, withdrawn?.reason);
  return name !== undefined;
}

function openModerating({ row: { muc }, ask, troubles }: PlumbingParts, from: string): Moderating {
  const onRefused = (condition: string): void => troubles.news({ is: 'unmoderated', condition });
  return createModerating({ muc, from, ask, onRefused });
}

function openForNetwork(
  { row, isInRoom, acceptLine: accept, log, clock }: MucSideParts,
  marks: Marks,
  isCaughtUp: () => boolean,
): ForNetwork {
  const onLost = (id: string): void =>
    log.warn(
      { plumbing: row.id, id },
      'a line of the MUC is lost: it waited too long for the network, or too many did',
    );
  return createForNetwork({ isOpen: () => isInRoom() && isCaughtUp(), accept, marks, onLost, now: () => clock.now() });
}

function openMarks({ row, store, clock, log, known }: PlumbingParts, { fresh }: Names): Marks {
  const onFailure = (error: unknown): void =>
    log.error({ plumbing: row.id, error }, 'how far a plumbing is could not be written down');
  return createMarks({ plumbing: row.id, store, clock, fresh, onFailure }, known.marks);
}

function openPuppets(
  { row: { muc, suffix }, contact, looks, send, clock, password, troubles }: PlumbingParts,
  resource: string,
  on: Pick<PuppetsParts, 'onChange' | 'onDoubt'>,
): Puppets {
  const address = (nick: string): string | undefined => {
    const bare = contact(nick);
    return bare === undefined ? undefined : `${bare}/${resource}`;
  };
  const onClosed = (condition: string): void => troubles.has({ is: 'puppets', condition });
  const onOpen = (): void => troubles.past('puppets');
  return createPuppets({ muc, suffix, address, looks, send, clock, password, onClosed, onOpen, ...on });
}

function openGap({ row: { muc }, newId, ask }: PlumbingParts, from: string): Gap {
  return createGap({
    muc,
    newId,
    ask: (payload) => ask({ from, to: muc, type: 'set', payload }, answersWithinMs),
  });
}

/** XEP-0410 §3.2: any answer but that we are not in it says that we are; undefined: it can't be told. */
async function pingItself({ row, ask }: PlumbingParts, from: string, nick: string): Promise<boolean | undefined> {
  const answer = await ask({ from, to: `${row.muc}/${nick}`, payload: pingPayload }, answersWithinMs);
  if (answer === undefined) return undefined;
  const { condition } = answer;
  return condition === undefined || condition === 'service-unavailable' || condition === 'feature-not-implemented';
}
