/** /join with an address, as Jabber clients' own command has it. */
import { expect, test } from 'vitest';
import { chatId } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom } = usePuppets();
const type = (us: TestSession, text: string) => us.live.commands?.run(chatId('#room'), text, live());

test('it takes the address that a room has here, and none of another server', async () => {
  const { us } = await inRoom();
  await using _ = us;
  expect(await type(us, '/join #tomb%irc.test@gateway.example')).toMatch(/invitation to #tomb: /);
  expect(await us.event('invited')).toMatchObject({ chat: '#tomb' });
  const several = '#a%IRC.test@gateway.example,#b=25c%irc.test@gateway.example,#50%';
  expect(await type(us, `/join ${several}`)).toMatch(/invitation to #a, #b%c, #50%: /);
  await expect(type(us, '/join #tomb%irc.other@gateway.example')).rejects.toMatchObject({
    code: 'bad-address',
    message: '#tomb%irc.other@gateway.example is no channel of irc.test.',
  });
});
