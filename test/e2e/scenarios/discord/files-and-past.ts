/** Files both ways, and what was said before: at the first join, and while the gateway was away. */
import { expect } from 'vitest';
import { type DiscordStage, heardBy, nameOf } from '../../../harness/discord/stage.ts';
import { bodyOf, child, textOf } from '../../../harness/markup.ts';
import { png } from '../../../harness/pictures.ts';
import { archive } from '../../../harness/requests.ts';
import { scenario, theme } from '../../../harness/scenario.ts';

export const files = theme<DiscordStage>('files', [
  scenario('066-01 447-01 what is attached on Discord is a file here, behind its words', async (stage) => {
    const { romeo, juliet } = await stage.cast();
    const { scene, where, tybalt } = stage;
    const bytes = new TextEncoder().encode('a letter');
    scene.say(tybalt, where, { content: 'read this', files: [{ filename: 'letter.txt', bytes, type: 'text/plain' }] });
    for (const one of [romeo, juliet]) {
      const file = await one.client.receive(`<message type='groupchat'><x xmlns='jabber:x:oob'><url/></x></message>`);
      const url = child(child(file, 'x', 'jabber:x:oob'), 'url')?.children.join('') ?? '';
      expect(heardBy(one, stage.room).join()).toContain('read this');
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      expect([answer.status, await answer.text()]).toEqual([200, 'a letter']);
    }
  }),

  scenario('066-01 447-01 what a picture shows is said with it, and its address is all of the body', async (stage) => {
    const { romeo, juliet } = await stage.cast();
    const { scene, where, tybalt } = stage;
    const bytes = png(3).bytes;
    scene.say(tybalt, where, { files: [{ filename: 'cat.png', bytes, type: 'image/png', description: 'A cat' }] });
    for (const one of [romeo, juliet]) {
      const told = await one.client.receive(`<message type='groupchat'><x xmlns='jabber:x:oob'><url/></x></message>`);
      const x = child(told, 'x', 'jabber:x:oob');
      expect([bodyOf(told), textOf(child(x, 'desc'))]).toEqual([textOf(child(x, 'url')), 'A cat']);
      const file = child(child(told, 'file-sharing', 'urn:xmpp:sfs:0'), 'file', 'urn:xmpp:file:metadata:0');
      expect(['name', 'desc'].map((name) => textOf(child(file, name)))).toEqual(['cat.png', 'A cat']);
    }
  }),

  scenario('447-10 a file from here is on Discord by its address', async (stage) => {
    const { romeo } = await stage.cast();
    const url = 'https://upload.verona.example/letter.txt';
    romeo.client.send(
      `<message type='groupchat' id='f1' to='${stage.room}'><body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x></message>`,
    );
    await romeo.client.receive(`<message type='groupchat' id='f1'/>`);
    expect(stage.texts().at(-1)).toContain(url);
  }),
]);

export const past = theme<DiscordStage>('the past', [
  scenario(
    '313-09 MSG-08 the last of what was said before anybody came is told with its stamps, and is in the archive once',
    async (stage) => {
      const { scene, where, tybalt } = stage;
      const words = Array.from({ length: 12 }, (_, n) => `word ${n}`);
      for (const text of words) scene.say(tybalt, where, text);
      await stage.shares();
      const romeo = await stage.connected(stage.place.newUser(), 'desk', stage.bot.name);
      const { history } = await romeo.enters();
      expect(history.map(bodyOf)).toEqual(words);
      for (const one of history) expect(child(one, 'delay', 'urn:xmpp:delay')?.attrs.stamp).toMatch(/^20/);
      const phone = await romeo.another('phone');
      expect((await phone.enters()).history.map(bodyOf)).toEqual(words);
      scene.say(tybalt, where, 'the last');
      const last = await romeo.hears(tybalt, 'the last');
      const page = await archive(romeo, stage.room);
      expect(page.messages.map(bodyOf)).toEqual([...words, 'the last']);
      expect(page.ids.at(-1)).toBe(nameOf(last));
    },
  ),
]);
