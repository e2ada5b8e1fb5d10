/** Messages that are too long for the network: their beginning and a link there, the whole of them in the room. */
import { describe, expect } from 'vitest';
import type { FileLink, NetworkEvent } from '../../src/bridge/index.ts';
import { createUploadStore } from '../../src/storage/sql/upload-store.ts';
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
