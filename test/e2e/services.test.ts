/** Real services behind InspIRCd: accounts are made, logged into in every way, lost and regained by raw clients; the gateway's own tests rely on this. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IrcClient } from '../harness/irc-client.ts';
import { until } from '../harness/process.ts';
import { type IrcdWithServices, startWithServices } from '../harness/services.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('InspIRCd and atheme', () => {
  let ircd: IrcdWithServices | undefined;
  const clients: IrcClient[] = [];
  beforeAll(async () => {
    ircd = await startWithServices();
  });
  afterAll(async () => {
    for (const client of clients) client.cut();
    await ircd?.[Symbol.asyncDispose]();
  });

  async function arrives(nick: string, ...caps: readonly string[]): Promise<IrcClient> {
    const port = ircd?.port ?? 0;
    const client = new IrcClient({ port, nick });
    clients.push(client);
    await client.register({ port, nick, caps });
    return client;
  }

  async function registers(nick: string, ...caps: readonly string[]): Promise<IrcClient> {
    const client = await arrives(nick, ...caps);
    client.say('NickServ', `REGISTER sesame ${nick}@verona.example`);
    await client.expect(/^(@\S+ )?:NickServ!\S+ NOTICE \S+ :.* is now registered to /);
    return client;
  }

  async function saslWith(nick: string, password: string): Promise<IrcClient> {
    const client = new IrcClient({ port: ircd?.port ?? 0, nick: `${nick}2` });
    clients.push(client);
    for (const line of [
      'CAP REQ :sasl account-tag',
      `NICK ${nick}2`,
      `USER ${nick} 0 * :${nick}`,
      'AUTHENTICATE PLAIN',
    ])
      client.send(line);
    await client.expect(/AUTHENTICATE :?\+$/);
    client.send(`AUTHENTICATE ${base64(`${nick}\0${nick}\0${password}`)}`);
    return client;
  }

  test('a nick is registered; whoever shares a channel is told of the account', async () => {
    const watcher = await arrives('watcher', 'account-notify', 'extended-join');
    await watcher.join('#verona');
    const juliet = await arrives('juliet');
    await juliet.join('#verona');
    await watcher.expect(/:juliet!\S+ JOIN #verona \* :juliet$/);
    juliet.say('NickServ', 'REGISTER sesame juliet@verona.example');
    await watcher.expect(/:juliet!\S+ ACCOUNT :?juliet$/);
    juliet.say('NickServ', 'LOGOUT');
    await watcher.expect(/:juliet!\S+ ACCOUNT :?\*$/);
    juliet.say('NickServ', 'IDENTIFY sesame');
    await watcher.expect(/:juliet!\S+ ACCOUNT :?juliet$/);
    juliet.send('WHOIS juliet');
    await juliet.expect(/ 330 juliet juliet juliet :/);
    watcher.send('WHO #verona %na');
    await watcher.expect(/ 354 watcher juliet :?juliet$/);
  });

  test('SASL PLAIN is answered by the services, before the welcome', async () => {
    await registers('romeo');
    const romeo = await saslWith('romeo', 'sesame');
    await romeo.expect(/ 900 \S+ \S+ romeo :/);
    await romeo.expect(/ 903 /);
    romeo.send('CAP END');
    await romeo.expect(/ 001 romeo2 /);
    const tybalt = await saslWith('romeo', 'wrong');
    await tybalt.expect(/ 904 /);
  });

  test('a nick that somebody else holds is had back', async () => {
    const rosaline = await registers('rosaline');
    const again = await arrives('rosa');
    again.say('NickServ', 'GHOST rosaline sesame');
    await rosaline.expect(/ERROR :/);
    again.send('NICK rosaline');
    await again.expect(/:rosa!\S+ NICK :?rosaline$/);
  });

  test('while the services are away nobody can log in; when they are back everybody can', async () => {
    const offered = async (): Promise<boolean> => {
      const client = await arrives('benvolio');
      client.send('CAP LS 302');
      const [, caps = ''] = await client.expect(/ CAP \S+ LS :(.*)$/);
      client.close();
      await expect(client.roundtrip()).rejects.toThrow();
      return caps.includes('sasl=PLAIN');
    };
    const mercutio = await registers('mercutio');
    mercutio.close();
    await ircd?.services.kill();
    await until('SASL is gone', async () => !(await offered()));
    await ircd?.services.restart();
    await until('SASL is there again', offered);
  });
});
