/** Commands on the domain irc.test with IRC's addresses: a decoder, a desk and a small network; what is asked is decoded and answered as in the gateway. */

import { createAddresses } from '../../../../bridges/irc/addresses.ts';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { noArchive } from '../../../../src/accounts/archiving.ts';
import { createPreferences } from '../../../../src/accounts/preferences.ts';
import { createVault } from '../../../../src/accounts/vault.ts';
import type { NetworkCommand } from '../../../../src/bridge/commands.ts';
import type { Session } from '../../../../src/bridge/contract.ts';
import { type AccountId, accountId, chatId, personId } from '../../../../src/core/ids.ts';
import type { SettingsForms, SettingsPlace } from '../../../../src/core/settings.ts';
import { createCatalogue } from '../../../../src/gateway/commands/catalogue.ts';
import type { Deed } from '../../../../src/gateway/commands/deeds-of-operators.ts';
import { createDesk } from '../../../../src/gateway/commands/desk.ts';
import type { Blocked, KnownAccount, Powers, Undelivered } from '../../../../src/gateway/commands/powers.ts';
import { createDecoder, type DecoderOptions } from '../../../../src/gateway/decode/create-decoder.ts';
import type { Asking } from '../../../../src/gateway/face.ts';
import type { Privilege } from '../../../../src/gateway/privileges.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { bodyOf, child, childrenOf, textOf } from '../../../harness/markup.ts';
import { createMemorySettings } from '../../../harness/memory-settings.ts';
import { inbox, noon, stanza } from '../rooms/world.ts';

export const domain = 'irc.test';
export const server = `net.test@${domain}`;
export const channel = `#verona%net.test@${domain}`;
export const contact = `juliet%net.test@${domain}`;
export const me = 'romeo@example.org/phone';
export const admin = 'admin@example.org/desk';
export const ns = 'http://jabber.org/protocol/commands';

export const onServer: SettingsPlace = { level: 'server', on: 'net.test' };
export const inRoom: SettingsPlace = { level: 'room', on: 'net.test', chat: chatId('#verona') };

export const forms: SettingsForms = {
  all: [
    { name: 'record_history', label: 'Keep what is said', type: 'flag', usual: true },
    { name: 'persistent', label: 'Stay', type: 'flag', usual: false },
    { name: 'max_history_length', label: 'History', type: 'number', usual: 20 },
  ],
  server: [
    {
      name: 'nick',
      label: 'Nick',
      help: 'What you are called.',
      type: 'text',
      objection: (value) => (String(value).includes(' ') ? 'No spaces.' : undefined),
    },
    { name: 'pass', label: 'Password', type: 'secret' },
    { name: 'ports', label: 'Ports', type: 'lines', usual: ['6667'] },
    { name: 'max_history_length', label: 'History', type: 'number', usual: 20 },
  ],
  room: [
    {
      name: 'record_history',
      label: 'Keep',
      type: 'choice',
      choices: ['unset', 'true', 'false'].map((value) => ({ value, label: value })),
      usual: 'unset',
    },
    { name: 'persistent', label: 'Stay', type: 'flag', usual: false },
  ],
};

/** Two forms, the second depends on the first; then what was said. */
const order: NetworkCommand = {
  node: 'order',
  title: 'Order a drink',
  help: 'brings something to drink',
  where: ['server', 'gateway'],
  async *run({ set }) {
    const first = yield {
      title: 'Drink',
      fields: [
        {
          name: 'drink',
          label: 'Which drink',
          type: 'choice',
          choices: ['tea', 'poison'].map((value) => ({ value, label: value })),
          required: true,
        },
      ],
      more: true,
    };
    let fault: string | undefined;
    for (;;) {
      const second = yield {
        title: `How much ${first.drink}?`,
        fields: [{ name: 'cups', label: 'Cups', type: 'number', required: true }],
        ...(fault !== undefined && { fault }),
      };
      if (Number(second.cups) < 10) {
        await set({ last_drink: String(first.drink) });
        return { notes: [{ is: 'info', text: `${second.cups} of ${first.drink}` }] };
      }
      fault = 'So much is not there.';
    }
  },
};

