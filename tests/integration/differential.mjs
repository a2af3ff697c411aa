// LinkedIn's own JavaScript client and this library make the same generated
// calls against a server that records them; both must have sent the same.
//
//   node differential.mjs REST_CLIENT [CALLS [SEED]]
//
// The differences that are wanted stand in `agreed`, each with its reason.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const { RestliClient } = require('linkedin-api-client');
const hosts = require('linkedin-api-client/dist/lib/utils/constants');

const [driver, calls = '10000', seed = '1'] = process.argv.slice(2);

// ---- what is generated (mulberry32)

let state = Number(seed);
function chance(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const pick = (list) => list[chance(list.length)];

const characters = [
  ...'abcXYZ019-_.~!*',
  ...`()':,%&=?/#+ "\\{}[]|<>^@$;`,
  ...'éΩ漢字',
  '😛',
  '\n',
  '\t',
];
const text = (most) =>
  Array.from({ length: chance(most + 1) }, () => pick(characters)).join('');
const word = () => 'abcdefghij'[chance(10)] + chance(1000);
const urn = () =>
  `urn:li:${pick(['share', 'person', 'sponsoredAccount'])}:${chance(1e9)}`;

function scalar() {
  return pick([
    () => text(12),
    () => urn(),
    () => chance(1e9) - 5e8,
    () => chance(1000) / 8,
    () => chance(2) === 1,
    () => '',
  ])();
}

function value(depth) {
  const kind = depth ? chance(6) : 0;
  if (kind < 4) return scalar();
  const n = chance(4);
  if (kind === 4) return Array.from({ length: n }, () => value(depth - 1));
  // names that are no integers: JavaScript would sort them to the front
  return Object.fromEntries(
    Array.from({ length: n }, () => [word() + text(3), value(depth - 1)]),
  );
}

function object(least, most, depth) {
  return Object.fromEntries(
    Array.from({ length: least + chance(most - least + 1) }, () => [
      word() + text(2),
      value(depth),
    ]),
  );
}

const key = () =>
  pick([
    () => 1 + chance(1e9),
    () => urn(),
    () => `k${text(8)}`,
    () => ({ account: urn(), user: urn() }),
  ])();

function query() {
  const made = chance(2) ? object(1, 4, 2) : {};
  if (chance(8) === 0) made.fields = 'id,name,owner:(id,$*)';
  return made;
}

const long = (made) => ({
  ...made,
  longOne: text(9).repeat(900) + 'z'.repeat(4001),
});

const makers = {
  get: () => ({ path: '/things/{id}', keys: { id: key() }, query: query() }),
  batch_get: () => ({
    path: '/things',
    ids: Array.from({ length: 1 + chance(5) }, key),
    query: query(),
  }),
  get_all: () => ({ path: '/things', query: query() }),
  finder: () => ({ path: '/things', name: word(), query: query() }),
  batch_finder: () => ({
    path: '/things',
    name: word(),
    criteria: {
      name: word(),
      value: Array.from({ length: 1 + chance(3) }, () => object(1, 3, 1)),
    },
    query: query(),
  }),
  create: () => ({ path: '/things', body: object(0, 5, 3) }),
  batch_create: () => ({
    path: '/things',
    body: Array.from({ length: chance(4) }, () => object(0, 4, 2)),
  }),
  update: () => ({
    path: '/a/{p}/b/{q}',
    keys: { p: key(), q: key() },
    body: object(0, 5, 3),
  }),
  batch_update: () => batch(() => object(0, 4, 2)),
  partial_update: () => ({
    path: '/things/{id}',
    keys: { id: key() },
    set: object(1, 5, 2),
  }),
  batch_partial_update: () => {
    const made = batch(() => object(1, 4, 2));
    return { path: made.path, ids: made.ids, sets: made.body };
  },
  delete: () => ({ path: '/things/{id}', keys: { id: key() } }),
  batch_delete: () => ({
    path: '/things',
    ids: Array.from({ length: 1 + chance(5) }, key),
  }),
  action: () => ({
    path: '/things',
    name: word(),
    body: chance(3) ? object(1, 4, 2) : undefined,
  }),
};

// Ids that JavaScript keeps in order, each once.
function batch(entity) {
  const ids = [
    ...new Set(Array.from({ length: 1 + chance(4) }, () => urn())),
    ...(chance(2) ? [{ account: urn(), user: urn() }] : []),
  ];
  return { path: '/things', ids, body: ids.map(entity) };
}

const tunnelled = ['get', 'batch_get', 'get_all', 'finder', 'batch_finder'];

function generate() {
  const method = pick(Object.keys(makers));
  const call = { method, ...makers[method]() };
  if (chance(2)) call.version = '202609';
  if (tunnelled.includes(method) && chance(25) === 0)
    call.query = long(call.query);
  if (/update|delete/.test(method) && chance(25) === 0) call.query = long({});
  return call;
}

// ---- the server, and both clients

const seen = [];
const wanted = [
  'authorization',
  'content-type',
  'linkedin-version',
  'x-http-method-override',
  'x-restli-method',
  'x-restli-protocol-version',
];
const server = createServer({ maxHeaderSize: 1 << 17 }, (request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    seen.push({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(
        wanted.map((name) => [name, request.headers[name]]),
      ),
      body: Buffer.concat(pieces).toString(),
    });
    response.setHeader('content-type', 'application/json');
    response.end('{"elements":[],"results":{},"value":{}}');
  });
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;
hosts.NON_VERSIONED_BASE_URL = `${base}/v2`;
hosts.VERSIONED_BASE_URL = `${base}/rest`;

const api = new RestliClient();

function official(call) {
  const camel = call.method.replace(/_(.)/g, (_, c) => c.toUpperCase());
  return api[camel]({
    resourcePath: call.path,
    accessToken: 'TOKEN',
    pathKeys: call.keys,
    queryParams: call.query,
    versionString: call.version,
    ids: call.ids,
    entity: call.body,
    entities: call.body,
    patchSetObject: call.set,
    patchSetObjects: call.sets,
    finderName: call.name,
    finderCriteria: call.criteria,
    actionName: call.name,
    data: call.body,
  });
}

function ours(call) {
  const { criteria, set, sets, query, ...rest } = call;
  const patch = ($set) => ({ patch: { $set } });
  if (set) rest.body = patch(set);
  if (sets) rest.body = sets.map(patch);
  if (criteria) rest.query = { [criteria.name]: criteria.value, ...query };
  else if (query) rest.query = query;
  return JSON.stringify(rest);
}

// ---- what may differ

// Keys of entities in bodies: the official client writes a simple one
// URL-encoded; Rest.li's server takes it as it is, so we send it so.
function entityKeys(body) {
  return body.replace(
    /"(urn%3A[^"]*)":/g,
    (_, k) => `${JSON.stringify(decodeURIComponent(k))}:`,
  );
}

