/** Webhooks over REST: made, found, refused, gone (API reference, "Webhook"). */
import { PermissionFlagsBits as May } from 'discord.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { base64, png } from '../../../harness/pictures.ts';
import { useGuests } from './guests.ts';
import { type Caller, callerOf, identity, knock } from './raw.ts';

interface Hook {
  readonly id: string;
  readonly token: string;
}

describe('webhooks', () => {
  const guests = useGuests();
  let call: Caller;
  let anyone: Caller;
  let place: string;
  beforeAll(() => {
    const { world } = guests.discord;
    const bot = world.bot('maker');
    const guild = world.guild('Hooks', world.user('owner'));
    world.invite(bot, guild);
    place = world.find(guild, 'general').id;
    call = callerOf(guests.discord, bot);
    anyone = callerOf(guests.discord);
  });
  const make = async (body: object = { name: 'hook' }) =>
    (await call('POST', `/channels/${place}/webhooks`, body)).body as Hook;

  test('are made with a name and a picture, and found again', async () => {
    const avatar = `data:image/png;base64,${base64(png(3))}`;
    const made = (await call('POST', `/channels/${place}/webhooks`, { name: 'face', avatar })).body as Hook & {
      avatar: string;
    };
    expect(made).toMatchObject({
      type: 1,
      name: 'face',
      channel_id: place,
      avatar: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const picture = await fetch(`${guests.discord.cdn}/avatars/${made.id}/${made.avatar}.png`);
    expect(Buffer.from(await picture.arrayBuffer()).equals(Buffer.from(png(3).bytes))).toBe(true);
    expect((await call('GET', `/channels/${place}/webhooks`)).body).toMatchObject([
      { id: made.id, token: made.token, user: { username: 'maker' } },
    ]);
    const held = (await anyone('GET', `/webhooks/${made.id}/${made.token}`)).body as { user?: object };
    expect(held.user).toBeUndefined();
  });

  test.each([
    ['Discord', 'USERNAME_INVALID_CONTAINS'],
    ['my cLyDe', 'USERNAME_INVALID_CONTAINS'],
    ['x'.repeat(81), 'BASE_TYPE_BAD_LENGTH'],
    ['', 'BASE_TYPE_BAD_LENGTH'],
    ['  ', 'BASE_TYPE_REQUIRED'],
  ])('are never called %j', async (name, code) => {
    const wrong = { status: 400, body: { code: 50035 } };
    expect(await call('POST', `/channels/${place}/webhooks`, { name })).toMatchObject({
      ...wrong,
      body: { errors: { name: { _errors: [{ code }] } } },
    });
    const { id, token } = await make();
    expect(await anyone('POST', `/webhooks/${id}/${token}`, { content: 'x', username: name })).toMatchObject({
      ...wrong,
      body: { errors: { username: { _errors: [{ code }] } } },
    });
    await anyone('DELETE', `/webhooks/${id}/${token}`);
  });

  test('are at most fifteen in a channel', async () => {
    const { world } = guests.discord;
    const guild = [...guests.discord.state.guilds.values()][0];
    if (guild === undefined) throw new Error('a guild');
    const full = world.channel(guild, { name: 'full' });
    for (let n = 0; n < 15; n++) world.webhook(full, { name: `${n}` });
    expect(await call('POST', `/channels/${full.id}/webhooks`, { name: 'x' })).toMatchObject({
      status: 400,
      body: { code: 30007 },
    });
  });

  test('speak with a token alone, and are gone when they are deleted', async () => {
    const { id, token } = await make();
    expect(await anyone('POST', `/webhooks/${id}/wrong`, { content: 'x' })).toMatchObject({
      status: 401,
      body: { code: 50027 },
    });
    expect(await anyone('POST', `/webhooks/${id}/${token}`, { content: 'x' })).toMatchObject({
      status: 204,
      body: undefined,
    });
    const waited = await anyone('POST', `/webhooks/${id}/${token}?wait=true`, { content: 'x', username: 'romeo' });
    expect(waited.body).toMatchObject({
      webhook_id: id,
      author: { id, username: 'romeo', discriminator: '0000', bot: true },
    });
    const said = (waited.body as Hook).id;
    const at = `/webhooks/${id}/${token}/messages/${said}`;
    expect(await anyone('GET', at)).toMatchObject({ status: 200, body: { content: 'x' } });
    expect(await anyone('PATCH', at, { content: 'y' })).toMatchObject({
      status: 200,
      body: { content: 'y', edited_timestamp: expect.any(String) },
    });
    expect((await anyone('DELETE', at)).status).toBe(204);
    expect(await anyone('GET', at)).toMatchObject({ status: 404, body: { code: 10008 } });
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204);
    expect(await anyone('POST', `/webhooks/${id}/${token}`, { content: 'x' })).toMatchObject({
      status: 404,
      body: { code: 10015 },
    });
  });

  test('show for a message the face that lies at a link', async () => {
    const hook = await make();
    const { world, cdn } = guests.discord;
    const owner = world.user('portrait');
    world.setAvatar(owner, png(6).bytes);
    const link = `${cdn}/avatars/${owner.id}/${owner.avatar}.png`;
    const { body } = await anyone('POST', `/webhooks/${hook.id}/${hook.token}?wait=true`, {
      content: 'x',
      avatar_url: link,
    });
    const { avatar } = (body as { author: { avatar: string } }).author;
    const picture = await fetch(`${cdn}/avatars/${hook.id}/${avatar}.webp`);
    expect(Buffer.from(await picture.arrayBuffer()).equals(Buffer.from(png(6).bytes))).toBe(true);
    expect(
      await anyone('POST', `/webhooks/${hook.id}/${hook.token}`, { content: 'x', avatar_url: 'ftp://x' }),
    ).toMatchObject({ status: 400, body: { errors: { avatar_url: {} } } });
    await anyone('DELETE', `/webhooks/${hook.id}/${hook.token}`);
  });

  test('know only their own messages', async () => {
    const [one, two] = [await make(), await make()];
    const { id } = (await anyone('POST', `/webhooks/${one.id}/${one.token}?wait=true`, { content: 'x' })).body as Hook;
    expect(await anyone('PATCH', `/webhooks/${two.id}/${two.token}/messages/${id}`, { content: 'y' })).toMatchObject({
      body: { code: 10008 },
    });
    for (const hook of [one, two]) await anyone('DELETE', `/webhooks/${hook.id}/${hook.token}`);
  });

  test('take along files, and what stays of them in an edit is named', async () => {
    const hook = await make();
    const form = new FormData();
    form.set(
      'payload_json',
      JSON.stringify({
        content: 'two',
        attachments: [
          { id: 0, description: 'first' },
          { id: 1, filename: 'b b.txt' },
        ],
      }),
    );
    form.set('files[0]', new Blob(['one'], { type: 'text/plain' }), 'a.txt');
    form.set('files[1]', new Blob(['two']), 'other.txt');
    const { body } = await anyone('POST', `/webhooks/${hook.id}/${hook.token}?wait=true`, form);
    const said = body as { id: string; attachments: { id: string; filename: string; url: string }[] };
    expect(said.attachments).toMatchObject([
      { filename: 'a.txt', description: 'first', size: 3, content_type: expect.stringMatching(/^text\/plain/) },
      { filename: 'b_b.txt', size: 3 },
    ]);
    const kept = said.attachments[1];
    const edited = await anyone('PATCH', `/webhooks/${hook.id}/${hook.token}/messages/${said.id}`, {
      attachments: [{ id: kept?.id }],
    });
    expect(edited.body).toMatchObject({ attachments: [{ id: kept?.id }] });
    expect((edited.body as typeof said).attachments).toHaveLength(1);
    const large = new FormData();
    large.set('files[0]', new Blob([new Uint8Array(10 * 1024 * 1024 + 1)]), 'large.bin');
    expect(await anyone('POST', `/webhooks/${hook.id}/${hook.token}`, large)).toMatchObject({
      status: 413,
      body: { code: 40005 },
    });
    const guild = [...guests.discord.state.guilds.values()][0];
    if (guild === undefined) throw new Error('a guild');
    guests.discord.world.changeGuild(guild, { premiumTier: 2 });
    expect((await anyone('POST', `/webhooks/${hook.id}/${hook.token}`, large)).status).toBe(204);
    expect((await call('GET', `/guilds/${guild.id}`)).body).toMatchObject({ premium_tier: 2 });
    guests.discord.world.changeGuild(guild, { premiumTier: 0 });
  });

  test('are told to those with the intent, and move from channel to channel', async () => {
    const { world, state } = guests.discord;
    const bot = [...state.applications.values()][0];
    const guild = [...state.guilds.values()][0];
    if (bot === undefined || guild === undefined) throw new Error('a bot in a guild');
    const other = world.channel(guild, { name: 'other' });
    const hook = await make();
    const socket = knock(guests.discord);
    socket.send(2, identity(bot, 1 << 5));
    await socket.event('READY');
    expect(await call('PATCH', `/webhooks/${hook.id}`, { channel_id: other.id, name: 'moved' })).toMatchObject({
      body: { channel_id: other.id, name: 'moved' },
    });
    const told = [await socket.event('WEBHOOKS_UPDATE'), await socket.event('WEBHOOKS_UPDATE')];
    expect(told.map(({ d }) => d.channel_id)).toEqual([place, other.id]);
    world.permit(bot, guild, May.ViewChannel);
    expect(await call('GET', `/webhooks/${hook.id}`)).toMatchObject({ status: 200 });
    expect(await call('DELETE', `/webhooks/${hook.id}`)).toMatchObject({ status: 403, body: { code: 50013 } });
    socket.close();
  });
});
