/** Slow lines, by which tests are found that race: ISTHMUS_LAG says whose words come how many milliseconds late, as in `discord=400` or `xmpp=300,irc=300`. */

/**
 * Who may be slow: the people of Jabber and of IRC, what Discord's gateway tells, and what its API answers to what it has done already; and
 * our own lines to the IRC server (`uplink`) and to the XMPP server (`component`), beside which everybody else is quick.
 */
type Slow = 'xmpp' | 'irc' | 'discord' | 'rest' | 'uplink' | 'component';

const lags = new Map(
  (process.env.ISTHMUS_LAG ?? '').split(',').map((one) => {
    const [who, ms] = one.split('=');
    return [who, Number(ms)] as const;
  }),
);

/** By how many milliseconds they are slow. */
export const lagOf = (who: Slow): number => lags.get(who) ?? 0;

/** Does it at once, or as late as they are; in the order in which it was asked for. */
export function inTime(who: Slow, act: () => void): void {
  const ms = lagOf(who);
  if (ms === 0) act();
  else setTimeout(act, ms);
}
