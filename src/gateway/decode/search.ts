/** Searching a network's rooms: XEP-0055 by name and size, and XEP-0433. */
import type { Element } from '../../xml/element.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import {
  booleanOf,
  type DataForm,
  type Field,
  firstValueOf,
  typedForm,
  valueField,
  valuesOf,
} from '../../xmpp/xep/0004-data-forms.ts';
import { SEARCH, search } from '../../xmpp/xep/0055-search.ts';
import {
  CHANNEL_SEARCH,
  channelResult,
  channelSearch,
  ORDER,
  SEARCH_PARAMS,
} from '../../xmpp/xep/0433-channel-search.ts';
import { pageOf } from '../paging.ts';
import { formIn } from '../translation.ts';
import { answer, badRequest, deny, result, wordedResult } from './answers.ts';
import { type Channel, channelsOf } from './channels.ts';
import type { IqEntry } from './iq.ts';
import { type Place, questionAt } from './place.ts';

/** How many rooms the older search shows: it has no pages. */
const shownAtMost = 100;
/** Of a room of which the network does not say how many people are in it: the form of the newer search comes with this as the least. */
const unsaid = 1;
const longestMask = 200;

const labelled = (field: Field, label: string): Field => ({ ...field, label });
const bySize = (a: Channel, b: Channel): number => (b.size ?? 0) - (a.size ?? 0) || (a.jid < b.jid ? -1 : 1);

/** `*` and `?` as people know them; without either the text may stand anywhere. Linear in what is looked at, whatever the mask. */
export function matcherOf(mask: string): (name: string) => boolean {
  const wanted = mask.slice(0, longestMask).toLowerCase();
  if (!/[*?]/.test(wanted)) return (name) => name.toLowerCase().includes(wanted);
  return (name) => globs(wanted, name.toLowerCase());
}

/** Goes back to the last star only, so that no mask makes it slow. */
function globs(mask: string, text: string): boolean {
  let [m, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (mask[m] === '*') {
      star = m++;
      mark = t;
    } else if (m < mask.length && (mask[m] === '?' || mask[m] === text[t])) {
      m++;
      t++;
    } else if (star >= 0) {
      m = star + 1;
      t = ++mark;
    } else return false;
  }
  while (mask[m] === '*') m++;
  return m === mask.length;
}

const wholeIn = (form: DataForm, name: string): number => {
  const text = firstValueOf(form, name)?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
};

// ── XEP-0055 ─────────────────────────────────────────────────────────────────

const searchForm: DataForm = {
  ...typedForm('form', SEARCH, [
    labelled(valueField('name', [], 'text-single'), 'Name'),
    labelled(valueField('min_users', [], 'text-single'), 'At least so many people'),
  ]),
  title: 'Search rooms',
  instructions: ['Fill in part of a name, or a mask with * and ?, to find rooms of this network.'],
};
const columns: readonly Field[] = [
  labelled(valueField('name', [], 'text-single'), 'Name'),
  labelled(valueField('nusers', [], 'text-single'), 'People'),
  labelled(valueField('jid', [], 'jid-single'), 'Address'),
];

function resultForm(channels: readonly Channel[]): DataForm {
  const items = channels.map(({ jid, name, size }) => ({
    fields: [
      valueField('name', [name]),
      valueField('nusers', size === undefined ? [] : [String(size)]),
      valueField('jid', [jid]),
    ],
  }));
  return { ...typedForm('result', SEARCH, []), reported: { fields: columns }, items };
}

/** No match is an empty query (055-01). */
export const roomSearch: IqEntry<Place> = {
  ns: SEARCH,
  name: 'query',
  feature: SEARCH,
  get(_, stanza) {
    const form = formIn(searchForm, stanza.lang);
    return answer(wordedResult(stanza, search.write({ instructions: form.instructions.join('\n'), form })));
  },
  set(scope, stanza, payload, place) {
    const form = search.read(payload)?.form;
    if (form?.type !== 'submit') return answer(badRequest(stanza, 'A search is a submitted form'));
    const matches = matcherOf(firstValueOf(form, 'name') ?? '');
    const least = wholeIn(form, 'min_users');
    return questionAt(scope, stanza, place, async (asking) => {
      const all = await channelsOf(scope, place, asking);
      const found = all.filter(({ name, size = unsaid }) => size >= least && matches(name)).sort(bySize);
      const shown = found.slice(0, shownAtMost);
      return [
        wordedResult(stanza, search.write(shown.length === 0 ? {} : { form: formIn(resultForm(shown), stanza.lang) })),
      ];
    });
  },
};

// ── XEP-0433 ─────────────────────────────────────────────────────────────────

const byUsers = `{${ORDER}}nusers`;
const byAddress = `{${ORDER}}address`;
const choice = (label: string, value: string) => ({ label, values: [value] });

