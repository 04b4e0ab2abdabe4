// Who signed in with this browser, for what the header offers. The session itself is in cookies that
// pages cannot read; this is a reminder, not a permission.

import type { Role } from '$lib/api/schema';

const KEY = 'connecte';
const TEAM = 'equipe';
const ROLES: Role[] = ['client', 'professional', 'manager', 'agent', 'applicant', 'admin'];

class Reminder {
  role: Role | undefined = $state();
  /** Whether the professional acted for has a team: a natural person has none. */
  team = $state(false);

  get signedIn(): boolean {
    return this.role !== undefined;
  }

  recall(): void {
    const kept = localStorage.getItem(KEY);
    this.role = ROLES.find((role) => role === kept);
    this.team = this.role === 'manager' || localStorage.getItem(TEAM) === 'oui';
  }

  begin(role: Role): void {
    localStorage.setItem(KEY, role);
    this.role = role;
    this.team = role === 'manager';
  }

  /** What the account says of the professional. */
  learn(hasTeam: boolean): void {
    this.team = hasTeam;
    localStorage.setItem(TEAM, hasTeam ? 'oui' : 'non');
  }

  end(): void {
    localStorage.removeItem(KEY);
    localStorage.removeItem(TEAM);
    this.team = false;
    this.role = undefined;
  }
}

export const reminder = new Reminder();
