/** Our parser in the shape that the library expects of its own: it sees the header and the handshake, and nothing that comes after them. */
import { EventEmitter } from 'node:events';
import { xml } from '@xmpp/component';
import type { Element } from '../../xml/element.ts';
import { createParser, type XmlError } from '../../xml/parser.ts';
import { child, children, textOf } from '../../xml/query.ts';

const STREAM_NS = 'http://etherx.jabber.org/streams';
const CONTENT_NS = 'jabber:component:accept';
const ERROR_NS = 'urn:ietf:params:xml:ns:xmpp-streams';

/** What the other side says on a link. None of it may throw. */
export interface IntakeEvents {
  stanza(element: Element): void;
  oversized(root: Element): void;
  /** RFC 6120 §4.9: the peer ends the stream for this reason. `host`: of see-other-host. */
  streamError(condition: string, text: string, host: string): void;
  /** What we received is no stream of XEP-0114. */
  malformed(reason: string): void;
  /** The peer has closed its stream. */
  ended(): void;
}

/** Made by the library, once a link. Emits `start`, `element` and `end` for it. */
export class Intake extends EventEmitter {
  readonly #parser;
  #awaitsHandshake = true;

  constructor(events: IntakeEvents) {
    super();
    this.#parser = createParser({
      start: (root, content) => this.#start(root, content, events),
      element: (element) => this.#element(element, events),
      oversized: (root) => (this.#awaitsHandshake ? undefined : events.oversized(root)),
      end: () => {
        this.emit('end');
        events.ended();
      },
      error: (error: XmlError) => events.malformed(`${error.condition}: ${error.message}`),
    });
  }

  write(text: string): void {
    this.#parser.feed(text);
  }

  close(): void {
    this.#parser.close();
  }

  #start(root: Element, content: string, events: IntakeEvents): void {
    const id = root.attrs.id;
    if (root.name !== 'stream' || root.ns !== STREAM_NS || content !== CONTENT_NS) {
      events.malformed('no component stream');
      return;
    }
    // Without an id there is an error to come (Prosody's answer to a header that it refuses has one, others' may not).
    if (id === undefined) return;
    // The library hashes by Latin-1 what XEP-0114 §3 wants hashed by UTF-8.
    this.emit('start', xml('stream', { id: Buffer.from(id, 'utf8').toString('latin1') }));
  }

  #element(element: Element, events: IntakeEvents): void {
    if (element.name === 'error' && element.ns === STREAM_NS) {
      told(element, events);
      return;
    }
    if (element.name === 'handshake' && this.#awaitsHandshake) {
      this.#awaitsHandshake = false;
      this.emit('element', xml('handshake', {}));
      return;
    }
    if (this.#awaitsHandshake) return;
    const { name } = element;
    if (name === 'message' || name === 'presence' || name === 'iq') events.stanza(element);
  }
}

function told(error: Element, events: IntakeEvents): void {
  const text = child(error, 'text', ERROR_NS);
  const condition = children(error, undefined, ERROR_NS).find((one) => one !== text);
  const name = condition?.name ?? 'undefined-condition';
  const host = condition === undefined || name !== 'see-other-host' ? '' : textOf(condition).trim();
  events.streamError(name, text === undefined ? '' : textOf(text).trim(), host);
}
