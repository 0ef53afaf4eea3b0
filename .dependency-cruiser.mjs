// Who may import whom, one rule for each row of the architecture's table; each rule has a bad example in
// test/integration/repository/dependency-rules.test.ts.

const ours = '^(src-[a-z]+|test|scripts)/';
const packages = 'node_modules/';
const zod = 'node_modules/zod/';
const pure = ['^src-main/contract/', '^src-main/ports/', '^src-main/core/'];
const adapterMayImport = ['^src-main/contract/', '^src-main/ports/', '^src-main/platform/', '^src-main/core/protocol/'];
const engineFolders = '^src-main/(engine|cli)/|^src-main/headless\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    only('contract', '^src-main/contract/', ['^src-main/contract/', zod, 'node_modules/birpc/']),
    {
      name: 'contract-birpc-in-rpc-only',
      severity: 'error',
      comment: 'birpc trusts its peer; rpc.ts is the one place that guards it.',
      from: { path: '^src-main/contract/', pathNot: '^src-main/contract/rpc\\.ts$' },
      to: { path: 'node_modules/birpc/' },
    },
    only('ports', '^src-main/ports/', ['^src-main/contract/', '^src-main/ports/']),
    only('core', '^src-main/core/', [...pure, 'node_modules/@noble/', 'node_modules/@msgpack/msgpack/']),
    ofOurs('platform', '^src-main/platform/', ['^src-main/(contract|ports|platform)/']),
    ofOurs('workers', '^src-main/workers/', ['^src-main/(contract|ports|platform|core|transports|workers)/']),
    ofOurs('transports', '^src-main/transports/([^/]+)/', [
      ...adapterMayImport,
      '^src-main/transports/[^/]+\\.ts$',
      '^src-main/transports/$1/',
    ]),
    ofOurs('transports-shared', '^src-main/transports/(?!catalogue)[^/]+\\.ts$', [
      ...adapterMayImport,
      '^src-main/transports/[^/]+\\.ts$',
    ]),
    ofOurs('bridges', '^src-main/bridges/([^/]+)/', [
      ...adapterMayImport,
      '^src-main/core/(dmx|discovery|timecode|realtime|retry|hid|framing)/',
      '^src-main/bridges/$1/',
    ]),
    ofOurs('links-and-gateways', '^src-main/(links|gateways)/([^/]+)/', [
      ...adapterMayImport,
      '^src-main/core/(bounds|realtime|retry|client|discovery)/',
      '^src-main/$1/[^/]+\\.ts$',
      '^src-main/$1/$2/',
    ]),
    ofOurs('gateways-shared', '^src-main/gateways/(?!catalogue)[^/]+\\.ts$', [
      ...adapterMayImport,
      '^src-main/core/(bounds|realtime|retry|client|discovery)/',
      '^src-main/gateways/[^/]+\\.ts$',
    ]),
    ofOurs('catalogues', '^src-main/(bridges|links|gateways|transports)/catalogue\\.ts$', [
      '^src-main/(contract|ports)/',
      '^src-main/$1/',
    ]),
    ofOurs('engine', engineFolders, ['^src-main/'], ['^src-main/shell/']),
    ofOurs('shell', '^src-main/shell/', ['^src-main/(shell|engine|platform|contract|ports)/']),
    only('preload', '^src-preload/', ['^src-main/contract/', '^src-preload/', 'node_modules/electron/']),
    ofOurs('renderer', '^src-renderer/', ['^src-main/contract/', '^src-renderer/']),
    ofOurs('renderer-areas', '^src-renderer/(?!engine/|widgets/)([^/]+)/', [
      '^src-main/contract/',
      '^src-renderer/(engine|widgets|$1)/',
    ]),
    ofOurs('renderer-shared', '^src-renderer/(engine|widgets)/', [
      '^src-main/contract/',
      '^src-renderer/(engine|widgets)/',
    ]),
    {
      name: 'renderer-runs-in-a-browser',
      severity: 'error',
      comment: 'The same page runs in the window and in a browser on the LAN.',
      from: { path: '^src-renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody-imports-test',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'electron-in-shell-and-preload-only',
      severity: 'error',
      from: { path: '^src-', pathNot: '^(src-main/shell|src-preload)/' },
      to: { path: '(^|node_modules/)electron(/|$)' },
    },
    {
      name: 'headless-never-reaches-electron',
      severity: 'error',
      comment: 'In plain Node, importing electron tries to download it and throws.',
      from: { path: `${engineFolders}|^src-main/workers/` },
      to: { path: '(^|node_modules/)electron(/|$)', reachable: true },
    },
    {
      name: 'production-needs-no-dev-dependency',
      severity: 'error',
      comment: 'A package leaves devDependencies out. The renderer is bundled, types are erased.',
      from: { path: '^src-(main|preload)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/(electron|@types)/',
      },
    },
    {
      name: 'packages-are-declared',
      severity: 'error',
      from: { path: ours },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'imports-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dead-files',
      severity: 'error',
      comment: 'Entry points are named here and in electron.vite.config.ts.',
      from: {
        orphan: true,
        path: ours,
        pathNot: [
          '\\.d\\.ts$',
          '\\.(test|spec)\\.ts$',
          '^src-main/(headless|shell/main)\\.ts$',
          '^src-preload/index\\.ts$',
          '^test/bench/',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: packages },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'browser', 'svelte', 'default'],
      extensions: ['.ts', '.svelte', '.mjs', '.js', '.json', '.css'],
    },
  },
};

/** Nothing but the named paths, packages and Node's own modules included.
 *  @param {string} name
 *  @param {string} from
 *  @param {string[]} allowed
 *  @returns {import('dependency-cruiser').IForbiddenRuleType} */
function only(name, from, allowed) {
  return { name, severity: 'error', from: { path: from }, to: { pathNot: allowed } };
}

/** Of our own folders nothing but the named; packages and Node's modules at will.
 *  @param {string} name
 *  @param {string} from
 *  @param {string[]} allowed
 *  @param {string[]} [except] not these, although allowed
 *  @returns {import('dependency-cruiser').IForbiddenRuleType} */
function ofOurs(name, from, allowed, except = []) {
  const beyond = allowed.map((path) => `(?!${path.replace(/^\^/, '')})`).join('');
  return {
    name,
    severity: 'error',
    from: { path: from },
    to: { path: [`^${beyond}(src-|test/|scripts/)`, ...except] },
  };
}
