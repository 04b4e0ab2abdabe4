// Writes communes.tsv: name, department, postal codes, population, most populous first.
//
//   npm install @etalab/decoupage-administratif@6.0.0 --prefix /tmp/geo
//   node make-communes.mjs /tmp/geo > communes.tsv
//
// Source: the npm package @etalab/decoupage-administratif (MIT), which gathers INSEE's Code officiel
// géographique and legal populations and La Poste's base of postal codes, both under the Licence
// Ouverte 2.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence).
//
// Only present communes that have a postal code and inhabitants are kept: the French Southern Lands
// and Clipperton have none.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = process.argv[2] ?? '.'
const require = createRequire(join(folder, 'package.json'))
const communes = require('@etalab/decoupage-administratif/data/communes.json')

const lines = communes
  .filter(({ type, codesPostaux, population }) =>
    type === 'commune-actuelle' && codesPostaux?.length > 0 && population > 0)
  .sort((a, b) => b.population - a.population || a.code.localeCompare(b.code, 'en'))
  .map(({ nom, departement, codesPostaux, population }) =>
    [nom, departement, [...codesPostaux].sort().join(' '), population].join('\t'))

process.stdout.write(`${lines.join('\n')}\n`)
