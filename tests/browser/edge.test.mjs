// CloudFront's function of infra/template.yaml: every address of the built site leads to its file,
// and every other one to the page that says so. `UPDATE_DOCS=1` writes the lists into the template.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ROOT } from './start.mjs';

const TEMPLATE = path.join(ROOT, 'infra/template.yaml');
const BUILD = path.join(ROOT, 'frontend/build');
const addresses = JSON.parse(readFileSync(path.join(BUILD, 'addresses.json'), 'utf8'));

function listed(template) {
  return Object.entries({
    PAGES: addresses.pages,
    FILES: addresses.files,
    APPLICATION: addresses.application,
  }).reduce(
    (text, [name, list]) =>
      text.replace(
        new RegExp(`^( +)var ${name} = \\[.*\\];$`, 'm'),
        (_, indent) => `${indent}var ${name} = ${JSON.stringify(list)};`,
      ),
    template,
  );
}

function handler() {
  const template = readFileSync(TEMPLATE, 'utf8');
  const [, indented] = /FunctionCode: \|\n((?: {8}.*\n)+)/.exec(template);
  return new Function(`${indented}; return handler;`)();
}

function leads(uri) {
  return handler()({ context: { eventType: 'viewer-request' }, request: { uri } }).uri;
}

test('the template lists the addresses of the built site', () => {
  const template = readFileSync(TEMPLATE, 'utf8');
  if (process.env.UPDATE_DOCS) writeFileSync(TEMPLATE, listed(template));
  assert.equal(readFileSync(TEMPLATE, 'utf8'), listed(template), 'run UPDATE_DOCS=1 node --test edge.test.mjs');
});

test('an address leads to a file that exists', () => {
  const pages = addresses.pages.filter((address) => address !== '/404');
  const known = [...pages, ...addresses.files, '/reservations/bkg_01', '/recherche/'];
  for (const address of known) {
    assert.ok(existsSync(path.join(BUILD, leads(address))), address);
    assert.notEqual(leads(address), '/404.html', address);
  }
  assert.equal(leads('/'), '/index.html');
  assert.equal(leads('/reservations/bkg_01/annuler'), '/200.html');
  assert.equal(leads('/_app/immutable/x.js'), '/_app/immutable/x.js');
});

test('any other address leads to the page that says so, with status 404', () => {
  for (const address of ['/rien', '/reservations//annuler', '/wp-login.php', '/recherche.html', '/addresses.json', '/../etc']) {
    assert.equal(leads(address), '/404.html', address);
  }
  const answered = (uri) =>
    handler()({
      context: { eventType: 'viewer-response' },
      request: { uri },
      response: { statusCode: 200 },
    }).statusCode;
  assert.equal(answered('/404.html'), 404);
  assert.equal(answered('/index.html'), 200);
});