const agreed = {
  // the boundary is anybody's
  boundary(one) {
    const mark = /boundary=(.*)/.exec(one.headers['content-type'] ?? '')?.[1];
    if (!mark) return one;
    return {
      ...one,
      headers: {
        ...one.headers,
        'content-type': 'multipart/mixed; boundary=B',
      },
      body: one.body.split(mark).join('B'),
    };
  },
  // Rest.li's server compares the method without case
  methodCase: (one) => ({
    ...one,
    headers: {
      ...one.headers,
      'x-restli-method': one.headers['x-restli-method']?.toLowerCase(),
    },
  }),
  entityKeys: (one) => ({ ...one, body: entityKeys(one.body) }),
  // "?&fields=" where fields is alone: a slip of the official client
  lonelyFields: (one) => ({
    ...one,
    url: one.url.replace('?&', '?'),
    body: one.body.replace(/^&fields=/, 'fields='),
  }),
  // an action without parameters: null there; Rest.li wants an object
  nullAction: (one) =>
    one.headers['x-restli-method'] === 'action' && one.body === 'null'
      ? { ...one, body: '{}' }
      : one,
  // a tunnelled DELETE: the official client says that it was a GET
  deleteOverride: (one) =>
    /delete/.test(one.headers['x-restli-method'])
      ? {
          ...one,
          headers: { ...one.headers, 'x-http-method-override': undefined },
        }
      : one,
  // what has no body needs no type; the official client always gives one
  noBody: (one) =>
    one.body
      ? one
      : { ...one, headers: { ...one.headers, 'content-type': undefined } },
  // the empty text: both encode it as '', but the URL parser under the official
  // client makes that %27%27 on the wire, which Rest.li reads as two apostrophes
  emptyText: (one) => ({ ...one, url: one.url.replaceAll("''", '%27%27') }),
  // a tunnelled request's parts may end in a line end
  lastLine: (one) => ({ ...one, body: one.body.replace(/--B--\r\n$/, '--B--') }),
};
const plain = (one) =>
  JSON.stringify(Object.values(agreed).reduce((x, step) => step(x), one));

const list = Array.from({ length: Number(calls) }, generate);
for (const call of list) await official(call);
const theirs = seen.splice(0);
writeFileSync('calls.jsonl', list.map(ours).join('\n') + '\n');
const { stdout } = await promisify(execFile)(driver, [
  base,
  'calls.jsonl',
]).catch((error) => error);
if (stdout) console.log(stdout);
server.close();

let differ = 0;
list.forEach((call, i) => {
  if (seen[i] && theirs[i] && plain(seen[i]) === plain(theirs[i])) return;
  if (differ++ < 3)
    for (const one of [call, theirs[i], seen[i]])
      console.log('#', JSON.stringify(one));
});
console.log(
  `${differ || seen.length !== list.length ? 'not ok' : 'ok'} ${list.length} generated calls: ` +
    `${list.length - differ} sent alike by both clients, ${differ} not`,
);
process.exit(differ || seen.length !== list.length ? 1 : 0);