const extendedForm: DataForm = typedForm('form', SEARCH_PARAMS, [
  labelled(valueField('q', [], 'text-single'), 'Search for'),
  labelled(valueField('all', ['false'], 'boolean'), 'Return all rooms'),
  labelled(valueField('sinname', ['true'], 'boolean'), 'Search in name'),
  labelled(valueField('sindescription', ['true'], 'boolean'), 'Search in description'),
  labelled(valueField('sinaddress', ['true'], 'boolean'), 'Search in address'),
  labelled(valueField('min_users', [String(unsaid)], 'text-single'), 'At least so many people'),
  {
    ...labelled(valueField('types', ['xep-0045'], 'list-multi'), 'Kinds of rooms'),
    options: [choice('XEP-0045 Multi-User Chat', 'xep-0045')],
  },
  {
    ...labelled(valueField('key', [byUsers], 'list-single'), 'Order'),
    options: [choice('Number of people', byUsers), choice('Address', byAddress)],
  },
]);

const fault = (name: 'sort' | 'terms' | 'none' | 'fields'): Xml => {
  if (name === 'sort') return xml`<invalid-sort-key xmlns='urn:xmpp:channel-search:0:error'/>`;
  if (name === 'terms') return xml`<invalid-search-terms xmlns='urn:xmpp:channel-search:0:error'/>`;
  if (name === 'none') return xml`<no-search-conditions xmlns='urn:xmpp:channel-search:0:error'/>`;
  return xml`<conflicting-fields xmlns='urn:xmpp:channel-search:0:error'><var>all</var><var>q</var></conflicting-fields>`;
};

const wrong = (stanza: Stanza, condition: string, detail: Xml, text: string): Outgoing =>
  deny(stanza, { type: 'modify', condition, text }, detail);

/** What is asked that can't be answered (§4.2.2). */
function objection(stanza: Stanza, form: DataForm): Outgoing | undefined {
  const key = firstValueOf(form, 'key') ?? byUsers;
  const q = firstValueOf(form, 'q');
  const all = booleanOf(form, 'all') === true;
  if (key !== byUsers && key !== byAddress) {
    return wrong(stanza, 'feature-not-implemented', fault('sort'), 'Rooms are ordered by people or by address');
  }
  if (all && q !== undefined && q !== '') {
    return wrong(stanza, 'bad-request', fault('fields'), 'Either all rooms, or those that match');
  }
  if (!all && q === undefined) return wrong(stanza, 'bad-request', fault('none'), 'Say what to search for');
  if (!all && q?.trim() === '') return wrong(stanza, 'bad-request', fault('terms'), 'The search text is empty');
  return undefined;
}

/** Every word must be found. */
function selected(channels: readonly Channel[], form: DataForm): readonly Channel[] {
  const types = valuesOf(form, 'types');
  if (types !== undefined && !types.includes('xep-0045')) return [];
  const least = wholeIn(form, 'min_users');
  const words = (firstValueOf(form, 'q') ?? '')
    .slice(0, longestMask)
    .split(/\s+/)
    .filter((word) => word !== '');
  const tests = words.map(matcherOf);
  const inName = booleanOf(form, 'sinname') !== false;
  const inAddress = booleanOf(form, 'sinaddress') !== false;
  const found = channels.filter(({ jid, name, size = unsaid }) => {
    const matches = (test: (text: string) => boolean) => (inName && test(name)) || (inAddress && test(jid));
    return size >= least && tests.every(matches);
  });
  const byJid = (a: Channel, b: Channel): number => (a.jid < b.jid ? -1 : 1);
  return found.sort(firstValueOf(form, 'key') === byAddress ? byJid : bySize);
}

const ask: NonNullable<IqEntry<Place>['get']> = (scope, stanza, payload: Element, place) => {
  const asked = channelSearch.read(payload);
  if (asked === undefined) return answer(badRequest(stanza));
  const { form, set: page } = asked;
  if (form === undefined)
    return answer(wordedResult(stanza, channelSearch.write({ form: formIn(extendedForm, stanza.lang) })));
  const objected = objection(stanza, form);
  if (objected !== undefined) return answer(objected);
  return questionAt(scope, stanza, place, async (asking) => {
    const found = selected(await channelsOf(scope, place, asking), form);
    const { items, set } = pageOf(found, ({ jid }) => jid, page);
    const shown = items.map(({ jid, name, size }) => ({
      address: jid,
      name,
      ...(size !== undefined && { nusers: size }),
      serviceType: 'xep-0045',
    }));
    return [result(stanza, channelResult.write({ items: shown, set }))];
  });
};

/** Asked by get as the XEP has it; a set is the same question. */
export const extendedSearch: IqEntry<Place> = {
  ns: CHANNEL_SEARCH,
  name: 'search',
  feature: CHANNEL_SEARCH,
  get: ask,
  set: ask,
};
