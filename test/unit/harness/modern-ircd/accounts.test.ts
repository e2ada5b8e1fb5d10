/** SASL and account registration, by hand: every byte of an exchange is made here, from RFC 4616, 5802 and 7677. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../harness/certificate.ts';
import type { IrcClient } from '../../../harness/irc-client.ts';
import { startModernIrcd } from '../../../harness/modern-ircd/server.ts';
import { useGuests } from './guests.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const seeds = [{ name: 'Juliet', password: 'sesame' }];

async function begins(client: IrcClient, mechanism: string): Promise<void> {
  client.send('CAP LS 302');
  client.send('NICK jules');
  client.send('USER jules 0 * :Jules');
  client.send('CAP REQ :sasl');
  await client.expect(/ACK :?sasl$/);
  client.send(`AUTHENTICATE ${mechanism}`);
}

/** The client's side of SCRAM; resolves with the server's last word to `password`. */
async function scram(client: IrcClient, hash: 'sha256' | 'sha512', user: string, password: string): Promise<string> {
  const length = hash === 'sha256' ? 32 : 64;
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  await client.expect(/AUTHENTICATE \+$/);
  const bare = `n=${user},r=fyko+d2lbbFgONRv9qkxdawL`;
  client.send(`AUTHENTICATE ${base64(`n,,${bare}`)}`);
  const challenge = Buffer.from((await client.expect(/AUTHENTICATE (\S+)$/))[1] ?? '', 'base64').toString();
  const [, nonce = '', salt = '', rounds = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(challenge) ?? [];
  expect(nonce.startsWith('fyko+d2lbbFgONRv9qkxdawL')).toBe(true);
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), length, hash);
  const key = hmac(salted, 'Client Key');
  const signed = `${bare},${challenge},c=biws,r=${nonce}`;
  const signature = hmac(createHash(hash).update(key).digest(), signed);
  const proof = Buffer.from(key.map((byte, i) => byte ^ (signature[i] ?? 0))).toString('base64');
  client.send(`AUTHENTICATE ${base64(`c=biws,r=${nonce},p=${proof}`)}`);
  const answer = await client.expect(/(?:AUTHENTICATE (\S+)| 904 )/);
  if (answer[1] === undefined) return 'refused';
  const verifier = Buffer.from(answer[1], 'base64').toString();
  expect(verifier).toBe(`v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`);
  client.send('AUTHENTICATE +');
  await client.expect(/ 900 jules jules!\S+ Juliet :/);
  await client.expect(/ 903 /);
  return 'in';
}

