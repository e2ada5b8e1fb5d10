/** What the gateway keeps of a user, for that user: told whole, and to nobody else. */
import { describe, expect } from 'vitest';
import { accountId, chatId } from '../../src/core/ids.ts';
import { createUploadStore } from '../../src/storage/sql/upload-store.ts';
import type { Element } from '../../src/xml/element.ts';
import { bodyOf, child, childrenOf, textOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const domain = 'net.test';
const ns = 'http://jabber.org/protocol/commands';
const uploads = { days: 7, perUser: 3, megabytes: 1 };

async function runs(client: Client, node: string): Promise<Element | undefined> {
  client.ignores();
  await client.sends(`<iq type='set' id='c' to='${domain}'><command xmlns='${ns}' node='${node}'/></iq>`);
  return child(
    client.queue.findLast(({ name }) => name === 'iq'),
    'command',
    ns,
  );
}

async function says(client: Client, text: string): Promise<string> {
  client.ignores();
  await client.sends(`<message type='chat' id='m' to='${domain}'><body>${text}</body></message>`);
  const answer = client.queue.findLast(({ name, attrs }) => name === 'message' && attrs.from === domain);
  return answer === undefined ? '' : (bodyOf(answer) ?? '');
}

const facts = (command: Element | undefined): readonly string[] =>
  childrenOf(child(command, 'x', 'jabber:x:data'), 'field').flatMap((field) => childrenOf(field, 'value').map(textOf));

type Records = readonly Readonly<Record<string, unknown>>[];
const parsed = (lines: readonly string[]): Records => lines.map((line) => JSON.parse(line));
const kinds = (records: Records): readonly unknown[] => [...new Set(records.map(({ is }) => is))];

/** Something of every kind. */
async function leavesTraces(stage: Stage, client: Client): Promise<void> {
  const nurse = await stage.inhabitant('nurse', '#verona');
  await client.joins(verona, client.bare.split('@')[0] ?? '');
  await says(client, 'configure pass hunter2');
  await says(client, 'configure nick montague');
  await client.sends(`<presence type='subscribe' id='s' to='juliet@${domain}'/>`);
  await client.says(verona, 'But soft');
  await nurse.says('#verona', 'Anon!');
  client.ignores();
}

describe('export-my-data', () => {
  scenario(
    'in the answer: accounts, rooms, contacts, settings and the archive; secrets are only said to be set',
    async (stage) => {
      const romeo = stage.client();
      await leavesTraces(stage, romeo);
      await stage.client('paris').joins(verona, 'paris');
      const records = parsed(facts(await runs(romeo, 'export-my-data')));
      expect(kinds(records)).toEqual(['export', 'setting', 'account', 'membership', 'contact', 'listed', 'archived']);
      expect(records).toContainEqual({ is: 'setting', on: '', chat: '', name: 'pass', value: '(set)' });
      expect(records).toContainEqual({ is: 'contact', person: 'juliet' });
      expect(records).toContainEqual(expect.objectContaining({ is: 'listed', person: 'juliet', state: 'placed' }));
      expect(records.filter(({ is }) => is === 'archived').map(({ body }) => String(body))).toEqual(
        expect.arrayContaining([expect.stringContaining('But soft'), expect.stringContaining('Anon!')]),
      );
      const all = JSON.stringify(records);
      expect(all).not.toContain('hunter2');
      expect(all).not.toContain('paris@test');
      expect(await says(romeo, 'export-my-data')).toContain('"is":"archived"');
    },
  );

  scenario(
    'by a link, where there are such: it is whole, each run makes the one before lead nowhere, and it is in no later export',
    async (stage) => {
      const romeo = stage.client();
      await leavesTraces(stage, romeo);
      const store = createUploadStore(stage.gateway.database);
      const [first = ''] = facts(await runs(romeo, 'export-my-data'));
      expect(first.slice(0, -24)).toBe('https://gateway.test/uploads/');
      await stage.passes(1);
      const [second = ''] = facts(await runs(romeo, 'export-my-data'));
      expect(second).not.toBe(first);
      expect(await store.find(first.slice(-24))).toBeUndefined();
      const text = (await store.find(second.slice(-24))) ?? '';
      expect(text.endsWith('\n')).toBe(true);
      const records = parsed(text.trimEnd().split('\n'));
      expect(kinds(records)).toEqual(['export', 'setting', 'account', 'membership', 'contact', 'listed', 'archived']);
      expect(text).not.toContain('hunter2');
    },
    { uploads },
  );

  scenario(
    'long messages that are read by a link are in it; where there is no room for one more text, it comes in the answer',
    async (stage) => {
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      for (const n of [1, 2, 3]) await romeo.says(verona, `${n}\nwhat light\nthrough`, `m${n}`);
      const records = parsed(facts(await runs(romeo, 'export-my-data')));
      expect(records.flatMap(({ is, text }) => (is === 'upload' ? [text] : [])).sort()).toEqual(
        [1, 2, 3].map((n) => `${n}\nwhat light\nthrough`),
      );
      expect(await stage.gateway.database.db.selectFrom('uploads').select('kind').execute()).toEqual(
        Array.from({ length: 3 }, () => ({ kind: null })),
      );
    },
    { uploads, options: { maxLines: 2 } },
  );

  scenario('what waits and what could not be delivered is in it', async (stage) => {
    const romeo = stage.client();
    const { outbox } = stage.gateway.memory;
    const account = accountId('romeo@test//net.test');
    const accepts = (chat: string) => {
      const origin = {
        from: romeo.jid,
        to: `${chat}@${domain}/romeo`,
        via: 'presence',
        at: stage.clock.now(),
      } as const;
      const intent = { kind: 'join', chat: chatId(chat), nick: 'romeo', password: 'sesame' } as const;
      return outbox.append(account, { intent, origin }, undefined, { account: 10 });
    };
    const died = await accepts('#mantua');
    if (died.is === 'new') await outbox.settle(account, 99, [{ key: died.key, dead: 'timed-out' }]);
    await accepts('#capulet');
    const records = parsed(facts(await runs(romeo, 'export-my-data')));
    expect(records.slice(-2)).toMatchObject([
      { is: 'waiting', intent: { kind: 'join', chat: '#capulet', password: '(set)' } },
      { is: 'dead-letter', reason: 'timed-out', intent: { chat: '#mantua', password: '(set)' } },
    ]);
  });
});

/** Every text that lies in any table. */
async function everything({ gateway: { database } }: Stage): Promise<string> {
  const tables = ['accounts', 'memberships', 'contacts', 'settings', 'uploads', 'chats', 'archive'] as const;
  return JSON.stringify(await Promise.all(tables.map((table) => database.db.selectFrom(table).selectAll().execute())));
}

async function deletes(client: Client): Promise<void> {
  const id = (await runs(client, 'delete-my-data'))?.attrs.sessionid;
  client.ignores();
  await client.sends(
    `<iq type='set' id='d' to='${domain}'><command xmlns='${ns}' node='delete-my-data' sessionid='${id}' action='complete'><x xmlns='jabber:x:data' type='submit'><field var='confirm'><value>1</value></field></x></command></iq>`,
  );
}

describe('delete-my-data', () => {
  scenario(
    '100-40 100-41 out of every room, off the network, then the answer and the farewells; nothing is left, and others keep theirs',
    async (stage) => {
      const romeo = stage.client();
      await leavesTraces(stage, romeo);
      await romeo.says(verona, 'far\ntoo\nlong', 'm9');
      await runs(romeo, 'export-my-data');
      const paris = stage.client('paris');
      await paris.joins(verona, 'paris');
      await says(paris, 'configure nick count');
      await paris.sends(`<presence type='subscribe' id='s' to='juliet@${domain}'/>`);
      expect(await everything(stage)).toContain('romeo@test');

      await deletes(romeo);
      await stage.passes(3);
      const contact = `juliet@${domain}`;
      romeo.gets(
        `<presence type='unavailable' from='${verona}/montague'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status code='333'/></x></presence>`,
        `<iq type='result'><command xmlns='${ns}' status='completed'><note type='info'/></command></iq>`,
        ...[contact, domain].flatMap((from) => [
          `<presence type='unavailable' from='${present(from)}'/>`,
          `<presence type='unsubscribe' from='${from}'/>`,
          `<presence type='unsubscribed' from='${from}'/>`,
        ]),
      );
      expect(stage.members('#verona')).toEqual(['nurse', 'count']);
      const { memory } = stage.gateway;
      expect([await memory.outbox.ids('romeo@test/', ''), await stage.waiting()]).toEqual([[], 0]);
      const left = await everything(stage);
      for (const trace of ['romeo@test', 'hunter2', 'montague', 'too long', 'too\\nlong'])
        expect(left).not.toContain(trace);
      for (const kept of ['paris@test', 'count', 'juliet']) expect(left).toContain(kept);
      expect(await stage.accounts()).toEqual({ running: 1, stored: 1 });
    },
    { uploads, options: { maxLines: 2 } },
  );

  scenario('a restart brings nothing back, and who comes again begins anew', async (stage) => {
    const romeo = stage.client();
    await leavesTraces(stage, romeo);
    await deletes(romeo);
    await stage.restarts();
    expect(stage.members('#verona')).toEqual(['nurse']);
    await romeo.joins(verona, 'romeo');
    expect(stage.members('#verona')).toEqual(['nurse', 'romeo']);
    const records = parsed(facts(await runs(romeo, 'export-my-data')));
    expect(kinds(records)).toEqual(['export', 'account', 'membership']);
  });

  scenario(
    'what was said a moment ago, and what could not be delivered, is deleted with the rest; by chat as well',
    async (stage) => {
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      await romeo.says(verona, 'parting is such sweet sorrow');
      await stage.whileHeld('send', async () => {
        await romeo.says(verona, 'still on its way', 'm2');
        expect(await says(romeo, 'delete-my-data yes')).toBe('');
        await stage.passes(4);
      });
      await stage.passes(5);
      expect(await everything(stage)).not.toContain('romeo');
      expect(await stage.gateway.memory.outbox.ids('', '')).toEqual([]);
    },
  );

  scenario('what takes longer than an answer may is told to go on, and then to be done', async (stage) => {
    const deleted = 'You left, and everything was deleted. Coming into a room again begins anew.';
    const [romeo, paris] = [stage.client(), stage.client('paris')];
    for (const client of [romeo, paris]) await client.joins(verona, client.bare.split('@')[0] ?? '');
    await stage.whileHeld('end', async () => {
      await deletes(romeo);
      expect(await says(paris, 'delete-my-data yes')).toBe('');
      for (const client of [romeo, paris]) client.ignores();
      await stage.passes(60);
      const goesOn = 'This takes its time, and goes on. You are told when it is done.';
      romeo.gets(
        `<iq type='result'><command xmlns='${ns}' status='completed'><note type='info'>${goesOn}</note></command></iq>`,
      );
      paris.gets(`<message type='chat' from='${domain}'><body>${goesOn}</body></message>`);
      await stage.passes(600);
    });
    for (const client of [romeo, paris])
      client.gets(
        `<message type='chat' from='${domain}'><body>${deleted}</body></message>`,
        ...['unavailable', 'unsubscribe', 'unsubscribed'].map((type) => `<presence type='${type}'/>`),
      );
    expect(await everything(stage)).not.toContain('romeo');
  });
});