export function createCommandWorld(more: Partial<DecoderOptions> = {}, fixedServer?: string) {
  const given: string[] = [];
  const deeds: Deed[] = [];
  const accounts: KnownAccount[] = [];
  const state = {
    session: undefined as Session | undefined,
    now: noon,
    signal: new AbortController().signal,
    refuses: undefined as Error | undefined,
    rooms: [] as string[],
    /** By which localpart their clients are in the rooms, where it is not the usual one. */
    local: undefined as string | undefined,
    /** What is kept of whoever asks. */
    kept: [] as string[],
    banned: [] as string[],
    maintenance: undefined as string | undefined,
    undelivered: [] as Undelivered[],
    privileges: new Map<string, Privilege>(),
    blocked: [] as Blocked[],
    contacts: [] as string[],
    /** Of whom not everything goes, and why. */
    keeps: new Map<string, Error>(),
    published: undefined as { readonly links: readonly string[]; readonly days: number } | undefined,
  };
  const options: DecoderOptions = {
    domain,
    addresses: createAddresses(ircConfig.parse(fixedServer === undefined ? {} : { fixedServer })),
    allow: ['example.org'],
    admins: ['admin@example.org'],
    about: { type: 'irc', name: 'IRC' },
    version: '1.2.3',
    registration: 'none',
    settings: forms,
    commands: [order],
    knowsPeople: true,
    reloads: true,
    startedAt: noon,
    now: () => state.now,
    ...more,
  };
  const settings = createPreferences({
    domain,
    store: createMemorySettings(),
    vault: createVault([new Uint8Array(32)]),
    forms,
    onChange: async (owner, place) => void given.push(`changed ${owner} ${place.level}`),
  });
  const powers: Powers = {
    settings: {
      of: (owner) => settings.of(owner),
      heard: (owner, lang) => settings.heard(owner, lang),
      language: (owner) => settings.language(owner),
      async change(...what) {
        if (state.refuses !== undefined) throw state.refuses;
        await settings.change(...what);
      },
    },
    privileges: () => state.privileges,
    contacts: async () => [
      { person: personId('nurse'), name: 'The Nurse', groups: [], state: 'asked' },
      { person: personId('juliet'), name: 'Juliet C.', groups: ['Verona', 'Friends'], state: 'placed' },
    ],
    deliveries: {
      of: async (owner, max) => {
        const all = state.undelivered.filter(({ account }) => account.startsWith(owner));
        return { waiting: 2, failed: all.length, undelivered: all.slice(0, max) };
      },
      requeue: async ({ key }) => given.push(`requeue ${key}`) > 0,
      drop: async ({ key }) => given.push(`drop ${key}`) > 0,
    },
    personalData: {
      async *lines(owner) {
        yield JSON.stringify({ is: 'export', owner });
        yield* state.kept;
      },
      publish: async () => state.published,
      async erase(owner, reason) {
        given.push(`erase ${owner}: ${reason}`);
        const refused = state.keeps.get(owner);
        if (refused !== undefined) throw refused;
        return state.contacts;
      },
    },
    blocking: {
      of: async () => state.blocked,
      async change(owner, { on, person }, blocked) {
        given.push(`${blocked ? 'block' : 'unblock'} ${owner} ${person} ${on}`);
      },
    },
    accounts: async (owner) => accounts.filter((one) => owner === undefined || one.owner === owner),
    isConnected: () => undefined,
    rooms: async (account) => {
      const on = accounts.find(({ id }) => id === account)?.on;
      return state.rooms.map((name) => ({ chat: chatId(name), local: state.local ?? `${name}%${on}` }));
    },
    present: async () => (state.rooms.length === 0 ? [] : [...new Set(accounts.map(({ owner }) => owner))]),
    disconnect: async (id, reason) => void given.push(`disconnect ${id}: ${reason}`),
    operating: {
      did: (deed) => void deeds.push(deed),
      log: {
        levels: ['debug', 'info'],
        now: () => 'info',
        set: async (level) => void given.push(`log ${level}`),
      },
      maintenance: {
        now: () => state.maintenance,
        async set(words) {
          state.maintenance = words;
        },
      },
    },
    plumbings: {
      list: async () => [],
      add: () => Promise.reject(new Error('nobody plumbs here')),
      remove: async () => undefined,
    },
    bans: {
      list: async () => state.banned,
      ban: async (jids, reason) => void given.push(`ban ${jids.join(' ')}: ${reason}`),
      unban: async (jids) => void given.push(`unban ${jids.join(' ')}`),
    },
    reload: async () => ({ now: ['allow'], later: ['xmpp'] }),
  };
  let ids = 0;
  const life = (): string => `life-of-this-process-${String(ids++).padStart(7, '0')}`;
  const desk = createDesk({
    ...options,
    catalogue: createCatalogue(options),
    powers,
    isAdmin: (owner) => options.admins.includes(owner),
    newId: life,
  });
  const decoder = createDecoder(options);

  /** Everything that is sent back. */
  async function send(markup: string): Promise<readonly Element[]> {
    const sent = stanza(markup);
    const decoded = decoder.decode(sent);
    if (decoded.is === 'answer') return inbox(decoded.stanzas, sent.from.full);
    if (decoded.is !== 'question') return [];
    const { session, signal } = state;
    const { account } = decoded;
    const asking: Asking = {
      account,
      session,
      archive: noArchive,
      desk,
      now: () => state.now,
      signal,
    };
    const told = await decoded.question(asking);
    return told.flatMap((one) => inbox([one], one.to.includes(sent.from.bare) ? sent.from.bare : sent.from.full));
  }
  async function iq(to: string, payload: string, from = me, type = 'set'): Promise<Element> {
    const [answer, ...others] = await send(`<iq type='${type}' id='q' from='${from}' to='${to}'>${payload}</iq>`);
    if (answer === undefined || others.length > 0) throw new Error(`not one answer to ${payload}`);
    return answer;
  }
  return {
    given,
    deeds,
    accounts,
    state,
    desk,
    settings,
    send,
    iq,
    /** A step of a command: attributes of `<command/>` and what stands in it. */
    run: async (to: string, attrs: string, inside = '', from = me) =>
      iq(to, `<command xmlns='${ns}' ${attrs}>${inside}</command>`, from),
    /** A line of chat; what is said to it, '' where it is for the server. */
    async says(text: string, to = domain, from = me): Promise<string> {
      const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
      const [answer] = await send(
        `<message type='chat' id='m' from='${from}' to='${to}'><body>${escaped}</body></message>`,
      );
      return answer === undefined ? '' : (bodyOf(answer) ?? `error`);
    },
    known(owner: string, on: string): AccountId {
      const id = accountId(`${owner}/${on}/${domain}`);
      accounts.push({ id, owner, on });
      return id;
    },
  };
}

