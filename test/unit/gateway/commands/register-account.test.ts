/** Registering an account with the network by command. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Registered } from '../../../../src/bridge/contract.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { child, textOf } from '../../../harness/markup.ts';
import { sessionOf } from '../rooms/world.ts';
import { type CommandWorld, createCommandWorld, detailOf, onServer, read, server, submit } from './world.ts';

const node = "node='register-account'";
const owner = 'romeo@example.org';
const asked: string[] = [];
let needsCode = false;
let world: CommandWorld = createCommandWorld();

beforeEach(() => {
  asked.length = 0;
  needsCode = false;
  world = createCommandWorld({ registersAccounts: { username: 'sasl_username', password: 'sasl_password' } });
  const registered = (text: string): Registered => ({ account: 'romeo', needsCode, text });
  world.state.session = sessionOf('romeo', {
    accountRegistration: {
      async register(email, password) {
        asked.push(`register ${email} ${password}`);
        if (email === undefined && password === 'needs-mail')
          throw new GatewayError('bad-request', { text: 'This network wants an e-mail address.' });
        if (password === 'taken') throw new GatewayError('nick-taken', { text: 'There is such an account' });
        return registered(needsCode ? 'A code was sent to you' : 'Welcome');
      },
      async verify(account, code) {
        asked.push(`verify ${account} ${code}`);
        if (code === 'wrong') throw new GatewayError('network-refused', { text: 'That is not the code' });
        needsCode = false;
        return registered('');
      },
    },
  });
});

const begin = async () => read(await world.run(server, node));
const answer = async (id: string, values: Parameters<typeof submit>[0]) =>
  read(await world.run(server, `${node} sessionid='${id}'`, submit(values)));
const set = async () => (await world.settings.of(owner)).at(onServer);

describe('registering', () => {
  test('a password is enough where the network wants no more; the login is kept', async () => {
    const { id, types } = await begin();
    expect(types).toMatchObject({ password: 'text-private', email: 'text-single', keep: 'boolean' });
    const done = await answer(id, { password: 'hunter2', keep: '1' });
    expect(done).toMatchObject({ status: 'completed', notes: ['info: Welcome', expect.stringContaining('logged in')] });
    expect(asked).toEqual(['register undefined hunter2']);
    expect(await set()).toEqual({ sasl_username: 'romeo', sasl_password: 'hunter2' });
  });

  test('with a code: there is no way back to what was done, and a wrong one is asked for again with the network’s words', async () => {
    needsCode = true;
    const { id } = await begin();
    const second = await answer(id, { password: 'hunter2', email: 'romeo@example.org' });
    expect(textOf(child(second.form, 'instructions'))).toBe('A code was sent to you');
    expect(child(second.actions, 'prev')).toBeUndefined();
    expect(detailOf(await world.run(server, `${node} sessionid='${id}' action='prev'`))).toBe('bad-action');
    expect((await answer(id, { code: '1234' })).notes[0]).toBe('info: The account romeo is registered.');
    expect(asked).toEqual(['register romeo@example.org hunter2', 'verify romeo 1234']);
    needsCode = true;
    const again = await begin();
    await answer(again.id, { password: 'x', keep: '1' });
    expect(await answer(again.id, { code: 'wrong' })).toMatchObject({
      status: 'executing',
      notes: ['error: That is not the code'],
    });
    expect((await answer(again.id, { code: '1234' })).status).toBe('completed');
    expect(await set()).toEqual({ sasl_username: 'romeo', sasl_password: 'x' });
  });

  test('what the network does not take is asked for again; what filling in does not help is the end', async () => {
    const { id } = await begin();
    const again = await answer(id, { password: 'needs-mail', email: '', keep: '0' });
    expect(again).toMatchObject({ status: 'executing', notes: ['error: This network wants an e-mail address.'] });
    expect(again.fields).toEqual({ password: [], email: [], keep: ['false'] });
    const mail = { email: 'romeo@example.org', keep: '0' };
    expect((await answer(id, { password: 'needs-mail', ...mail })).status).toBe('completed');
    const other = await begin();
    expect((await answer(other.id, { password: 'taken' })).notes).toEqual(['error: There is such an account']);
  });

  test('by chat, too: what is missing can be said', async () => {
    await world.says('register-account', server);
    const form = await world.says('set password needs-mail', server);
    expect(form.split('\n')[0]).toBe('This network wants an e-mail address.');
    expect(form).toMatch(/\nemail = \(none\)\n.*\n.*set NAME VALUE/);
    await world.says('set email romeo@example.org', server);
    expect(await world.says('done', server)).toMatch(/^Welcome/);
    expect(asked.at(-1)).toBe('register romeo@example.org needs-mail');
  });

  test('who does not wish it logs in by other means', async () => {
    const { id } = await begin();
    await answer(id, { password: 'hunter2', keep: '0' });
    expect(await set()).toEqual({});
  });

  test('by chat, and the password is not repeated', async () => {
    needsCode = true;
    expect(await world.says('register-account', server)).toContain('set password');
    const sent = await world.says('set password hunter2', server);
    expect(sent).toMatch(/^A code was sent to you\nThe code/);
    expect(await world.says('set code wrong', server)).toMatch(
      /^That is not the code\nA code was sent to you\nThe code.*\?\nAnswer with: set code …$/,
    );
    expect(await world.says('set code 1234', server)).toContain('is registered');
    expect(asked).toEqual(['register undefined hunter2', 'verify romeo wrong', 'verify romeo 1234']);
  });

  test('where the server can not, or nobody is connected, it says so', async () => {
    world.state.session = sessionOf('romeo');
    expect((await begin()).notes).toEqual([expect.stringMatching(/^error: .*NickServ HELP REGISTER/)]);
    world.state.session = undefined;
    expect((await begin()).notes).toEqual([expect.stringMatching(/^error: You are not connected/)]);
  });
});