describe('SASL', () => {
  const guests = useGuests(() => ({ accounts: seeds }));

  test('PLAIN: in, and what comes of it when registration is over', async () => {
    const client = guests.raw();
    await begins(client, 'PLAIN');
    await client.expect(/AUTHENTICATE \+$/);
    client.send(`AUTHENTICATE ${base64('\0juliet\0sesame')}`);
    await client.expect(/ 900 jules \S+ Juliet :/);
    await client.expect(/ 903 jules :/);
    client.send('AUTHENTICATE PLAIN');
    await client.expect(/ 907 jules :/);
    client.send('CAP END');
    await client.expect(/ 001 jules /);
    client.send('WHOIS jules');
    await client.expect(/ 330 jules jules Juliet :/);
  });

  test('a wrong password, an unknown mechanism, a change of mind, a message that is too long', async () => {
    const client = guests.raw();
    await begins(client, 'PLAIN');
    client.send(`AUTHENTICATE ${base64('\0juliet\0wrong')}`);
    await client.expect(/ 904 jules :/);
    client.send('AUTHENTICATE DH-AES');
    await client.expect(/ 908 jules PLAIN,EXTERNAL,SCRAM-SHA-256,SCRAM-SHA-512 :/);
    await client.expect(/ 904 jules :/);
    client.send('AUTHENTICATE PLAIN');
    client.send('AUTHENTICATE *');
    await client.expect(/ 906 jules :/);
    client.send('AUTHENTICATE PLAIN');
    client.send(`AUTHENTICATE ${'a'.repeat(401)}`);
    await client.expect(/ 905 jules :/);
    client.send('AUTHENTICATE PLAIN');
    client.send('CAP END');
    await client.expect(/ 906 jules :/);
    await client.expect(/ 001 jules /);
  });

  test('a password of more than 400 characters comes in pieces', async () => {
    const client = guests.raw();
    await begins(client, 'PLAIN');
    const text = base64(`\0juliet\0${'x'.repeat(290)}`);
    expect(text.length).toBe(400);
    client.send(`AUTHENTICATE ${text}`);
    await client.roundtrip();
    expect(client.seen(/ 904 /)).toEqual([]);
    client.send('AUTHENTICATE +');
    await client.expect(/ 904 jules :/);
  });

  test.each([
    ['SCRAM-SHA-256', 'sha256'],
    ['SCRAM-SHA-512', 'sha512'],
  ] as const)('%s: both prove that they know the password', async (mechanism, hash) => {
    const client = guests.raw();
    await begins(client, mechanism);
    expect(await scram(client, hash, 'juliet', 'sesame')).toBe('in');
    const thief = guests.raw();
    await begins(thief, mechanism);
    expect(await scram(thief, hash, 'juliet', 'guess')).toBe('refused');
    const stranger = guests.raw();
    await begins(stranger, mechanism);
    expect(await scram(stranger, hash, 'nobody', 'sesame')).toBe('refused');
  });

  test('one may log in later as well, and the others are told; so may one log out', async () => {
    const [one, two] = await guests.pair(['sasl', 'account-notify'], ['account-notify', 'extended-join']);
    const third = await guests.guest('third');
    await third.join('#room');
    one.send('AUTHENTICATE PLAIN');
    one.send(`AUTHENTICATE ${base64('\0juliet\0sesame')}`);
    await two.expect(/^:one!\S+ ACCOUNT :?Juliet$/);
    await one.expect(/^:one!\S+ ACCOUNT :?Juliet$/);
    one.send('LOGOUT');
    await two.expect(/^:one!\S+ ACCOUNT \*$/);
    await one.expect(/ 901 one /);
    expect(third.seen(/ ACCOUNT /)).toEqual([]);
  });
});

describe('EXTERNAL', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'isthmus-modern-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test('a certificate that an account trusts logs in; STS tells each side its part', async () => {
    const files = makeCertificate(dir, ['localhost']);
    const tls = { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
    await using ircd = await startModernIrcd({ tls, accounts: seeds, sts: { duration: 60 } });
    const says = async (socket: TLSSocket, until: RegExp, ...lines: readonly string[]): Promise<string> => {
      let heard = '';
      return new Promise((resolve, reject) => {
        socket.setEncoding('utf8');
        socket.on('error', reject);
        socket.on('close', () => reject(new Error(heard)));
        socket.on('data', (text: unknown) => {
          heard += String(text);
          if (until.test(heard)) resolve(heard);
        });
        for (const line of lines) socket.write(`${line}\r\n`);
      });
    };
    const login = [
      'CAP LS 302',
      'NICK jules',
      'USER j 0 * :J',
      'CAP REQ :sasl',
      'AUTHENTICATE EXTERNAL',
      'AUTHENTICATE +',
    ];
    const options = { port: ircd.tlsPort ?? 0, host: '127.0.0.1', rejectUnauthorized: false };
    const stranger = connect(options);
    expect(await says(stranger, / 90[34] /, ...login)).toMatch(/ sts=duration=60[ \r].* 904 /s);
    stranger.destroy();
    const fingerprint = createHash('sha256')
      .update(Buffer.from(tls.cert.replace(/-----[^-]+-----|\s/g, ''), 'base64'))
      .digest('hex');
    ircd.trust('juliet', fingerprint);
    const known = connect({ ...options, key: tls.key, cert: tls.cert });
    expect(await says(known, / 90[34] /, ...login)).toMatch(/ 900 jules \S+ Juliet .* 903 /s);
    known.destroy();
  });
});

