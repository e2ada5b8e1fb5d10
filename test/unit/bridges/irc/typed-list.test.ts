/** /list: some of a server's channels, and that there are more. */
import { expect, test } from 'vitest';
import { germanSentences } from '../../../../bridges/irc/sentences-german.ts';
import { chatId } from '../../../../src/bridge/index.ts';
import { createTranslate } from '../../../../src/core/sentences.ts';
import { answerIn } from '../../../../src/gateway/translation.ts';
import { live } from '../../../harness/irc-session.ts';
import { usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom } = usePuppets();

test('the fifty biggest, and that there are more; those of a size', async () => {
  const { us, server } = await inRoom('juliet', { isupport: 'CHANTYPES=# ELIST=MU SAFELIST' });
  await using _ = us;
  const rows = Array.from({ length: 60 }, (_unused, at) => `:s.test 322 juliet #c${at} ${at} :topic`);
  server.answer = (line) => (line.startsWith('LIST') ? [...rows, ':s.test 323 juliet :End'] : []);
  const list = async (text: string) => (await us.live.commands?.run(chatId('#room'), text, live()))?.split('\n') ?? [];
  const all = await list('/list');
  expect([all.length, all[0], all[49]]).toEqual([51, '#c59 (59)', '#c10 (10)']);
  expect(all.at(-1)).toMatch(/^… and more\. \/list WORD/);
  expect(await list('/list >57')).toEqual(['#c59 (59)', '#c58 (58)']);
  expect(await list('/list <2')).toEqual(['#c1 (1)', '#c0 (0)']);
  expect(await list('/list c5')).toHaveLength(11);
  expect(await list('/list >59')).toEqual(['No channel was found.']);
});

test('GEN-10 what is added to a list, and other answers, are there in German', () => {
  const translate = createTranslate({ de: germanSentences });
  const more = '… and more. /list WORD finds those with that word in their name.';
  const fifty = Array<string>(50).fill('#a-channel-with-a-long-name (2)').join('\n');
  const { text } = answerIn(`${fifty}\n${more}`, 'de', translate);
  expect(text).toBe(`${fifty}\n… und weitere. /list WORT findet die mit diesem Wort im Namen.`);
  expect(translate('Sent to Romeo.', 'de')).toBe('An Romeo gesendet.');
});
