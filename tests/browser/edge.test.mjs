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

// The functions of the template by their names in it.
function handlers() {
  const template = readFileSync(TEMPLATE, 'utf8');
  const found = template.matchAll(/^ {2}(\w+):\n {4}Type: AWS::CloudFront::Function\n[^]*?FunctionCode: \|\n((?: {8}.*\n)+)/gm);
  return Object.fromEntries(
    [...found].map(([, name, code]) => [name, new Function(`${code}; return handler;`)()]),
  );
}

function handler() {
  return handlers().SiteAddresses;
}

function asked(uri, host = 'monagentdesecu.com', querystring = {}) {
  return { context: { eventType: 'viewer-request' }, request: { uri, headers: { host: { value: host } }, querystring } };
}

function leads(uri) {
  return handler()(asked(uri)).uri;
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

test('www. leads to the bare name with the whole address, whoever would have answered', () => {
  const both = handlers();
  assert.deepEqual(Object.keys(both), ['SiteAddresses', 'BareName']);
  for (const [name, handle] of Object.entries(both)) {
    const query = { after: { value: '2' }, lieu: { value: 'Lyon', multiValue: [{ value: 'Lyon' }, { value: 'Saint-%C3%89tienne' }] } };
    const moved = handle(asked('/professionnels/bastion', 'www.monagentdesecu.com', query));
    assert.equal(moved.statusCode, 301, name);
    assert.equal(
      moved.headers.location.value,
      'https://monagentdesecu.com/professionnels/bastion?after=2&lieu=Lyon&lieu=Saint-%C3%89tienne',
    );
    assert.equal(handle(asked('/', 'www.monagentdesecu.com')).headers.location.value, 'https://monagentdesecu.com/');
    for (const host of ['monagentdesecu.com', 'd111.cloudfront.net', 'wwwhat.example.org']) {
      assert.equal(handle(asked('/professionnels/bastion', host)).statusCode, undefined, host);
    }
  }
  assert.equal(both.BareName(asked('/professionnels/bastion')).uri, '/professionnels/bastion');
});