describe('draft/account-registration', () => {
  const guests = useGuests(() => ({
    accounts: seeds,
    registration: { beforeConnect: false, emailRequired: true, customName: false, verify: true },
  }));

  test('each way of being refused has its code', async () => {
    const client = guests.raw();
    client.send('REGISTER * a@b sesame');
    await client.expect(/ FAIL REGISTER NEED_NICK \* :/);
    client.send('NICK rosa');
    client.send('REGISTER * a@b sesame');
    await client.expect(/ FAIL REGISTER COMPLETE_CONNECTION_REQUIRED :/);
    client.send('VERIFY rosa x');
    await client.expect(/ FAIL VERIFY COMPLETE_CONNECTION_REQUIRED :/);
    client.send('USER rosa 0 * :Rosa');
    await client.expect(/ 376 /);
    for (const [line, code] of [
      ['REGISTER other a@b sesame', 'ACCOUNT_NAME_MUST_BE_NICK other'],
      ['REGISTER * * sesame', 'INVALID_EMAIL rosa'],
      ['REGISTER * a@b x', 'WEAK_PASSWORD rosa'],
      [`REGISTER * a@b ${'x'.repeat(301)}`, 'UNACCEPTABLE_PASSWORD rosa'],
      ['REGISTER a,b a@b sesame', 'BAD_ACCOUNT_NAME a,b'],
    ] as const) {
      client.send(line);
      await client.expect(new RegExp(`^:modern.test FAIL REGISTER ${code.replace('*', '\\*')} :`));
    }
    client.send('NICK juliet');
    client.send('REGISTER * a@b sesame');
    await client.expect(/ FAIL REGISTER ACCOUNT_EXISTS juliet :/);
  });

  test('a code is mailed, and until it comes back nobody can log in', async () => {
    const client = await guests.guest('rosa', 'sasl');
    client.send('REGISTER * rosa@verona.it petals');
    await client.expect(/ REGISTER VERIFICATION_REQUIRED rosa :/);
    client.send('AUTHENTICATE PLAIN');
    client.send(`AUTHENTICATE ${base64('\0rosa\0petals')}`);
    await client.expect(/ 904 rosa :/);
    client.send('VERIFY rosa guess');
    await client.expect(/ FAIL VERIFY INVALID_CODE rosa :/);
    const [mail] = guests.ircd.mails;
    expect(mail).toMatchObject({ to: 'rosa@verona.it', account: 'rosa' });
    client.send(`VERIFY rosa ${mail?.code}`);
    await client.expect(/ VERIFY SUCCESS rosa :/);
    await client.expect(/ 900 rosa \S+ rosa :/);
    client.send('VERIFY rosa x');
    await client.expect(/ FAIL VERIFY ALREADY_AUTHENTICATED rosa :/);
    client.send('REGISTER * a@b sesame');
    await client.expect(/ FAIL REGISTER ALREADY_AUTHENTICATED rosa :/);
  });
});

describe('an account is required', () => {
  const guests = useGuests(() => ({ accountRequired: true, accounts: seeds, password: 'open' }));

  test('without one there is no welcome; with one there is, and with before-connect one can be made first', async () => {
    const client = guests.raw();
    for (const line of ['PASS open', 'NICK x', 'USER x 0 * :x']) client.send(line);
    await client.expect(/ FAIL \* ACCOUNT_REQUIRED :/);
    await client.expect(/^:modern.test ERROR :/);
    const other = guests.raw();
    for (const line of ['CAP LS 302', 'PASS open', 'NICK x', 'USER x 0 * :x', 'REGISTER x * sesame', 'CAP END'])
      other.send(line);
    await other.expect(/ REGISTER SUCCESS x :/);
    await other.expect(/ 001 x /);
    await other.expect(/ 005 .*draft\/ACCOUNTREQUIRED/);
    const rude = guests.raw();
    for (const line of ['PASS shut', 'NICK y', 'USER y 0 * :y']) rude.send(line);
    await rude.expect(/ 464 y :/);
  });
});
