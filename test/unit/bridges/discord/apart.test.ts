/** Files that are shared with words, or several at once: each a message of its own, until the message is changed or taken away (CHECKLIST 066-01, 447-02). */
import { expect, test } from 'vitest';
import { deliveryKey, messageId, type NetworkEvent, plainText } from '../../../../src/bridge/index.ts';
import { png } from '../../../harness/pictures.ts';
import { type Login, useStage } from './stage.ts';

const stage = useStage();
const ref = (id: string) => ({ id: messageId(id), part: 0 });
const file = (filename: string, more = {}) => ({ filename, bytes: png(1).bytes, type: 'image/png', ...more });
let count = 0;

async function scene() {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name: `apart${++count}` });
  const ann = world.user(`ann${count}`);
  world.join(ann, stage.guild);
  const login = await stage.login();
  return { world, room, ann, login, chat: await login.enters(room) };
}

const shownIn = (event: NetworkEvent) =>
  event.kind === 'message'
    ? [event.content.text?.plain, ...(event.content.files ?? []).map(({ name }) => name)]
    : [event.kind];

async function said(login: Login, messages: number) {
  const all: Extract<NetworkEvent, { kind: 'message' }>[] = [];
  for (let n = 0; n < messages; n++) all.push(await login.hears('message'));
  return all;
}

test('447-02 words first, then each file; answers, moments and names are theirs', async () => {
  const { world, room, ann, login } = await scene();
  const asked = world.say(ann, room, 'where?');
  const shared = [file('a.png', { description: 'a cat' }), file('b.png')];
  const sent = world.say(ann, room, { content: 'here', files: shared, reply: asked });
  const [, first, second, third] = await said(login, 4);
  const { id, timestamp } = sent.data;
  expect([first, second, third].map((one) => one && shownIn(one))).toEqual([
    ['here'],
    [undefined, 'a.png'],
    [undefined, 'b.png'],
  ]);
  expect([first?.ref, second?.ref, third?.ref]).toEqual([ref(id), ref(`${id}/1`), ref(`${id}/2`)]);
  expect([first, second].map((one) => one?.content.replyTo)).toEqual([ref(asked.data.id), undefined]);
  expect(second?.content.files?.[0]).toMatchObject({ description: 'a cat' });
  expect([first, second, third].map((one) => (one?.at.getTime() ?? 0) - Date.parse(timestamp))).toEqual([0, 1, 2]);
});

test('447-02 of several files without words the first is the message; one alone is it, too', async () => {
  const { world, room, ann, login } = await scene();
  const several = world.say(ann, room, { content: '', files: [file('a.png'), file('b.png')] });
  const one = world.say(ann, room, { content: '', files: [file('c.png')] });
  const all = await said(login, 3);
  expect(all.map(({ ref: { id } }) => id)).toEqual([several.data.id, `${several.data.id}/1`, one.data.id]);
  expect(all.map(shownIn)).toEqual([
    [undefined, 'a.png'],
    [undefined, 'b.png'],
    [undefined, 'c.png'],
  ]);
});

test('308-04 what is corrected are the words, and a file that is gone is taken back', async () => {
  const { world, room, ann, login } = await scene();
  const sent = world.say(ann, room, { content: 'teh cats', files: [file('a.png'), file('b.png')] });
  await said(login, 3);
  world.edit(sent, { content: 'the cat', kept: [sent.data.attachments[1]?.id ?? ''] });
  const edited = await login.hears('edited');
  expect(edited).toMatchObject({ target: ref(sent.data.id), by: ann.id, content: { text: { plain: 'the cat' } } });
  expect(edited.content.files).toBeUndefined();
  expect(await login.hears('retracted')).toMatchObject({ target: ref(`${sent.data.id}/1`), by: ann.id });
  const other = world.say(ann, room, { content: 'a dog', files: [file('c.png')] });
  await said(login, 2);
  world.edit(other, '');
  expect(await login.hears('retracted')).toMatchObject({ target: ref(other.data.id) });
});

