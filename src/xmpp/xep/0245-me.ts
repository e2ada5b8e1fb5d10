/** XEP-0245 The /me Command, version 1.0: §2, what somebody does rather than says. */

const prefix = '/me ';

/** The text behind "/me "; undefined where the text is no action. */
export const actionOf = (body: string): string | undefined =>
  body.startsWith(prefix) ? body.slice(prefix.length) : undefined;

/** The body that shows an action. */
export const actionBody = (action: string): string => prefix + action;
