/** Messages: to a room, to an occupant, to a contact. What nobody could show is dropped in silence (GEN-07); what somebody wrote is answered or accepted. */
import { GatewayError } from '../../core/errors.ts';
import { type ChatId, chatId } from '../../core/ids.ts';
import type { DurableIntent } from '../../core/intent.ts';
import type { Element } from '../../xml/element.ts';
import { child, childText } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { replace } from '../../xmpp/xep/0308-correction.ts';
import { type Encryption, isOtrData } from '../../xmpp/xep/0380-encryption.ts';
import { retractionIn } from '../../xmpp/xep/0424-retraction.ts';
import { reactions } from '../../xmpp/xep/0444-reactions.ts';
import { turningDown } from '../calls.ts';
import { isGatewayCommand } from '../commands/words.ts';
import { nickAt } from '../contacts/addresses.ts';
import { notDelivered, secretIn } from '../encryption.ts';
import type { Decoded } from '../face.ts';
import { isShared } from '../labels.ts';
import { isProfileEvent } from '../own-profile.ts';
import { distinct } from '../rooms/reactions.ts';
import { announcedIn } from '../text/files.ts';
import { answer, badRequest, ignored, mail, originOf, unavailable } from './answers.ts';
import { invitationToContact, invitationToRoom } from './invitations.ts';
import { deskOf } from './iq-commands.ts';
import { isFleeting, matters } from './matters.ts';
import { refuse } from './refuse.ts';
import { contentOf, isTooLong, lineIn } from './said.ts';
import type { Scope, Target } from './scope.ts';
import { signed } from './shared-accounts.ts';
import { voiceForm } from './voice.ts';

const refused = (stanza: Stanza, error: GatewayError): Decoded => answer(...refuse(stanza, error));

type Said = Extract<DurableIntent, { kind: 'send' | 'edit' | 'retract' | 'react' }>;

/** What the sender wants done in a chat; undefined: nothing that we know. @param room the room's JID, where it is one */
export function askOf(el: Element, chat: ChatId, room: string | undefined): Said | undefined {
  const withdrawn = retractionIn(el);
  if (withdrawn !== undefined) {
    const { id, reason } = withdrawn;
    return { kind: 'retract', chat, target: { stanzaId: id }, ...(reason !== undefined && { reason }) };
  }
  const reacted = reactions.in(el);
  if (reacted !== undefined) {
    return { kind: 'react', chat, target: { stanzaId: reacted.id }, emoji: distinct(reacted.reactions) };
  }
  const content = contentOf(el, room);
  if (content === undefined) return undefined;
  const corrected = replace.in(el);
  if (corrected === undefined) return { kind: 'send', chat, content };
  return { kind: 'edit', chat, target: { stanzaId: corrected.id }, content };
}

/** A subject with neither body nor thread changes the topic (CHECKLIST 45-39). */
function topicOf(el: Element): string | undefined {
  const subject = childText(el, 'subject');
  if (subject === undefined || child(el, 'body') !== undefined || child(el, 'thread') !== undefined) return undefined;
  return subject;
}

/** For the account on the target's server, which a message does not open; nothing asked is nothing done. */
function accept(scope: Scope, stanza: Stanza, target: Target, intent: DurableIntent | undefined): Decoded {
  if (intent === undefined) return ignored;
  return {
    is: 'durable',
    account: scope.key(stanza.from, target.on),
    intent: target.is === 'room' && isShared(target.on) ? signed(intent, stanza.from) : intent,
    origin: originOf(stanza, 'message', scope),
    opens: false,
  };
}

/** Said to the room itself (CHECKLIST 45-45): invitations, what is answered to them, and the forms about voice. */
function toRoomItself(scope: Scope, stanza: Stanza, target: Extract<Target, { is: 'room' }>): Decoded {
  const meant = voiceForm(scope, stanza, target) ?? invitationToRoom(scope, stanza, target);
  if (meant !== undefined) return meant;
  const body = childText(stanza.el, 'body') ?? '';
  if (body === '') return ignored;
  return refused(stanza, new GatewayError('bad-request', { text: 'This is a room: join it, and write to it there' }));
}