test('308-04 words that come to a file stand where the file does', async () => {
  const { world, room, ann, login } = await scene();
  const one = world.say(ann, room, { content: '', files: [file('a.png')] });
  const two = world.say(ann, room, { content: '', files: [file('b.png'), file('c.png')] });
  await said(login, 3);
  for (const sent of [one, two]) {
    world.edit(sent, 'look');
    const { target, content } = await login.hears('edited');
    expect([target, content.text?.plain, content.files?.map(({ name }) => name)]).toEqual([
      ref(sent.data.id),
      'look',
      [sent === one ? 'a.png' : 'b.png'],
    ]);
  }
  expect(login.events.some(({ kind }) => kind === 'retracted')).toBe(false);
});

test('424-01 who takes the message away takes all of it away, also what was said before we came', async () => {
  const { world, room, ann, login } = await scene();
  const sent = world.say(ann, room, { content: 'look', files: [file('a.png')] });
  const plain = world.say(ann, room, 'plain');
  await said(login, 3);
  world.remove(sent);
  for (const id of ['', '/1']) expect((await login.hears('retracted')).target).toEqual(ref(`${sent.data.id}${id}`));
  world.remove(plain);
  expect((await login.hears('retracted')).target).toEqual(ref(plain.data.id));

  const older = world.say(ann, room, { content: 'older', files: [file('b.png')] });
  await login.end();
  const next = await stage.login({ bot: login.bot });
  await next.enters(room);
  world.remove(older);
  await next.hears('retracted', ({ target }) => target.id === `${older.data.id}/1`);
});

test('the past is told so too, and goes on behind a file of it', async () => {
  const { world, room, ann, login, chat } = await scene();
  const sent = world.say(ann, room, { content: 'look', files: [file('a.png')] });
  world.say(ann, room, 'behind');
  const { history } = login.session;
  const past = (await history?.before?.(chat, undefined, 10)) ?? [];
  expect(past.map(shownIn)).toEqual([['look'], [undefined, 'a.png'], ['behind']]);
  const behind = (await history?.after?.(chat, ref(`${sent.data.id}/1`), 10)) ?? [];
  expect(behind.map(shownIn)).toEqual([['behind']]);
});

test('444-01 461-01 425-01 what is done to a file is done to its message', async () => {
  const { world, room, ann, login, chat } = await scene();
  const sent = world.say(ann, room, { content: 'look', files: [file('a.png')] });
  await said(login, 2);
  const target = ref(`${sent.data.id}/1`);
  const to = { chat, key: deliveryKey('9-1'), number: 1, signal: AbortSignal.timeout(10_000) };
  await login.session.reactions?.react(target, ['👍'], to, []);
  expect(await login.hears('reaction')).toMatchObject({ target: ref(sent.data.id), emoji: '👍' });
  await login.session.send({ text: plainText('nice'), replyTo: target }, { ...to, key: deliveryKey('9-2') });
  const answer = world.messages(room).at(-1)?.data;
  expect(answer?.message_reference?.message_id).toBe(sent.data.id);
  await login.session.retractions?.retract(target, undefined, { ...to, key: deliveryKey('9-3') });
  expect(world.messages(room).map(({ data }) => data.content)).toEqual(['nice']);
});

test('what we share ourselves is one message, whatever comes of it', async () => {
  const { world, room, login, chat } = await scene();
  const { refs } = await login.says(chat, 'mine');
  await login.end();
  const next = await stage.login({ bot: login.bot });
  const mine = world.messages(room).at(-1);
  if (mine !== undefined)
    mine.data.attachments = [{ id: '1', filename: 'a.png', size: 1, url: 'https://cdn.test/a.png', proxy_url: '' }];
  const past = (await next.session.history?.before?.(await next.enters(room), undefined, 10)) ?? [];
  expect(past.map((event) => (event.kind === 'message' ? event.ref : event.kind))).toEqual(refs);
  expect(past.map(shownIn)).toEqual([['mine', 'a.png']]);
});
