/** Threads over a session that begins anew: Discord tells then which are active and whether we are in them, and nothing else. */
import { PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import type { Member, NetworkEvent } from '../../../../src/bridge/index.ts';
import { type Login, roomOf, useStage } from './stage.ts';

const stage = useStage();

const nicksIn = (event: Extract<NetworkEvent, { kind: 'members' }>): readonly string[] =>
  event.changes
    .flatMap((change): readonly Member[] => (change.is === 'in' ? [change.member] : []))
    .map((one) => one.nick);

function people(...names: readonly string[]) {
  return names.map((name) => {
    const user = stage.discord.world.user(name);
    stage.discord.world.join(user, stage.guild);
    return user;
  });
}

const begunAnew = ({ hears }: Login) => hears('state', ({ state }) => state === 'ready');

test('who has joined a thread is in it still, and who came and went meanwhile is told', async () => {
  const { world } = stage.discord;
  const [eva, fay, gil] = people('eva', 'fay', 'gil');
  if (eva === undefined || fay === undefined || gil === undefined) throw new Error('nobody');
  const thread = world.thread(stage.room, { name: 'plans', owner: eva });
  world.joinThread(fay, thread);
  const login = await stage.login();
  const chat = await login.enters(thread);
  expect(nicksIn(await login.hears('members')).toSorted()).toEqual(['eva', 'fay', login.bot.name]);
  stage.discord.invalidate(false);
  world.leaveThread(fay, thread);
  world.joinThread(gil, thread);
  await begunAnew(login);
  expect(nicksIn(await login.hears('members', ({ complete }) => complete === true))).toContain('eva');
  const { changes } = await login.hears('members', (event) => event.chat === chat);
  expect(changes).toMatchObject([
    { is: 'out', person: fay.id },
    { is: 'in', member: { nick: 'gil' } },
  ]);
});

test('a thread that was archived stays a room, and goes on when somebody speaks there', async () => {
  const { world } = stage.discord;
  const [hal] = people('hal');
  if (hal === undefined) throw new Error('nobody');
  const thread = world.thread(stage.room, { name: 'old plans', owner: hal });
  const lost = world.thread(stage.room, { name: 'lost plans', owner: hal });
  const login = await stage.login();
  const chat = await login.enters(thread);
  await login.enters(lost);
  world.changeThread(thread, { archived: true });
  stage.discord.invalidate(false);
  world.deleteChannel(lost);
  await begunAnew(login);
  expect(await login.hears('removed')).toMatchObject({ chat: roomOf(lost), how: 'gone' });
  await login.says(chat, 'awake!');
  expect(thread.thread?.metadata.archived).toBe(false);
  world.say(hal, thread, 'I am');
  expect(await login.hears('message', ({ nick }) => nick === 'hal')).toMatchObject({ chat });
  expect(login.events.filter(({ kind }) => kind === 'removed')).toHaveLength(1);
});

test('of a thread that was archived when it was entered it is told who is in it when somebody speaks there', async () => {
  const { world } = stage.discord;
  const [ida, jan] = people('ida', 'jan');
  if (ida === undefined || jan === undefined) throw new Error('nobody');
  const thread = world.thread(stage.room, { name: 'ancient plans', owner: ida });
  world.changeThread(thread, { archived: true });
  const login = await stage.login();
  const chat = await login.enters(thread);
  expect(nicksIn(await login.hears('members'))).toEqual([login.bot.name]);
  await login.says(chat, 'anybody?');
  const came = await login.hears('members', (event) => event.chat === chat && nicksIn(event).includes('ida'));
  expect(nicksIn(came)).not.toContain('jan');
  world.joinThread(jan, thread);
  await login.hears('members', (event) => event.chat === chat && nicksIn(event).includes('jan'));
});

test('a thread that was archived while its channel was hidden from us is listed no more', async () => {
  const { world } = stage.discord;
  const [kit] = people('kit');
  if (kit === undefined) throw new Error('nobody');
  const vault = world.channel(stage.guild, { name: 'vault' });
  const [over, open] = ['over', 'open'].map((name) => world.thread(vault, { name, owner: kit }));
  if (over === undefined || open === undefined) throw new Error('no threads');
  const { session } = await stage.login();
  const listed = async (): Promise<readonly string[]> =>
    ((await session.rooms?.list?.({ match: 'vault', max: 10 })) ?? []).map(({ name }) => name.replace('Verona: ', ''));
  expect(await listed()).toEqual(['#vault', '#vault › over', '#vault › open']);
  world.rule(vault, { of: 'everyone', deny: May.ViewChannel });
  await expect.poll(listed).toEqual([]);
  world.changeThread(over, { archived: true });
  world.rule(vault, { of: 'everyone' });
  await expect.poll(listed).toEqual(['#vault', '#vault › open']);
});