function toRoom(scope: Scope, stanza: Stanza, target: Extract<Target, { is: 'room' }>): Decoded {
  const { el, to } = stanza;
  const isGroupchat = stanza.type === 'groupchat';
  if (to.resource !== '') {
    if (isGroupchat)
      return answer(badRequest(stanza, 'Messages of type groupchat are for the room, not for one occupant'));
    const ask = askOf(el, target.chat, undefined);
    return accept(scope, stanza, target, ask === undefined ? undefined : { ...ask, privately: to.resource });
  }
  if (!isGroupchat) return toRoomItself(scope, stanza, target);
  const topic = topicOf(el);
  const intent: DurableIntent | undefined =
    topic === undefined ? askOf(el, target.chat, to.bare) : { kind: 'topic', chat: target.chat, text: topic };
  // A file without an address: that its sender has announced it is for the room to say.
  if (intent === undefined && announcedIn(el).length > 0) return mail(scope, stanza, target);
  return accept(scope, stanza, target, intent);
}

/** A direct chat is named by the person's id. */
function toContact(scope: Scope, stanza: Stanza, target: Extract<Target, { is: 'contact' }>): Decoded {
  if (stanza.type === 'groupchat') return answer(unavailable(stanza, 'This is a person, not a room'));
  const invitation = invitationToContact(scope, stanza, target);
  return invitation ?? accept(scope, stanza, target, askOf(stanza.el, chatId(target.person), undefined));
}

/** A line of chat that is a command, or part of the dialogue about one. */
function toDesk(
  scope: Scope,
  stanza: Stanza,
  text: string,
  target: Extract<Target, { is: 'gateway' | 'server' }>,
): Decoded {
  return {
    is: 'question',
    account: scope.key(stanza.from, target.on),
    stanza,
    question: (asking) => deskOf(asking).chat(stanza, text, target, asking),
  };
}

/** The gateway reads nothing but its commands. */
function toGateway(scope: Scope, stanza: Stanza, target: Extract<Target, { is: 'gateway' }>): Decoded {
  const text = lineIn(stanza.el);
  if (text === undefined) return ignored;
  if (stanza.type !== 'groupchat') return toDesk(scope, stanza, text, target);
  return answer(unavailable(stanza, 'Nobody reads that here; write help, or write to a room or to a person'));
}

/**
 * To a server: a line in its own language, but for the gateway's own words. With a nick as the resource it is for that person: an address for nicks that no
 * localpart holds.
 */
function toServer(scope: Scope, stanza: Stanza, target: Extract<Target, { is: 'server' | 'gateway' }>): Decoded {
  const { to, el } = stanza;
  if (stanza.type === 'groupchat') return answer(unavailable(stanza, 'This is a server, not a room'));
  const nick = nickAt(to);
  if (nick !== '') return accept(scope, stanza, target, askOf(el, chatId(nick), undefined));
  const line = lineIn(el);
  if (line === undefined) return ignored;
  if (isGatewayCommand(scope, line)) return toDesk(scope, stanza, line, target);
  return accept(scope, stanza, target, { kind: 'raw', chat: chatId(target.on ?? to.domain), line });
}

function toTarget(scope: Scope, stanza: Stanza, target: Target): Decoded {
  switch (target.is) {
    case 'room':
      return toRoom(scope, stanza, target);
    case 'contact':
      return toContact(scope, stanza, target);
    case 'server':
      return toServer(scope, stanza, target);
    case 'gateway':
      // With one server only, its lines are written to the domain, as the gateway's commands are.
      return scope.options.addresses.isOneServer === true
        ? toServer(scope, stanza, target)
        : toGateway(scope, stanza, target);
    default:
      return target satisfies never;
  }
}

