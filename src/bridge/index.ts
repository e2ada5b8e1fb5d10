/** What bridges import as '#bridge': the contract and the core vocabulary. Nothing else of src is theirs to use. */

export * from '../core/authors.ts';
export * from '../core/content.ts';
export * from '../core/counting.ts';
export * from '../core/errors.ts';
export type * from '../core/event.ts';
export * from '../core/few.ts';
export * from '../core/ids.ts';
export type * from '../core/intent.ts';
export * from '../core/localpart.ts';
export * from '../core/picture.ts';
export * from '../core/remembered.ts';
export * from '../core/retry.ts';
export type { Sentences } from '../core/sentences.ts';
export * from '../core/settings.ts';
export * from '../core/sharing-functions.ts';
export * from '../core/sparse.ts';
export type * from './avatars.ts';
export type * from './commands.ts';
export type * from './contact-list.ts';
export type * from './contract.ts';
export * from './fetching.ts';
export type * from './history.ts';
export type * from './login.ts';
export type * from './outline.ts';
export type * from './own-client.ts';
export * from './plain-addresses.ts';
export * from './private-address.ts';
