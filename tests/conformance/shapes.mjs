// Compares calls with Stripe's OpenAPI document: what was asked and what was answered.

import Ajv from 'ajv';

/** The differences, as text. `/v2` is not in the document: its calls are passed over. */
export function check(exchanges, document) {
  const components = { schemas: mapped(document.components.schemas, closed) };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: false });
  const forms = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: true });
  for (const each of [ajv, forms]) each.addSchema({ $id: 'stripe', components });
  const compiled = new Map();
  const differences = new Set();
  const compare = (validator, name, schema, value) => {
    if (!compiled.has(name)) compiled.set(name, validator.compile(rooted(closed(schema))));
    const validate = compiled.get(name);
    if (validate(structuredClone(value))) return;
    for (const error of validate.errors) {
      const extra = error.params.additionalProperty ?? '';
      differences.add(`${name}: ${error.instancePath} ${error.message} ${extra}`.trim());
    }
  };
  for (const { method, path, asked, status, answer } of exchanges) {
    if (!path.startsWith('/v1/')) continue;
    const template = templateOf(path, document);
    const operation = document.paths[template]?.[method.toLowerCase()];
    if (!operation) {
      if (status < 400) differences.add(`${method} ${path}: not in the document`);
      continue;
    }
    const name = `${method} ${template}`;
    if (status < 400) {
      if (method === 'GET') compare(forms, `${name} query`, querySchema(operation), asked);
      const form = operation.requestBody?.content?.['application/x-www-form-urlencoded']?.schema;
      if (method === 'POST' && form) compare(forms, `${name} form`, form, asked);
    }
    const said = operation.responses[status] ?? operation.responses.default;
    const kind = status < 400 ? status : 'error';
    compare(ajv, `${name} ${kind}`, said.content['application/json'].schema, answer);
  }
  return [...differences];
}

/** The path of the document with fixed parts first: `/v1/a/search` before `/v1/a/{id}`. */
function templateOf(path, document) {
  if (document.paths[path]) return path;
  const matches = (template) =>
    new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  return Object.keys(document.paths).find(matches);
}

function querySchema(operation) {
  const inQuery = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  return {
    type: 'object',
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])),
    required: inQuery.filter(({ required }) => required).map(({ name }) => name),
  };
}

/**
 * The schema with `nullable` said as JSON Schema says it, and with nothing allowed that it does not
 * list. What is under `properties` is named by Stripe: only the schemas below the names are closed.
 */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, properties, ...rest } = schema;
  const inner = mapped(rest, closed);
  if (properties) inner.properties = mapped(properties, closed);
  const lists = properties && Object.keys(properties).length > 0;
  if (lists && inner.additionalProperties === undefined) inner.additionalProperties = false;
  return nullable === true ? { anyOf: [inner, { type: 'null' }] } : inner;
}

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

function rooted(schema) {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"stripe#/components/'));
}
