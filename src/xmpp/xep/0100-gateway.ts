/** XEP-0100 Gateway Interaction, version 1.0: §6.3, from what people type to an address. */
import { childText, element } from '../codec.ts';

export const GATEWAY = 'jabber:iq:gateway';

/** In an answer to a get `desc` is a sentence and `prompt` a label; in a set `prompt` is what was typed, and `jid` its answer. */
export const gatewayPrompt = element(GATEWAY, 'query', {
  desc: childText('desc'),
  prompt: childText('prompt'),
  jid: childText('jid'),
});
