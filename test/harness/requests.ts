/** What clients ask of rooms, people and the gateway, beyond joining and talking: forms, lists, commands, archives. */
import type { Element } from '../../src/xml/element.ts';
import { child, childrenOf, textOf } from './markup.ts';
import type { JabberPerson } from './stage.ts';

const muc = 'http://jabber.org/protocol/muc';
const commands = 'http://jabber.org/protocol/commands';
const discoItems = 'http://jabber.org/protocol/disco#items';
const discoInfo = 'http://jabber.org/protocol/disco#info';

/** A form's fields: name → values. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** The fields that a form shows. */
export function fieldsOf(parent: Element | undefined): Readonly<Record<string, readonly string[]>> {
  const form = child(parent, 'x', 'jabber:x:data') ?? parent;
  return Object.fromEntries(
    childrenOf(form, 'field').map((field) => [field.attrs.var ?? '', childrenOf(field, 'value').map(textOf)]),
  );
}

/** A form that is sent back. */
export function submit(fields: Fields): string {
  const all = Object.entries(fields).map(([name, value]) => {
    const values = typeof value === 'string' ? [value] : value;
    return `<field var='${name}'>${values.map((one) => `<value>${one}</value>`).join('')}</field>`;
  });
  return `<x xmlns='jabber:x:data' type='submit'>${all.join('')}</x>`;
}

/** The query of a muc#admin request, and its answer. */
export const administers = (
  person: JabberPerson,
  room: string,
  items: string,
  type: 'get' | 'set' = 'set',
): Promise<Element> =>
  person.client.ask(`<iq type='${type}' to='${room}'><query xmlns='${muc}#admin'>${items}</query></iq>`);

/** The configuration form of a room. */
export const reads = async (person: JabberPerson, room: string): Promise<Element> =>
  person.client.ask(`<iq type='get' to='${room}'><query xmlns='${muc}#owner'/></iq>`);

/** Some fields of it changed, by their short names. */
export const configures = (person: JabberPerson, room: string, fields: Fields): Promise<Element> => {
  const long = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`muc#roomconfig_${name}`, value]));
  const form = submit({ FORM_TYPE: `${muc}#roomconfig`, ...long });
  return person.client.ask(`<iq type='set' to='${room}'><query xmlns='${muc}#owner'>${form}</query></iq>`);
};

/** One step of an ad-hoc command: its answer's iq. */
export const executes = (person: JabberPerson, to: string, attrs: string, form = ''): Promise<Element> =>
  person.client.ask(`<iq type='set' to='${to}'><command xmlns='${commands}' ${attrs}>${form}</command></iq>`, 20_000);

/** A command of one form, begun and filled; the `<command/>` at its end. */
export async function fills(
  person: JabberPerson,
  to: string,
  node: string,
  fields: Fields,
): Promise<Element | undefined> {
  const begun = child(await executes(person, to, `node='${node}' action='execute'`), 'command');
  const session = begun?.attrs.sessionid ?? '';
  return child(
    await executes(person, to, `node='${node}' sessionid='${session}' action='complete'`, submit(fields)),
    'command',
  );
}

/** The items of a list, and the result set behind it. */
export async function items(
  person: JabberPerson,
  to: string,
  inside = '',
  node = '',
): Promise<{ readonly answer: Element; readonly items: readonly Element[]; readonly set: Element | undefined }> {
  const attr = node === '' ? '' : ` node='${node}'`;
  const answer = await person.client.ask(
    `<iq type='get' to='${to}'><query xmlns='${discoItems}'${attr}>${inside}</query></iq>`,
    20_000,
  );
  const query = child(answer, 'query');
  return { answer, items: childrenOf(query, 'item'), set: child(query, 'set') };
}

/** The features that an address announces. */
export async function features(person: JabberPerson, to: string): Promise<readonly string[]> {
  const answer = await person.client.ask(`<iq type='get' to='${to}'><query xmlns='${discoInfo}'/></iq>`);
  return childrenOf(child(answer, 'query'), 'feature').map(({ attrs }) => attrs.var ?? '');
}

export interface Page {
  readonly answer: Element;
  /** Archive ids, in order. */
  readonly ids: readonly string[];
  /** The forwarded messages. */
  readonly messages: readonly Element[];
  readonly isComplete: boolean;
}

/** One page of a room's archive. */
export async function archive(person: JabberPerson, room: string, fields: Fields = {}, rest = ''): Promise<Page> {
  const since = person.client.inbox.all.length;
  const form = submit({ FORM_TYPE: 'urn:xmpp:mam:2', ...fields });
  const answer = await person.client.ask(
    `<iq type='set' to='${room}'><query xmlns='urn:xmpp:mam:2' queryid='q${since}'>${form}${rest}</query></iq>`,
  );
  const results = person.client
    .seen(`<message from='${room}'><result xmlns='urn:xmpp:mam:2' queryid='q${since}'/></message>`, since)
    .map((message) => child(message, 'result'));
  return {
    answer,
    ids: results.map((result) => result?.attrs.id ?? ''),
    messages: results.flatMap((result) => child(child(result, 'forwarded'), 'message') ?? []),
    isComplete: child(answer, 'fin')?.attrs.complete === 'true',
  };
}

/** A result set's wishes. */
export const rsm = (inside: string): string => `<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`;
