/** XEP-0504 Data Policy, version 0.1.0: what becomes of what users entrust to a service and to the network behind it, as forms in disco#info (§3). */
import { type DataForm, typedForm, valueField } from './0004-data-forms.ts';

const DATA_POLICY = 'urn:xmpp:data-policy:0';

export interface ServicePolicy {
  /** How long messages are kept at most. */
  readonly retentionHours: number | 'infinite' | 'unknown';
  /** Users can take what is kept of them, and have it deleted. */
  readonly canExport: boolean;
  readonly canErase: boolean;
}

const flag = (name: string, is: boolean) => valueField(name, [is ? 'true' : 'false'], 'boolean');

/** Of a gateway: it signs in with what users give it, and its operators could look. */
export const servicePolicy = ({ retentionHours, canExport, canErase }: ServicePolicy): DataForm =>
  typedForm('result', DATA_POLICY, [
    valueField('auth_data', ['plain'], 'list-single'),
    valueField('data_retention', [String(retentionHours)], 'text-single'),
    flag('data_deletion', canErase),
    flag('data_export', canExport),
    flag('full_erasure', canErase),
    flag('encryption_at_rest', false),
    valueField('access_policy', ['admins'], 'list-multi'),
  ]);

/** Of the network behind it, named by the identity's category and type: how it is reached is known, what it keeps is not. */
export const networkPolicy = (category: string, type: string, isEncrypted: boolean): DataForm =>
  typedForm('result', `urn:xmpp:data-policy:identity:${category}:${type}:0`, [
    valueField('data_transmission', [isEncrypted ? 'encrypted' : 'plain'], 'list-single'),
    ...(isEncrypted ? [valueField('encryption_algorithm', ['TLS'], 'text-single')] : []),
    valueField('data_retention', ['unknown'], 'text-single'),
  ]);
