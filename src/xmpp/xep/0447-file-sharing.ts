/** XEP-0447 Stateless file sharing, version 0.3.1: §3.1, a file by what it is and where it lies; of the sources addresses only (XEP-0103). */
import { all, attr, child, element, maybe, oneOf, optionalAttr, type TypeOf } from '../codec.ts';
import { fileMetadata } from './0446-file-metadata.ts';

export const FILE_SHARING = 'urn:xmpp:sfs:0';

const urlData = element('http://jabber.org/protocol/url-data', 'url-data', { target: attr('target') });
const sources = element(FILE_SHARING, 'sources', { urls: all(urlData) });

export const fileSharing = element(FILE_SHARING, 'file-sharing', {
  disposition: optionalAttr('disposition', oneOf('inline', 'attachment')),
  id: optionalAttr('id'),
  file: maybe(fileMetadata),
  sources: child(sources),
});
export type FileSharing = TypeOf<typeof fileSharing>;