/** What has no words matters all the same where it is a call (CHECKLIST 482-01): the account's face turns it down. */
function unspoken(scope: Scope, stanza: Stanza, target: Target | undefined): Decoded {
  const isChat = target?.is === 'room' || isOnePerson(scope, stanza, target);
  if (target === undefined || !isChat || turningDown(stanza) === undefined) return ignored;
  if (!scope.allows(stanza.from)) return refused(stanza, scope.denial(stanza.from));
  return mail(scope, stanza, target);
}

/** The account's face knows whether the network wants to know. */
function fleeting(scope: Scope, stanza: Stanza, target: Target | undefined): Decoded {
  const isChat = target?.is === 'room' || target?.is === 'contact';
  return isChat && scope.allows(stanza.from) && target.barred === undefined ? mail(scope, stanza, target) : ignored;
}

function bounced(scope: Scope, stanza: Stanza, target: Target | undefined): Decoded {
  return target?.is === 'room' || target?.is === 'contact' ? mail(scope, stanza, target) : ignored;
}

/** Only the recipient could read it: the account's face says so, and never its stand-in text (CHECKLIST 380-01, 380-02). */
function encrypted(scope: Scope, stanza: Stanza, target: Target, secret: Encryption): Decoded {
  if (target.is === 'room' || isOnePerson(scope, stanza, target)) return mail(scope, stanza, target);
  return refused(stanza, notDelivered(secret, scope.options.about.name, stanza.lang));
}

/** Both ends of a conversation of two may speak OTR: its data passes untouched. */
function passes(scope: Scope, stanza: Stanza, target: Target | undefined): boolean {
  return isOnePerson(scope, stanza, target) && isOtrData(childText(stanza.el, 'body'));
}

function isOnePerson({ options }: Scope, { to, type }: Stanza, target: Target | undefined): boolean {
  if (target === undefined || target.is === 'contact') return target !== undefined;
  const hasPeople = target.is !== 'gateway' || options.addresses.isOneServer === true;
  return hasPeople && nickAt(to) !== '' && type !== 'groupchat';
}

/** What the user's own server tells of how they appear (CHECKLIST 084-10); nobody reads other headlines. */
function ofProfile(scope: Scope, stanza: Stanza, target: Target | undefined): Decoded {
  if (target?.is !== 'gateway' && target?.is !== 'server') return ignored;
  const isWanted = scope.options.takesProfiles === true && scope.allows(stanza.from) && isProfileEvent(stanza);
  return isWanted ? mail(scope, stanza, target) : ignored;
}

/** What a message means: an intent, a refusal for its sender, or nothing. */
export function decodeMessage(scope: Scope, stanza: Stanza): Decoded {
  const { type, el } = stanza;
  const target = scope.target(stanza.to);
  if (type === 'headline') return ofProfile(scope, stanza, target);
  if (type === 'error') return bounced(scope, stanza, target);
  if (isFleeting(el)) return fleeting(scope, stanza, target);
  const secret = passes(scope, stanza, target) ? undefined : secretIn(stanza);
  if (secret === undefined && !matters(el)) return unspoken(scope, stanza, target);
  // Keys without words (380-04).
  if (secret?.isEmpty === true && childText(el, 'body') === undefined) return ignored;
  if (target === undefined) {
    return refused(
      stanza,
      new GatewayError('bad-address', { text: `${stanza.to.bare} is no address of this network` }),
    );
  }
  if (!scope.allows(stanza.from)) return refused(stanza, scope.denial(stanza.from));
  const barred = target.is === 'gateway' ? undefined : target.barred;
  if (barred !== undefined) return answer(...refuse(stanza, barred, scope.options.translate));
  if (secret !== undefined) return encrypted(scope, stanza, target, secret);
  if (isTooLong(`${childText(el, 'subject') ?? ''}${childText(el, 'body') ?? ''}`)) {
    return refused(stanza, new GatewayError('message-too-long', { text: 'At most 64 KiB' }));
  }
  return toTarget(scope, stanza, target);
}
