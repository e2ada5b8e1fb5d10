/** Messages that are too long for the network: their beginning and a link there, the whole of them in the room. */
import { describe, expect } from 'vitest';
import type { FileLink, NetworkEvent } from '../../src/bridge/index.ts';
import { createUploadStore } from '../../src/storage/sql/upload-store.ts';
import { child, textOf } from '../harness/markup.ts';
import { correction, nameOf, retraction } from './deed-lines.ts';
import { failed, said } from './lines.ts';
import { type NetworkPerson, type Stage, scenario, verona } from './stage.ts';

const poem = 'But soft,\nwhat light\nthrough yonder window breaks?';
const uploads = { days: 30, perUser: 2, megabytes: 1 };
const options = { maxLines: 2 };

async function pair(stage: Stage) {
  const juliet = await stage.inhabitant('juliet', '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  return { romeo, juliet };
}

const kept = (stage: Stage, file: FileLink | undefined): Promise<string | undefined> =>
  createUploadStore(stage.gateway.database).find(file?.url.slice(-24) ?? '');

const filesOf = ({ events }: NetworkPerson): readonly FileLink[] =>
  events.flatMap((event: NetworkEvent) => (event.kind === 'message' ? (event.content.files ?? []) : []));

describe('a message of too many lines', () => {
  scenario(
    'the network has its beginning and a link, the room the whole of it, in order, whatever is said behind it',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.sends(
        ...[poem, 'behind it'].map(
          (text, n) => `<message type='groupchat' id='m${n}' to='${verona}'><body>${text}</body></message>`,
        ),
      );
      romeo.gets(said('romeo', poem, 'm0'), said('romeo', 'behind it', 'm1'));
      expect(juliet.heard).toEqual(['romeo: But soft, …', 'romeo: behind it']);
      const [file, ...more] = filesOf(juliet);
      expect(more).toEqual([]);
      expect(file).toMatchObject({ name: 'message.txt', type: 'text/plain', size: poem.length });
      expect(file?.url.slice(0, -24)).toBe('https://gateway.test/uploads/');
      expect(await createUploadStore(stage.gateway.database).find(file?.url.slice(-24) ?? '')).toBe(poem);
    },
    { options, uploads },
  );

  scenario(
    'where there is no room for more, it is refused as before',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      for (const n of [1, 2]) await romeo.says(verona, `${n}\n${poem}`, `m${n}`);
      romeo.gets(said('romeo', `1\n${poem}`, 'm1'), said('romeo', `2\n${poem}`, 'm2'));
      await romeo.says(verona, poem, 'm3');
      romeo.gets(failed('message', 'm3', 'modify', 'not-acceptable'));
      expect(juliet.heard).toEqual(['romeo: 1 …', 'romeo: 2 …']);
    },
    { options, uploads },
  );

  scenario(
    'without uploads it is refused',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, poem, 'm1');
      romeo.gets(failed('message', 'm1', 'modify', 'not-acceptable'));
      expect(juliet.heard).toEqual([]);
    },
    { options },
  );

  scenario(
    '308-03 a correction that is too long is its beginning and a link, still said to be one; the room has the whole of it',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, 'But', 'm1');
      await romeo.sends(correction('m2', poem, 'm1'));
      expect(juliet.heard).toEqual(['romeo: But', 'romeo: [edited] But soft, …']);
      expect(romeo.queue.map((one) => textOf(child(one, 'body'))).at(-1)).toBe(poem);
      const [file] = filesOf(juliet);
      expect(await kept(stage, file)).toBe(poem);
    },
    { options: { ...options, deeds: false }, uploads },
  );

  scenario(
    '308-04 where the network can edit, the correction has the beginning and the link',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, 'But', 'm1');
      await romeo.sends(correction('m2', poem, 'm1'));
      const [edited] = juliet.events.filter(({ kind }) => kind === 'edited');
      expect(edited).toMatchObject({ content: { text: { plain: 'But soft, …' }, files: [{ name: 'message.txt' }] } });
    },
    { options, uploads },
  );

  scenario(
    '424-01 taken back, the whole of it is gone with what was said, its correction too',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, poem, 'm1');
      const name = nameOf(romeo);
      await romeo.sends(correction('m2', `${poem}\nIt is the east`, 'm1'));
      const { db } = stage.gateway.database;
      const count = async () => (await db.selectFrom('uploads').select('id').execute()).length;
      expect(await count()).toBe(2);
      await romeo.sends(retraction('m3', name));
      expect(juliet.events.at(-1)).toMatchObject({ kind: 'retracted' });
      expect(await count()).toBe(0);
    },
    { options, uploads },
  );

  scenario(
    '424-01 taken back by somebody who may, it is gone too',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, poem, 'm1');
      const [said] = juliet.events.filter(({ kind }) => kind === 'message');
      if (said?.kind !== 'message') throw new Error('nothing was said');
      await juliet.does('#verona', { kind: 'retracted', target: said.ref });
      await stage.calm();
      expect(romeo.queue.at(-1)?.children.some((one) => typeof one === 'object' && one.name === 'retract')).toBe(true);
      expect(await kept(stage, filesOf(juliet)[0])).toBeUndefined();
    },
    { options, uploads },
  );

  scenario(
    '424-03 where nothing can be taken back, what lies with the gateway is all the same, and its sender is told',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await romeo.says(verona, poem, 'm1');
      const name = nameOf(romeo);
      await romeo.sends(retraction('m2', name));
      const [error] = romeo.queue.splice(0);
      expect(textOf(child(child(error, 'error'), 'text', 'urn:ietf:params:xml:ns:xmpp-stanzas'))).toMatch(
        /can still read how the message begins; the link behind it leads nowhere/,
      );
      expect(await kept(stage, filesOf(juliet)[0])).toBeUndefined();
    },
    { options: { ...options, deeds: false }, uploads },
  );

  scenario(
    'to a person too; after a crash before it was sent it is the same link, once',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      await stage.whileHeld('send', async () => {
        await romeo.sends(`<message type='chat' id='p1' to='juliet@net.test'><body>${poem}</body></message>`);
        await stage.restarts('kill');
      });
      await stage.passes(60);
      const files = filesOf(juliet);
      expect(new Set(files.map(({ url }) => url)).size).toBe(1);
      const rows = await stage.gateway.database.db.selectFrom('uploads').select(['id', 'owner']).execute();
      expect(rows).toEqual([{ id: files[0]?.url.slice(-24), owner: 'romeo@test' }]);
    },
    { options, uploads },
  );
});
