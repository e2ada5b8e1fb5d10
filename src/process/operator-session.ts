/**
 * Who may see the operator's page: whoever has shown its token to any process of this gateway. What the browser keeps is signed by a key that is made of the
 * token, so all processes know it, a restart forgets nobody, and another token ends all of it.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../bridge/contract.ts';
import type { Secret } from '../ops/secret.ts';

export interface OperatorSessions {
  /**
   * The cookie's header; undefined: it is wrong. However many wrong ones were tried, the right one opens: what has twenty characters at least is not guessed, and a bound
   * on tries would let anybody who reaches the page keep its operator out.
   */
  logIn(token: string, isSecure: boolean): string | undefined;
  /** What proves that a form is of ours, for whoever has that Cookie header; undefined: they are not logged in. */
  proofOf(cookies: string): string | undefined;
  /** The header that makes the browser forget it. */
  readonly leave: string;
}

const cookieName = 'isthmus-operator';
const openForMs = 8 * 3_600_000;
const attributes = 'HttpOnly; SameSite=Strict';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

/** Nothing is kept here: all that is known of who logged in is in their cookies. */
export function createOperatorSessions(token: Secret, clock: Pick<Clock, 'now'>): OperatorSessions {
  const key = createHmac('sha256', token.reveal()).update('the operator’s page').digest();
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');

  function isOpen(cookie: string): boolean {
    const [until = '', nonce = '', mac = ''] = cookie.split('.');
    return isSame(mac, sign(`open ${until}.${nonce}`)) && Number(until) > clock.now();
  }

  return {
    logIn(tried, isSecure) {
      if (!isSame(tried, token.reveal())) return undefined;
      const open = `${clock.now() + openForMs}.${randomBytes(18).toString('base64url')}`;
      const cookie = `${cookieName}=${open}.${sign(`open ${open}`)}`;
      return `${cookie}; Max-Age=${openForMs / 1_000}; ${attributes}${isSecure ? '; Secure' : ''}`;
    },
    proofOf(cookies) {
      const sent = cookies.split(';').map((pair) => pair.trim());
      const cookie = sent.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
      return cookie !== undefined && isOpen(cookie) ? sign(`form ${cookie}`) : undefined;
    },
    leave: `${cookieName}=; Max-Age=0; ${attributes}`,
  };
}

/** In constant time. */
export const isProof = isSame;
