/** What was said is found in a log, were it there. */
import { expect, test } from 'vitest';
import { logTo } from '../../../src/ops/log.ts';
import { createOverheard } from '../../harness/overheard.ts';

function logged(...what: readonly object[]): readonly string[] {
  const lines: string[] = [];
  const log = logTo({ write: (line) => void lines.push(line) }, 'trace');
  for (const fields of what) log.debug(fields, 'seen');
  return lines;
}

test.each([
  [
    `<message from='romeo@test/desk' to='#a%irc.test@irc'><body>but &quot;soft&quot; &amp; so</body></message>`,
    'but "soft" & so',
  ],
  [
    `<message to='romeo@test' from="#a%irc.test@irc/juliet"><x/><body xml:lang="en">farewell</body></message>`,
    'farewell',
  ],
  [`<message from='romeo@test' to='irc'><body>set sasl_password sesame</body></message>`, 'sesame'],
  [`<iq from='romeo@test' to='irc'><query><username>r</username><password>sesame</password></query></iq>`, 'sesame'],
  [`<iq from='romeo@test'><x><field var='password'><value>sesame</value></field></x></iq>`, 'sesame'],
])('%s', (markup, text) => {
  const overheard = createOverheard();
  overheard.hear(markup);
  expect(overheard.leaks(logged({ deep: { er: `he said: ${text}!` } }))).toContain(text);
  expect(overheard.leaks(logged({ account: 'romeo@test' }))).toEqual([]);
});

test('what servers and the gateway itself say is theirs', () => {
  const overheard = createOverheard();
  overheard.hear(`<message from='irc.test@irc'><body>Closing link</body></message>`);
  overheard.hear(`<message from='irc'><body>You are logged in.</body></message>`);
  expect(overheard.leaks(logged({ reason: 'Closing link' }, { said: 'You are logged in.' }))).toEqual([]);
});
