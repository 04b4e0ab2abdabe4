// Who signed in with this browser, for what the header offers. The session itself is in cookies that
// pages cannot read; this is a reminder, not a permission.

import type { Role } from '$lib/api/schema';

const KEY = 'connecte';
const ROLES: Role[] = ['client', 'professional', 'applicant', 'admin'];

class Reminder {
  role: Role | undefined = $state();

  get signedIn(): boolean {
    return this.role !== undefined;
  }

  recall(): void {
    const kept = localStorage.getItem(KEY);
    this.role = ROLES.find((role) => role === kept);
  }

  begin(role: Role): void {
    localStorage.setItem(KEY, role);
    this.role = role;
  }

  end(): void {
    localStorage.removeItem(KEY);
    this.role = undefined;
  }
}

export const reminder = new Reminder();
