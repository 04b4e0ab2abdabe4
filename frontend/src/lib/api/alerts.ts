// Alerts: a client is told once when somebody is free for a mission.

import { call, callSignedIn } from './client';
import type { AlertAsked } from './schema';

export const setAlert = (asked: AlertAsked) => callSignedIn('POST', '/api/alerts', { body: asked });

export const listAlerts = () => callSignedIn('GET', '/api/alerts', {});

export const endAlert = (alert: string) =>
  callSignedIn('POST', '/api/alerts/{alert}/end', { path: { alert } });

/** Ends all alerts, by the link of a mail. */
export const leaveAlerts = (token: string) => call('POST', '/api/alerts/leave', { body: { token } });
