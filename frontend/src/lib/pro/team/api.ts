// What a company asks of the API about its team, and both parties of a booking about who comes.

import { call, callSignedIn } from '$lib/api/client';
import type { NewMember } from '$lib/api/schema';

export const readTeam = () => callSignedIn('GET', '/api/professional/members', {});

export const inviteMember = (body: NewMember) =>
  callSignedIn('POST', '/api/professional/invitations', { body });

export const sendInvitationAgain = (invitation: string) =>
  callSignedIn('POST', '/api/professional/invitations/{invitation}/send', { path: { invitation } });

export const takeBackInvitation = (invitation: string) =>
  callSignedIn('DELETE', '/api/professional/invitations/{invitation}', { path: { invitation } });

export const removeMember = (account: string) =>
  callSignedIn('DELETE', '/api/professional/members/{account}', { path: { account } });

export const readInvitation = (token: string) => call('POST', '/api/invitations/read', { body: { token } });

export const joinTeam = (token: string, new_password: string, accepts_terms: boolean) =>
  call('POST', '/api/invitations/accept', { body: { token, new_password, accepts_terms } });

export const readAttendance = (booking: string) =>
  callSignedIn('GET', '/api/bookings/{booking}/attendance', { path: { booking } });
