/** XEP-0153 vCard-Based Avatars, version 1.1: what an available presence says of its sender's picture. */
import { xml } from '../../xml/writer.ts';

/** There is none (§4.1): a client that has an old one forgets it. */
export const noAvatar = xml`<x xmlns='vcard-temp:x:update'><photo/></x>`;
