/** Pictures of those for whom an account speaks: asked for once, waited for a moment, asked for again when they change. */
import { expect, test } from 'vitest';
import { createSpeakerPictures } from '../../../src/accounts/speaker-pictures.ts';
import type { IqAnswer } from '../../../src/gateway/client-iqs.ts';
import type { PictureRow } from '../../../src/storage/avatar-ports.ts';
import { readStanza } from '../../../src/xmpp/stanza.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { parse } from '../../harness/markup.ts';
import { base64, png, sha1 } from '../../harness/pictures.ts';
import { silentLog } from '../../harness/silent-log.ts';

const juliet = { nick: 'juliet', jid: 'juliet@capulet.test' };
const nurse = { nick: 'nurse', jid: 'piazza@muc.test/nurse', askedBy: 'herald@gateway.test' };
const link = (shade: number): string => `https://gateway.test/${sha1(png(shade))}`;
const hour = 3_600_000;

function setUp() {
  const clock = createManualClock();
  const asked: string[] = [];
  const kept: (PictureRow | undefined)[] = [];
  let photo = `<PHOTO><BINVAL>${base64(png(1))}</BINVAL></PHOTO>`;
  let answer: (() => Promise<IqAnswer | undefined>) | undefined;
  const pictures = createSpeakerPictures({
    domain: 'gateway.test',
    iqs: {
      ask({ from, to }) {
        asked.push(`${from} ${to}`);
        const usual = { id: '1', from: to, payload: parse(`<vCard xmlns='vcard-temp'>${photo}</vCard>`) };
        return answer?.() ?? Promise.resolve(usual);
      },
    },
    store: {
      async keep(_, __, row) {
        kept.push(row);
      },
    },
    link: (hash) => `https://gateway.test/${hash}`,
    clock,
    log: silentLog,
  });
  return {
    ...{ clock, asked, kept, pictures },
    wear: (inside: string) => {
      photo = inside;
    },
    answerBy: (other: typeof answer) => {
      answer = other;
    },
    presence(from: string, inside = '', type = '') {
      const stanza = readStanza(
        parse(`<presence xmlns='jabber:client' from='${from}' to='x@gateway.test'${type}>${inside}</presence>`),
      );
      if (stanza === undefined) throw new Error('a presence');
      pictures.heard(stanza);
    },
  };
}

const update = (hash: string): string => `<x xmlns='vcard-temp:x:update'><photo>${hash}</photo></x>`;

test('asked by the gateway or by another occupant, once, and kept', async () => {
  const { pictures, asked, kept } = setUp();
  expect(await Promise.all([pictures.of(juliet), pictures.of(juliet)])).toEqual([link(1), link(1)]);
  expect(pictures.of(juliet)).toBe(link(1));
  expect(await pictures.of(nurse)).toBe(link(1));
  expect(asked).toEqual(['gateway.test juliet@capulet.test', 'herald@gateway.test piazza@muc.test/nurse']);
  expect(kept.map((row) => row?.hash)).toEqual([sha1(png(1)), sha1(png(1))]);
  expect(pictures.of({ nick: 'nobody' })).toBeUndefined();
});

test('an hour later it is looked at again, and meanwhile it is the old one', async () => {
  const { pictures, asked, wear, clock } = setUp();
  await pictures.of(juliet);
  wear('');
  await clock.advance(hour);
  expect(pictures.of(juliet)).toBe(link(1));
  await clock.advance(0);
  expect(pictures.of(juliet)).toBeUndefined();
  expect(asked).toHaveLength(2);
});

test('whoever does not answer has none, later on the one that they had; nobody waits for long', async () => {
  const { pictures, answerBy, clock } = setUp();
  answerBy(() => new Promise(() => undefined));
  const waiting = pictures.of(juliet);
  await clock.advance(2_000);
  expect(await waiting).toBeUndefined();
  answerBy(() => Promise.resolve(undefined));
  expect(await pictures.of(nurse)).toBeUndefined();
  answerBy(() => Promise.reject(new Error('broken')));
  expect(await pictures.of({ ...nurse, jid: 'piazza@muc.test/peter' })).toBeUndefined();
});

test('084-10 another hash is another picture; an occupant who goes leaves no picture to who comes', async () => {
  const { pictures, asked, wear, presence } = setUp();
  await pictures.of(juliet);
  await pictures.of(nurse);
  presence('juliet@capulet.test/balcony', update(sha1(png(1))));
  presence('juliet@capulet.test/balcony', '', " type='unavailable'");
  presence('juliet@capulet.test/balcony');
  expect(pictures.of(juliet)).toBe(link(1));
  wear(`<PHOTO><BINVAL>${base64(png(2))}</BINVAL></PHOTO>`);
  presence('juliet@capulet.test/balcony', update(sha1(png(2))));
  presence('piazza@muc.test/nurse', '', " type='unavailable'");
  expect(await pictures.of(juliet)).toBe(link(2));
  expect(await pictures.of(nurse)).toBe(link(2));
  expect(asked).toHaveLength(4);
});

test('an address that has become somebody else’s has no picture of before, however many speak', async () => {
  const { pictures, asked, presence, answerBy } = setUp();
  await pictures.of(nurse);
  answerBy(() => Promise.resolve(undefined));
  for (let i = 0; i < 2_500; i++) await pictures.of({ nick: 'guest', jid: `piazza@muc.test/guest ${i}` });
  presence(nurse.jid, '', ` type='unavailable'`);
  expect(await pictures.of(nurse)).toBeUndefined();
  expect(asked.at(-1)).toBe('herald@gateway.test piazza@muc.test/nurse');
});
