/** XEP-0385 Stateless Inline Media Sharing (SIMS), version 0.2.1: §4.1, a file as a reference has it, read from clients that do not know XEP-0447 yet. */
import { all, attr, child, element, maybe } from '../codec.ts';
import { REFERENCES } from './0372-references.ts';
import { metadata } from './0446-file-metadata.ts';

export const MEDIA_SHARING = 'urn:xmpp:sims:1';

const source = element(REFERENCES, 'reference', { type: attr('type'), uri: attr('uri') });

/** It stands in a reference; what it says of a file is what XEP-0446 says now. */
export const mediaReference = element(REFERENCES, 'reference', {
  media: child(
    element(MEDIA_SHARING, 'media-sharing', {
      file: maybe(element('urn:xmpp:jingle:apps:file-transfer:5', 'file', metadata)),
      sources: child(element(MEDIA_SHARING, 'sources', { references: all(source) })),
    }),
  ),
});
