import type { Profile } from '$lib/api/schema';
import { describe, expect, it } from 'vitest';
import { faultsOf, fieldOf, profileWith, stepOf, typedOf } from './profile';

const known: Profile = {
  kind: 'legal',
  legal_form: 'SAS',
  denomination: 'Estuaire Sûreté',
  siren: '910000017',
  siret: '91000001700012',
  registry: { type: 'rcs', town: 'Lyon' },
  vat_status: 'registered',
  vat_number: 'FR53910000017',
  establishment: { street: '1 place Bellecour', postal_code: '69002', town: 'Lyon' },
  head_office: null,
  phone: '+33472000000',
  description: null,
  managers: [{ id: 'mgr_1', name: 'Dominique Leroy' }],
  agents: [],
  mediator: null,
};

describe('a registration as it is typed', () => {
  it('sends one step and keeps what is known of the others', () => {
    const typed = { ...typedOf(known), vat_status: 'franchise' as const, denomination: 'Autre' };
    const sent = profileWith(known, typed, 'tva');
    expect(sent).toMatchObject({
      vat_status: 'franchise',
      vat_number: null,
      denomination: 'Estuaire Sûreté',
    });
  });

  it('forgets the numbers of another enterprise when the SIREN changes', () => {
    const typed = { ...typedOf(known), siren: '910 000 025' };
    expect(profileWith(known, typed, 'identite')).toMatchObject({ siret: null, vat_number: null });
    expect(profileWith(known, typedOf(known), 'identite')).toMatchObject({ siret: '91000001700012' });
  });

  it('lets an empty answer come later and says what is wrong with the others', () => {
    const typed = { ...typedOf(known), siren: '910000018', description: '' };
    const faults = faultsOf(typed, 'identite');
    expect(faults['siren']).toMatch(/n’existe pas/);
    expect(faults['description']).toBeUndefined();
  });

  it('sends people who were named, with the identifier that they have', () => {
    const typed = typedOf(known);
    typed.managers.push({ id: null, name: ' ' });
    const sent = profileWith(known, typed, 'equipe');
    expect(sent.managers).toEqual([{ id: 'mgr_1', name: 'Dominique Leroy' }]);
    expect(sent.agents).toEqual([]);
  });

  it('says where what is missing is given', () => {
    expect(stepOf({ code: 'document_insurance', label: '' })).toBe('documents');
    expect(stepOf({ code: 'document_conditions_of_sale', label: '' })).toBe('conditions');
    expect(stepOf({ code: 'email_verification', label: '' })).toBeUndefined();
  });

  it('shows a refusal at its field', () => {
    expect(fieldOf('field_invalid', 'profile.siren')).toBe('siren');
    expect(fieldOf('field_invalid', 'profile.establishment.postal_code')).toBe('postal_code');
    expect(fieldOf('field_invalid', 'profile.head_office.postal_code')).toBe('office_postal_code');
    expect(fieldOf('siret_of_another', undefined)).toBe('siret');
  });
});
