/** People of the network: searched for by name (XEP-0055), and the address of whoever was typed as the network writes them (XEP-0100 §6). */
import { type PersonId, personId } from '../../core/ids.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type DataForm, type Field, firstValueOf, typedForm, valueField } from '../../xmpp/xep/0004-data-forms.ts';
import { SEARCH, search } from '../../xmpp/xep/0055-search.ts';
import { GATEWAY, gatewayPrompt } from '../../xmpp/xep/0100-gateway.ts';
import { type Texts, textsFor } from '../commands/texts.ts';
import { personJid } from '../contacts/addresses.ts';
import type { Asking } from '../face.ts';
import { addressTyped } from '../rooms/venue.ts';
import { answer, badRequest, deny, result, wordedResult } from './answers.ts';
import type { IqEntry } from './iq.ts';
import { notConnected } from './not-there.ts';
import { type Place, questionAt } from './place.ts';
import type { Scope } from './scope.ts';
import { roomSearch } from './search.ts';

const shownAtMost = 50;
const longestName = 200;

const labelled = (name: string, label: string): Field => ({ ...valueField(name, [], 'text-single'), label });

/** Throws where nobody is connected there. */
async function found(scope: Scope, text: string, { session, signal, account }: Asking, max: number) {
  if (session === undefined) throw notConnected(scope, account.on);
  return (await session.contacts?.find?.(text.slice(0, longestName), max, signal)) ?? [];
}

const jidOf = ({ options }: Scope, { account }: Asking, person: PersonId): string =>
  personJid({ account, addresses: options.addresses, domain: options.domain }, person);

function formFor(rooms: boolean, lang: string | undefined): DataForm {
  const texts = textsFor(lang);
  const roomFields = rooms ? [labelled('name', texts.findRoom), labelled('min_users', texts.findRoomSize)] : [];
  const form = typedForm('form', SEARCH, [labelled('nick', texts.findWho), ...roomFields]);
  return { ...form, title: texts.find, instructions: [texts.findText] };
}

/** One form for people and, where they can be listed, rooms: whoever fills in a person's name searches for people. */
export const peopleSearch = (rooms: boolean): IqEntry<Place> => ({
  ns: SEARCH,
  name: 'query',
  feature: SEARCH,
  get(_, stanza) {
    const form = formFor(rooms, stanza.lang);
    return answer(wordedResult(stanza, search.write({ instructions: textsFor(stanza.lang).findText, form })));
  },
  set(scope, stanza, payload, place) {
    const form = search.read(payload)?.form;
    const nick = form?.type === 'submit' ? (firstValueOf(form, 'nick') ?? '').trim() : '';
    if (nick === '' && rooms && roomSearch.set !== undefined) return roomSearch.set(scope, stanza, payload, place);
    if (form?.type !== 'submit') return answer(badRequest(stanza, 'A search is a submitted form'));
    return questionAt(scope, stanza, place, async (asking) => {
      const people = nick === '' ? [] : await found(scope, nick, asking, shownAtMost);
      const items = people.map(({ person, name }) => ({
        fields: [valueField('nick', [name]), valueField('jid', [jidOf(scope, asking, person)])],
      }));
      const texts = textsFor(stanza.lang);
      const columns = [labelled('nick', texts.findName), { ...valueField('jid', [], 'jid-single'), label: 'JID' }];
      const shown: DataForm = { ...typedForm('result', SEARCH, []), reported: { fields: columns }, items };
      return [wordedResult(stanza, search.write(items.length === 0 ? {} : { form: shown }))];
    });
  },
});

/** An address as it stands, with our domain or with the server; undefined: it is a name. */
function personAt({ options: { addresses, domain } }: Scope, typed: string, { on }: Place): string | undefined {
  const text = addressTyped(typed).toLowerCase();
  const local = text.endsWith(`@${domain}`) ? text.slice(0, -domain.length - 1) : text;
  const address = addresses.parse(local);
  const isWhole = local !== text || on !== undefined;
  return isWhole && address?.is === 'person' && address.on === on
    ? `${addresses.format(address)}@${domain}`
    : undefined;
}

