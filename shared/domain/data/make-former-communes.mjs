// Writes former-communes.tsv: the name of a commune that was merged into another, its department, and the
// commune it belongs to now.
//
//   npm install @etalab/decoupage-administratif@6.0.0 --prefix /tmp/geo
//   node make-former-communes.mjs /tmp/geo > former-communes.tsv
//
// Source and licence: as for communes.tsv. What a present commune is called is left out: that one is meant.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const folder = process.argv[2] ?? '.'
const require = createRequire(join(folder, 'package.json'))
const communes = require('@etalab/decoupage-administratif/data/communes.json')

const folded = (name) =>
  name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/œ/gi, 'oe').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim()

const present = new Map(
  communes
    .filter(({ type, codesPostaux, population }) => type === 'commune-actuelle' && codesPostaux?.length > 0 && population > 0)
    .map((commune) => [commune.code, commune]),
)
const names = new Set([...present.values()].map(({ nom }) => folded(nom)))

const lines = communes
  .filter(({ type, nom }) => ['commune-deleguee', 'commune-associee'].includes(type) && !names.has(folded(nom)))
  .flatMap(({ nom, chefLieu }) => {
    const now = present.get(chefLieu)
    return now ? [[nom, now.departement, now.nom].join('\t')] : []
  })

process.stdout.write(`${[...new Set(lines)].sort().join('\n')}\n`)
