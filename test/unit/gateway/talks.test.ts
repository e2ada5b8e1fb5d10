/** Whose a conversation by a shared account is: as both wish, as its owner lets them, and as they are admitted. */
import { expect, test } from 'vitest';
import { talkerOf } from '../../../src/accounts/wishes.ts';
import { chatId } from '../../../src/core/ids.ts';
import type { Settings } from '../../../src/core/settings.ts';
import { partnerOf, saidOfTalks, talkerIn, wishedIn } from '../../../src/gateway/talks.ts';

const romeo = 'romeo@test';
const both: Settings = { talk_here: romeo, talk_there: romeo };
const ann = chatId('42');

test.each<[string, Settings, string | undefined]>([
  ['nobody has said anything', {}, undefined],
  ['one side wishes it', { talk_here: romeo }, undefined],
  ['the other side wishes it', { talk_there: romeo }, undefined],
  ['they wish for somebody else', { talk_here: romeo, talk_there: 'juliet@test' }, undefined],
  ['both wish it', both, romeo],
  ['the owner has switched it off', { ...both, talks: false }, undefined],
  ['what is kept is no name', { talk_here: true, talk_there: true }, undefined],
])('%s', (_, settings, talker) => {
  expect(talkerIn(settings)).toBe(talker);
});

test('who is admitted no more has no conversation: it is the owner’s', () => {
  const account = { id: 'one' as never, owner: 'operator@test', on: '=~+bot' };
  const admitted = new Set([romeo]);
  const talker = talkerOf({ inRoom: () => both }, (jid) => admitted.has(jid));
  expect(partnerOf({ account, talker }, ann)).toBe(romeo);
  admitted.clear();
  expect(partnerOf({ account, talker }, ann)).toBe('operator@test');
  expect(partnerOf({ account }, ann)).toBe('operator@test');
});

test.each([
  ['stop', { is: 'stop' }],
  [' Stop\n', { is: 'stop' }],
  ['talk romeo@test', { is: 'talk', named: 'romeo@test', jid: romeo }],
  ['Talk xmpp:Romeo@Test/phone', { is: 'talk', named: 'Romeo@Test/phone', jid: romeo }],
  ['talk @@@', { is: 'talk', named: '@@@', jid: undefined }],
  ['stop it', undefined],
  ['talk to romeo@test', undefined],
  ['let us talk', undefined],
  ['', undefined],
])('%j is about whom they talk with, or is said to them', (text, said) => {
  expect(saidOfTalks(text)).toEqual(said);
});

test('when somebody was asked is a time, or never', () => {
  expect(wishedIn({ talk_asked: '1700000000000' })).toMatchObject({ askedAt: 1_700_000_000_000, toldAt: 0 });
});