/** The address of what was typed: of whom the network finds by exactly that name, else as it would be written. */
async function addressOf(scope: Scope, typed: string, asking: Asking): Promise<string | undefined> {
  if (asking.session?.contacts?.find !== undefined) {
    const wanted = typed.toLowerCase();
    const all = await found(scope, typed, asking, shownAtMost);
    const exact = all.filter((one) => one.name.toLowerCase() === wanted || one.person.toLowerCase() === wanted);
    const [only, another] = exact.length > 0 ? exact : all;
    return only === undefined || another !== undefined ? undefined : jidOf(scope, asking, only.person);
  }
  // Servers fold what comes as an address: nothing else would reach anybody.
  const jid = jidOf(scope, asking, personId(typed.toLowerCase()));
  return jid.includes('/') ? undefined : jid;
}

/** Nothing that could be somebody's name was typed. */
function notTyped(stanza: Stanza, words: (texts: Texts) => string): Outgoing {
  const texts = textsFor(stanza.lang);
  return deny(stanza, { type: 'modify', condition: 'not-acceptable', text: words(texts), lang: texts.language });
}

function nobody(stanza: Stanza, typed: string): Outgoing {
  const { findNobody, language: lang } = textsFor(stanza.lang);
  return deny(stanza, { type: 'cancel', condition: 'item-not-found', text: findNobody(typed), lang });
}

/** What is typed where a client says "add a contact of this service" (100-70, 100-71). */
export const addressPrompt: IqEntry<Place> = {
  ns: GATEWAY,
  name: 'query',
  feature: GATEWAY,
  get(_, stanza) {
    const texts = textsFor(stanza.lang);
    return answer(wordedResult(stanza, gatewayPrompt.write({ desc: texts.promptText, prompt: texts.findWho })));
  },
  set(scope, stanza, payload, place) {
    const typed = (gatewayPrompt.read(payload)?.prompt ?? '').trim().slice(0, longestName);
    if (typed === '') return answer(notTyped(stanza, ({ promptText }) => promptText));
    return questionAt(scope, stanza, place, async (asking) => {
      const jid = personAt(scope, typed, place) ?? (await addressOf(scope, typed, asking));
      if (jid === undefined) return [nobody(stanza, typed)];
      return [result(stanza, gatewayPrompt.write({ jid }))];
    });
  },
};

/** "juliet%server" as it stands, or as people write it: with our domain, with a space or an "@" before the server. */
function personTyped({ options: { addresses, domain } }: Scope, typed: string): string | undefined {
  const text = typed.toLowerCase();
  const local = text.endsWith(`@${domain}`) ? text.slice(0, -domain.length - 1) : text;
  const address = addresses.parse(local.replace(/^([^%\s]+)(?:\s+|@)(?=[^%@\s]+$)/, '$1%'));
  const isSomebody = address?.is === 'person' && address.on !== undefined && addresses.refuse?.(address) === undefined;
  return isSomebody ? `${addresses.format(address)}@${domain}` : undefined;
}

/** The same at a domain of many servers: whoever is meant is named with theirs. */
export const serversPrompt: IqEntry = {
  ns: GATEWAY,
  name: 'query',
  feature: GATEWAY,
  get({ options }, stanza) {
    const texts = textsFor(stanza.lang);
    const desc = texts.promptServers(options.addresses.format(somebody));
    return answer(wordedResult(stanza, gatewayPrompt.write({ desc, prompt: texts.findWho })));
  },
  set(scope, stanza, payload) {
    const jid = personTyped(scope, (gatewayPrompt.read(payload)?.prompt ?? '').trim().slice(0, longestName));
    if (jid !== undefined) return answer(result(stanza, gatewayPrompt.write({ jid })));
    const example = scope.options.addresses.format(somebody);
    return answer(notTyped(stanza, ({ promptServers }) => promptServers(example)));
  },
};

const somebody = { is: 'person', id: personId('nick'), on: 'irc.example.org' } as const;
