/** The gateway's own store of long texts, as people on IRC follow its links: over HTTP, across a kill, from any of the gateway's processes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { escapeText } from '../../src/xml/escape.ts';
import type { GatewayUnderTest, Member } from '../harness/gateway.ts';
import { child, conditionOf, textOf } from '../harness/markup.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';

const poem = Array.from({ length: 40 }, (_, n) => `line ${n} <b>bold</b> “ü” 🙂`).join('\n');
const publicUrl = 'https://gateway.example.org/isthmus/';

async function withUploads(gateway: GatewayUnderTest, uploads: object): Promise<void> {
  const config = parse(readFileSync(gateway.config, 'utf8')) as { storage: object; http: object };
  Object.assign(config.storage, { uploads });
  Object.assign(config.http, { publicUrl });
  await gateway.stop();
  writeFileSync(gateway.config, stringify(config));
  await gateway.start();
}

/** What the operator's proxy would fetch. */
const fetched = ({ http }: Member, url: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${http}/${url.slice(publicUrl.length)}`, { signal: AbortSignal.timeout(5_000) });

describe('one process', () => {
  const world = useWorld({ ircd: 'ngircd' });

  test('a long message is its first lines and a link on IRC, and all of it in the room; the link lasts over a kill', async () => {
    await using stage = new Stage(world());
    const { gateway } = world();
    await withUploads(gateway, { perUser: 1 });
    const { romeo, juliet } = await stage.pair();
    romeo.says(poem);
    await juliet.hears(romeo, 'line 0 <b>bold</b> “ü” 🙂');
    await juliet.hears(romeo, 'line 2 <b>bold</b> “ü” 🙂 …');
    const link = await juliet.hears(romeo, /^message\.txt \([0-9.]+ KB\): https:\S+$/);
    await romeo.hears(romeo, poem);
    const url = /https:\S+$/.exec(link)?.[0] ?? '';
    expect(url.slice(0, -24)).toBe(`${publicUrl}uploads/`);

    await gateway.kill();
    await gateway.start();
    const answer = await fetched(gateway.member('all'), url);
    expect([answer.status, await answer.text()]).toEqual([200, poem]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const missing = await fetched(gateway.member('all'), `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`);
    expect(missing.status).toBe(404);

    const id = romeo.says(`another\n${poem}`);
    const error = await romeo.client.receive(`<message type='error' id='${id}' from='${stage.room}'/>`);
    expect(conditionOf(error)).toBe('not-acceptable');
    romeo.says('a short one');
    await juliet.hears(romeo, 'a short one');
  });
});

describe('an edge and two workers', () => {
  const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'] });

  test('what one worker kept is served by every process', async () => {
    await using stage = new Stage(world());
    const { gateway } = world();
    await withUploads(gateway, {});
    const { romeo, juliet } = await stage.pair();
    romeo.says(poem);
    const url = /https:\S+$/.exec(await juliet.hears(romeo, /^message\.txt/))?.[0] ?? '';
    for (const member of gateway.members) {
      const answer = await fetched(member, url);
      expect([member.role, answer.status, await answer.text()]).toEqual([member.role, 200, poem]);
    }
  });

  test('308-03 424-03 a long correction is said as one, with a link; taken back, no link leads anywhere', async () => {
    await using stage = new Stage(world());
    const { gateway } = world();
    await withUploads(gateway, {});
    const { romeo, juliet } = await stage.pair();
    const urlOf = (line: string): string => /https:\S+$/.exec(line)?.[0] ?? '';
    const first = romeo.says(poem);
    const said = await romeo.hears(romeo, poem);
    const urls = [urlOf(await juliet.hears(romeo, /^message\.txt/))];
    romeo.client.send(
      `<message type='groupchat' id='c' to='${stage.room}'><body>${escapeText(`${poem}\nthe end`)}</body><replace xmlns='urn:xmpp:message-correct:0' id='${first}'/></message>`,
    );
    await juliet.hears(romeo, '[edited] line 0 <b>bold</b> “ü” 🙂');
    urls.push(urlOf(await juliet.hears(romeo, /^message\.txt/)));
    const [here] = gateway.members;
    if (here === undefined) throw new Error('nobody runs');
    const found = () => Promise.all(urls.map(async (url) => (await fetched(here, url)).status));
    expect(await found()).toEqual([200, 200]);
    const name = child(said, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id ?? '';
    romeo.client.send(
      `<message type='groupchat' id='r' to='${stage.room}'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'/></message>`,
    );
    const error = await romeo.client.receive(`<message type='error' id='r' from='${stage.room}'/>`);
    expect(textOf(child(child(error, 'error'), 'text', 'urn:ietf:params:xml:ns:xmpp-stanzas'))).toMatch(
      /how the message begins/,
    );
    expect(await found()).toEqual([404, 404]);
  });
});
