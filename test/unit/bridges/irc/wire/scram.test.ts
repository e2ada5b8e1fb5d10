/** SCRAM and SASLprep by the RFCs' own examples, against a server written by itself, and against servers that cheat. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saslprep } from '../../../../../bridges/irc/wire/saslprep.ts';
import { createScram } from '../../../../../bridges/irc/wire/scram.ts';
import { scramServer } from '../../../../harness/scram-server.ts';

test('RFC 7677 §3: the example, word by word', async () => {
  const scram = createScram('sha256', 'user', 'pencil', 'rOprNGfwEbeRWgbNEkqO');
  expect(await scram.respond('')).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
  expect(scram.begun).toBe(false);
  expect(
    await scram.respond('r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'),
  ).toBe('c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=');
  expect([scram.begun, scram.verified]).toEqual([true, false]);
  expect(await scram.respond('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toBe('');
  expect(scram.verified).toBe(true);
  await expect(scram.respond('')).rejects.toThrow(/after the end/);
});

describe.each(['sha256', 'sha512'] as const)('%s', (hash) => {
  const account = { name: 'ju=li,et', password: 'pàss wörd' };

  test('both sides agree, whatever the name', async () => {
    const server = scramServer(hash, account);
    const scram = createScram(hash, account.name, account.password);
    const proof = await scram.respond(server.first(await scram.respond('')));
    await scram.respond(server.final(proof) ?? 'nothing');
    expect(scram.verified).toBe(true);
  });

  test('a wrong password has no proof', async () => {
    const server = scramServer(hash, account);
    const scram = createScram(hash, account.name, 'wrong');
    expect(server.final(await scram.respond(server.first(await scram.respond(''))))).toBeUndefined();
  });

  test('a server that does not know the password is found out', async () => {
    const server = scramServer(hash, account, { forge: true });
    const scram = createScram(hash, account.name, account.password);
    const proof = await scram.respond(server.first(await scram.respond('')));
    await expect(scram.respond(server.final(proof) ?? '')).rejects.toThrow(/could not prove/);
    expect(scram.verified).toBe(false);
  });
});

describe('a server that cheats', () => {
  const answer = async (challenge: string) => {
    const scram = createScram('sha256', 'user', 'pencil', 'mine');
    await scram.respond('');
    return scram.respond(challenge);
  };
  test.each([
    ['r=other,s=QUJD,i=4096', /somebody else/],
    ['r=mine,s=QUJD,i=4096', /somebody else/],
    ['r=mine1,s=,i=4096', /no salt/],
    ['r=mine1,s=QUJD,i=1', /fewer rounds/],
    ['r=mine1,s=QUJD,i=99999999', /fewer rounds/],
    ['r=mine1,s=QUJD,i=-4096', /fewer rounds/],
    ['r=mine1,s=QUJD', /fewer rounds/],
    ['m=x,r=mine1,s=QUJD,i=4096', /extension/],
    ['', /somebody else/],
  ])('%s', async (challenge, why) => {
    await expect(answer(challenge)).rejects.toThrow(why);
  });

  test('an error instead of the signature', async () => {
    const scram = createScram('sha256', 'user', 'pencil', 'mine');
    await scram.respond('');
    await scram.respond('r=mine1,s=QUJD,i=4096');
    await expect(scram.respond('e=invalid-proof')).rejects.toThrow(/invalid-proof/);
  });

  test('whatever it says, nothing but an Error comes of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (challenge) => {
        await expect(answer(challenge)).rejects.toBeInstanceOf(Error);
      }),
      { numRuns: 200 },
    );
  });
});

describe('SASLprep', () => {
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b', 'a b'],
  ])('RFC 4013 §3: %j', (text, prepared) => expect(saslprep(text)).toBe(prepared));

  test.each(['\u0007', '\u200e', '\ue000', '\ufffe', '', '\u00ad', '\u{e0041}'])('refused: %j', (text) =>
    expect(saslprep(text)).toBeUndefined(),
  );
});
