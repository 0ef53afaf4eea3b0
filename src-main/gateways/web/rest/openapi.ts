/** What `GET /api/openapi.json` gives. @see https://spec.openapis.org/oas/v3.1.0 */
const problems = Object.fromEntries(
  Object.entries({
    '400': 'The address, the pattern or the body is wrong.',
    '401': 'Tokens are asked for, and none or a wrong one was shown.',
    '403': 'The token, or this way in, does not allow it; or the page’s origin does not.',
    '404': 'Nothing stands there.',
    '405': 'The method is none of this path; Allow lists them.',
    '412': 'It stands at another revision than If-Match or If-None-Match says.',
    '413': 'The body is too long.',
    '415': 'The body is of a type that is not taken.',
    '422': 'The value may not stand there.',
    '423': 'Somebody has locked it.',
    '429': 'Too much is asked; Retry-After says for how long.',
    '503': 'Not now; Retry-After says for how long.',
  }).map(([status, description]) => [
    status,
    {
      description,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      ...((status === '429' || status === '503') && {
        headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
      }),
    },
  ]),
);

/** @param statuses of refusals that can come */
function refusals(...statuses: readonly string[]): Record<string, unknown> {
  return only('400', '401', '403', ...statuses, '429', '503');
}

function only(...statuses: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${status}` }]));
}

const valueBody = {
  description: 'A value, alone or as {"value": …}.',
  content: {
    'application/json': { schema: { $ref: '#/components/schemas/ValueOrWrapped' } },
    'text/plain': { schema: { type: 'string' } },
    'application/octet-stream': {},
  },
};
const etag = { ETag: { description: 'The revision of the param.', schema: { type: 'string' } } };
const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` });

const address = {
  parameters: [parameter('address')],
  get: {
    operationId: 'getSignal',
    summary: 'The value of a param; of an address with * the params under it',
    parameters: [parameter('full'), parameter('If-None-Match'), parameter('limit'), parameter('cursor')],
    responses: {
      '200': {
        description: 'The value.',
        headers: etag,
        content: {
          'application/json': {
            schema: { anyOf: [{ $ref: '#/components/schemas/Value' }, { $ref: '#/components/schemas/SignalList' }] },
          },
          'text/plain': { schema: { type: 'string' } },
          'application/octet-stream': {},
        },
      },
      '304': { description: 'It stands at the revision of If-None-Match.' },
      ...refusals('404'),
    },
  },
  put: {
    operationId: 'setSignal',
    summary: 'Sets the param',
    parameters: [parameter('If-Match'), parameter('If-None-Match')],
    requestBody: { ...valueBody, required: true },
    responses: {
      '204': { description: 'The router has it.', headers: etag },
      ...refusals('412', '413', '415', '422', '423'),
    },
  },
  post: {
    operationId: 'sendSignal',
    summary: 'Has an event happen, or sends a value of a stream',
    parameters: [parameter('kind')],
    requestBody: valueBody,
    responses: {
      '202': { description: 'The value of the stream was sent.' },
      '204': { description: 'The event has happened.' },
      ...refusals('413', '415', '422'),
    },
  },
  delete: {
    operationId: 'clearSignal',
    summary: 'Clears the param: it is null for those who listen, and not there for those who ask',
    parameters: [parameter('If-Match')],
    responses: { '204': { description: 'It is cleared.' }, ...refusals('404', '412', '423') },
  },
};

const paths = {
  '/api/signals': {
    get: {
      operationId: 'listSignals',
      summary: 'The params under a pattern, in the order of their addresses',
      parameters: [parameter('pattern'), parameter('limit'), parameter('cursor'), parameter('If-None-Match')],
      responses: {
        '200': {
          description: 'A part of the list.',
          headers: { ETag: { description: 'Of the whole list.', schema: { type: 'string' } } },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/SignalList' } } },
        },
        '304': { description: 'The list is that of If-None-Match.' },
        ...refusals(),
      },
    },
  },
  '/api/signals/{address}': address,
  '/api/events': {
    get: {
      operationId: 'listen',
      summary: 'What stands, then what changes and happens, as Server-Sent Events',
      parameters: [parameter('patterns'), parameter('Last-Event-ID'), parameter('token')],
      responses: {
        '200': {
          description: 'Messages whose data is JSON; named ones (given, resumed, reset, ended) are about the stream.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        ...refusals(),
      },
    },
  },
  '/api/health': {
    get: {
      operationId: 'health',
      summary: 'Whether the door is open; no token is asked for',
      security: [],
      responses: {
        '200': { description: 'It is.', content: { 'application/json': { schema: { type: 'object' } } } },
        ...only('403', '405', '429'),
      },
    },
  },
};

const text = (where: 'query' | 'header', name: string, description: string, more: object = {}) => ({
  ...{ name, in: where, description, schema: { type: 'string' } },
  ...more,
});
const parameters = {
  address: {
    ...{ name: 'address', in: 'path', required: true, schema: { type: 'string' }, example: 'desk/fader/1' },
    description: 'The address without its first slash; its other slashes stand as they are.',
  },
  full: text('query', 'full', 'With type, revision and time.', { allowEmptyValue: true }),
  kind: text('query', 'kind', 'event without.', { schema: { enum: ['event', 'stream'] } }),
  pattern: text('query', 'pattern', '/** without.', { example: '/desk/**' }),
  patterns: {
    ...{ name: 'pattern', in: 'query', description: 'As often as wanted; /** without.' },
    ...{ schema: { type: 'array', items: { type: 'string' } }, explode: true },
  },
  limit: { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 } },
  cursor: text('query', 'cursor', '`next` of the part before.'),
  token: text('query', 'token', 'For an EventSource, which sends no headers.'),
  'If-Match': text('header', 'If-Match', 'The revision that is seen, or *.'),
  'If-None-Match': text('header', 'If-None-Match', 'A revision, or *.'),
  'Last-Event-ID': text('header', 'Last-Event-ID', 'The id of the last message that came.'),
};

const schemas = {
  Value: { description: 'Any JSON; bytes are {"$bytes": "base64"}.' },
  ValueOrWrapped: {
    description: 'A value, or an object with the one name `value`, which stands for what is in it.',
    anyOf: [{ $ref: '#/components/schemas/Value' }, { type: 'object', properties: { value: {} }, required: ['value'] }],
  },
  Signal: {
    type: 'object',
    required: ['address', 'kind', 'type', 'value', 'revision'],
    properties: {
      address: { type: 'string' },
      kind: { const: 'param' },
      type: { enum: ['bool', 'i8', 'i16', 'i32', 'i64', 'f32', 'f64', 'string', 'bytes', 'array', 'map'] },
      value: { $ref: '#/components/schemas/Value' },
      revision: { type: 'integer' },
      setAt: { type: 'string', format: 'date-time' },
    },
  },
  SignalList: {
    type: 'object',
    required: ['signals', 'next'],
    properties: {
      signals: { type: 'array', items: { $ref: '#/components/schemas/Signal' } },
      next: { type: ['string', 'null'], description: 'The cursor of the next part.' },
    },
  },
  Problem: {
    type: 'object',
    required: ['status', 'code', 'detail'],
    properties: { status: { type: 'integer' }, code: { type: 'string' }, detail: { type: 'string' } },
  },
};

export const openApi = {
  openapi: '3.1.0',
  info: {
    title: 'Flyrail',
    version: '1',
    description:
      'Signals of a Flyrail router. The short form `/api/{address}` serves as well, but for `/api/signals`, `/api/events`, `/api/health` and `/api/openapi.json`.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }, {}],
  paths,
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    responses: problems,
    parameters,
    schemas,
  },
};
