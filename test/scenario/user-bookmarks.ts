/** Bookmarks on the scenario's server, and requests that the component makes in its users' names: as Prosody answers them (CHECKLIST 356-40, 402-01). */
import type { Element } from '../../src/xml/element.ts';
import { write } from '../../src/xml/writer.ts';
import { child } from '../harness/markup.ts';

const PUBSUB = 'http://jabber.org/protocol/pubsub';
const stanzas = 'urn:ietf:params:xml:ns:xmpp-stanzas';

export class UserBookmarks {
  /** Owner → room → what stands there. */
  readonly rooms = new Map<string, Map<string, string>>();
  /** The options of what was published last. */
  options: Element | undefined;
  /** Publishing fails so from now on. */
  fails: string | undefined;

  of(owner: string): Map<string, string> {
    const found = this.rooms.get(owner) ?? new Map<string, string>();
    this.rooms.set(owner, found);
    return found;
  }

  /** The answer to such a request; undefined: it is none. */
  answer(iq: Element, owner: string, isGranted: boolean): string | undefined {
    const asked = child(child(iq, 'privileged_iq', 'urn:xmpp:privilege:2'), 'iq', 'jabber:client');
    if (iq.name !== 'iq' || asked === undefined) return undefined;
    const { id } = iq.attrs;
    const error = (condition: string): string => `<error type='cancel'><${condition} xmlns='${stanzas}'/></error>`;
    if (!isGranted || asked.attrs.id === undefined || asked.attrs.type !== iq.attrs.type)
      return `<iq type='error' id='${id}' to='net.test'>${error('forbidden')}</iq>`;
    const inside = this.#inside(child(asked, 'pubsub', PUBSUB), owner);
    const type = inside.condition === undefined ? 'result' : 'error';
    const content = inside.condition === undefined ? inside.content : error(inside.condition);
    return `<iq type='result' id='${id}' to='net.test'><privilege xmlns='urn:xmpp:privilege:2'><forwarded xmlns='urn:xmpp:forward:0'><iq xmlns='jabber:client' type='${type}' id='${asked.attrs.id}'>${content}</iq></forwarded></privilege></iq>`;
  }

  #inside(pubsub: Element | undefined, owner: string): { readonly condition?: string; readonly content: string } {
    const list = this.of(owner);
    const around = child(pubsub, 'items') ?? child(pubsub, 'publish') ?? child(pubsub, 'retract');
    const item = child(around, 'item');
    const jid = item?.attrs.id ?? '';
    if (child(pubsub, 'retract') !== undefined)
      return { content: '', ...(!list.delete(jid) && { condition: 'item-not-found' }) };
    if (child(pubsub, 'publish') !== undefined) {
      if (this.fails !== undefined) return { condition: this.fails, content: '' };
      const conference = child(item, 'conference', 'urn:xmpp:bookmarks:1');
      this.options = child(pubsub, 'publish-options');
      if (conference !== undefined) list.set(jid, write(conference).text);
      return { content: '' };
    }
    if (list.size === 0) return { condition: 'item-not-found', content: '' };
    const found = list.get(jid);
    const items = found === undefined ? '' : `<item id='${jid}'>${found}</item>`;
    return {
      content: `<pubsub xmlns='${PUBSUB}'><items node='urn:xmpp:bookmarks:1'>${items}</items></pubsub>`,
    };
  }
}