export type CommandWorld = ReturnType<typeof createCommandWorld>;

/** What a `<command/>` says: its attributes, its form's fields with their values, its notes. */
export function read(answer: Element) {
  const command = child(answer, 'command', ns);
  const form = child(command, 'x', 'jabber:x:data');
  const fields = childrenOf(form, 'field').map((field): readonly [string, readonly string[]] => [
    field.attrs.var ?? '',
    childrenOf(field, 'value').map(textOf),
  ]);
  return {
    id: command?.attrs.sessionid ?? '',
    status: command?.attrs.status,
    fields: Object.fromEntries(fields),
    types: Object.fromEntries(childrenOf(form, 'field').map(({ attrs }) => [attrs.var, attrs.type])),
    labels: Object.fromEntries(childrenOf(form, 'field').map(({ attrs }) => [attrs.var, attrs.label])),
    notes: childrenOf(command, 'note').map((note) => `${note.attrs.type}: ${textOf(note)}`),
    order: command?.children.map((one) => (typeof one === 'string' ? one : one.name)),
    actions: child(command, 'actions'),
    form,
  };
}

/** A submission of these values. */
export const submit = (values: Readonly<Record<string, string | readonly string[]>>, type = 'submit'): string => {
  const fields = Object.entries(values).map(([name, value]) => {
    const each = (typeof value === 'string' ? [value] : value).map((one) => `<value>${one}</value>`);
    return `<field var='${name}'>${each.join('')}</field>`;
  });
  return `<x xmlns='jabber:x:data' type='${type}'>${fields.join('')}</x>`;
};

/** The child of the error that says more. */
export const detailOf = (answer: Element): string | undefined =>
  child(answer, 'error')?.children.find((one): one is Element => typeof one !== 'string' && one.ns === ns)?.name;
