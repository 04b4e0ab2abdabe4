// Whether prices are read with VAT, as consumers pay them, or without, as businesses that deduct it count
// them: chosen by the reader, kept by this browser. Totals to pay always include VAT.

const KEY = 'prix';
const EXCLUDED = 'ht';

class Taxes {
  excluded = $state(false);

  recall(): void {
    this.excluded = localStorage.getItem(KEY) === EXCLUDED;
  }

  choose(excluded: boolean): void {
    if (excluded) localStorage.setItem(KEY, EXCLUDED);
    else localStorage.removeItem(KEY);
    this.excluded = excluded;
  }
}

export const taxes = new Taxes();
