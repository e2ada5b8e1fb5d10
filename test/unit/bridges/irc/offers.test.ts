/** A server that offers more or less than when it let us in (cap-notify): what the session can do is another thing, and that is told (CHECKLIST 115-07). */
import { expect, test } from 'vitest';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();

test('115-07 what comes and goes is told as being ready anew; what is offered before we are in is not', async () => {
  const { us, server } = await puppets.meet({ caps: 'message-tags draft/message-redaction' });
  await using _ = us;
  const states = () => us.events.all.flatMap((event) => (event.kind === 'state' ? [event.state] : []));
  expect([us.live.retractions !== undefined, states()]).toEqual([true, []]);
  server.say(':s.test CAP juliet DEL :draft/message-redaction');
  expect((await us.event('state')).state).toBe('ready');
  expect(us.live.retractions).toBeUndefined();
  server.say(':s.test CAP juliet NEW :draft/message-redaction');
  await server.expect(/^CAP REQ :?draft\/message-redaction$/);
  server.say(':s.test CAP juliet ACK :draft/message-redaction');
  await us.event('state');
  await mark({ us, server });
  expect([us.live.retractions !== undefined, states()]).toEqual([true, ['ready', 'ready']]);
});
