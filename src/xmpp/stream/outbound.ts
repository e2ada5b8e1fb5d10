/**
 * The choke point: everything we send passes here, and nothing passes that would cost the whole stream: a foreign `from` (114-31), a missing `to` (114-30), a stanza beyond what
 * servers take (114-33); nor a message that nobody could tell from its second copy, for want of an id (GEN-09). Illegal characters (114-32) can't be: what is not yet markup is escaped here, and markup exists only by the writer.
 */
import { escapeAttribute } from '../../xml/escape.ts';
import type { Outgoing } from '../outgoing.ts';
import { newId } from './pending.ts';
import { OutboundBug } from './types.ts';

const MOST_BYTES = 256 * 1024;

export interface Outbound {
  /** Appends one rendered copy for each recipient. Throws OutboundBug, and then has appended nothing. */
  render(stanza: Outgoing, into: string[]): void;
}

/** For one domain's stream. */
export function createOutbound(domain: string): Outbound {
  return {
    render: (stanza, into) => {
      const { kind, from, to, type, lang, body } = stanza;
      const id = stanza.id ?? (kind === 'message' && type !== 'error' ? newId() : undefined);
      if (!isWithin(domain, from)) throw new OutboundBug(`${kind} from outside of ${domain}`);
      if (isToNobody(to)) throw new OutboundBug(`${kind} to nobody`);
      const content = body.text;
      assertForm(kind, type, id, content === '');
      const head = `${opened(kind, type, id)}${escapeAttribute(from)}' to='`;
      const tail = content === '' ? `'/>` : `${spoken(lang)}'>${content}${ends[kind]}`;
      assertSize(kind, head, tail);
      for (const one of to) into.push(head + escapeAttribute(one) + tail);
    },
  };
}

const spoken = (lang: string | undefined): string => (lang === undefined ? '' : `' xml:lang='${escapeAttribute(lang)}`);

const begins = { message: '<message', presence: '<presence', iq: '<iq' } as const;
const ends = { message: '</message>', presence: '</presence>', iq: '</iq>' } as const;

/** The tag up to the sender; of as few pieces as can be, for each is copied by itself when the stanza is written. */
function opened(kind: Outgoing['kind'], type: string | undefined, id: string | undefined): string {
  const begin = begins[kind];
  if (type === undefined) return id === undefined ? `${begin} from='` : `${begin} id='${escapeAttribute(id)}' from='`;
  const typed = type === 'groupchat' && kind === 'message' ? toRoom : `${begin} type='${escapeAttribute(type)}'`;
  return id === undefined ? `${typed} from='` : `${typed} id='${escapeAttribute(id)}' from='`;
}

const toRoom = "<message type='groupchat'";

/** Most stanzas are for one. */
const isToNobody = (to: Outgoing['to']): boolean =>
  to.length === 1 ? to[0] === '' : to.length === 0 || to.includes('');

/** Whether a JID's domainpart is exactly the domain. */
function isWithin(domain: string, jid: string): boolean {
  const slash = jid.indexOf('/');
  const end = slash === -1 ? jid.length : slash;
  const at = jid.indexOf('@');
  const begin = at !== -1 && at < end ? at + 1 : 0;
  return at !== 0 && end - begin === domain.length && jid.startsWith(domain, begin);
}

/**
 * RFC 6120 §8.2.3: an iq has an id and one of four types, a request has content. An answer has the id of its question, be that empty, or missing where an error says
 * so (GEN-02): servers let the empty one through. A message without content says nothing.
 */
function assertForm(kind: Outgoing['kind'], type: string | undefined, id: string | undefined, empty: boolean): void {
  if (kind === 'iq') {
    const asks = type === 'get' || type === 'set';
    if (asks ? !id : id === undefined && type !== 'error') throw new OutboundBug('iq without id');
    if (!asks && type !== 'result' && type !== 'error') throw new OutboundBug('iq without type');
    if (asks && empty) throw new OutboundBug('empty request');
  }
  if (kind === 'message' && empty) throw new OutboundBug('empty message');
}

/** A JID at its longest is left room for. */
const ROOM = 4 * 1024;

function assertSize(kind: string, head: string, tail: string): void {
  if ((head.length + tail.length) * 3 < MOST_BYTES - ROOM) return;
  const bytes = Buffer.byteLength(head) + Buffer.byteLength(tail) + ROOM;
  if (bytes > MOST_BYTES) throw new OutboundBug(`${kind} of ${bytes} bytes`);
}
