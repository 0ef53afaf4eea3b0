import { resolve } from 'node:path';
import { identityWords } from '../contract/device-identity.ts';
import type { DeviceStatus } from '../contract/device.ts';
import type { EngineApi } from '../contract/engine-api.ts';
import { InputError } from '../contract/errors.ts';
import { formatSpan } from '../contract/format-span.ts';
import type { Bridge } from '../contract/show.ts';
import { millis, type Millis } from '../contract/units.ts';
import { dataPaths, defaultDataFolder } from '../platform/data-paths.ts';
import { visibleText } from '../platform/visible-text.ts';
import { badFlag, parseCommandArgs } from './command-args.ts';
import { exitCode, type CommandIo } from './command-io.ts';
import { print } from './print.ts';
import { linkToEngine } from './with-engine.ts';

const usage = `flyrail devices: how the bridges of the show stand, in the Flyrail that runs on this machine

  flyrail devices [--json]
      list them: number, state, name, kind, where, signals a second in and out, when it was last seen,
      and why it stands so
  flyrail devices resend [DEVICE]
      send one device, or all that are there, what stands, whatever their bridges do by themselves
  flyrail devices leave DEVICE
      leave a device that came back, and asks, as it is until something changes

  DEVICE        the number, the name or the id of its bridge
  --data DIR    the data folder of the Flyrail that is meant
  --json        a line of JSON for each device
`;

const options = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs `flyrail devices …`.
 *  @throws AppError with one sentence */
export async function runDevicesCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseCommandArgs('devices', args, options);
  if (values.help) {
    await print(io.stdout, usage);
    return exitCode.ok;
  }
  const [verb = 'list', name, ...rest] = positionals;
  const isKnown = verb === 'list' || verb === 'resend' || (verb === 'leave' && name !== undefined);
  if (!isKnown || rest.length > 0 || (verb === 'list' && name !== undefined))
    throw badFlag('devices', `expected resend [DEVICE] or leave DEVICE, found ${visibleText(positionals.join(' '))}`);
  const link = await linkToEngine(dataPaths(resolve(values.data ?? defaultDataFolder())));
  try {
    await print(io.stdout, await run(link.engine, { verb, name, json: values.json ?? false }));
  } finally {
    link.close();
  }
  return exitCode.ok;
}

interface Request {
  readonly verb: string;
  readonly name: string | undefined;
  readonly json: boolean;
}

async function run(engine: EngineApi, { verb, name, json }: Request): Promise<string> {
  const { document, devices } = await engine.snapshot();
  const bridge = name === undefined ? undefined : bridgeCalled(document.bridges, name);
  if (verb === 'list') return listText(document.bridges, devices, json);
  if (verb === 'leave' && bridge) {
    await engine.leaveAsIs({ bridgeId: bridge.id });
    return json ? `${JSON.stringify({ left: bridge.id })}\n` : `${visibleText(bridge.name)} stays as it is.\n`;
  }
  const { values } = await engine.resend(bridge ? { bridgeId: bridge.id } : {});
  return json ? `${JSON.stringify({ values })}\n` : `${values} ${values === 1 ? 'value was' : 'values were'} sent.\n`;
}

/** By id, then by number, then by name. */
function bridgeCalled(bridges: readonly Bridge[], name: string): Bridge {
  const found =
    bridges.find(({ id }) => id === name) ??
    bridges.find(({ number }) => String(number) === name) ??
    bridges.find((bridge) => bridge.name === name);
  if (found) return found;
  throw new InputError('unknown-id', `The show has no device ${visibleText(name)}. flyrail devices lists them.`);
}

function listText(bridges: readonly Bridge[], devices: readonly DeviceStatus[], json: boolean): string {
  const byId = new Map(devices.map((status) => [status.bridgeId, status]));
  const rows = bridges.flatMap((bridge) => {
    const status = byId.get(bridge.id);
    return status ? [{ bridge, status }] : [];
  });
  if (rows.length === 0) return json ? '' : 'The show has no devices.\n';
  return rows.map(({ bridge, status }) => (json ? jsonLine(bridge, status) : wordLine(bridge, status))).join('');
}

function jsonLine({ number, name, kind }: Bridge, { bridgeId, ...status }: DeviceStatus): string {
  return `${JSON.stringify({ id: bridgeId, number, name, kind, ...status })}\n`;
}

function wordLine({ number, name, kind }: Bridge, status: DeviceStatus): string {
  const { state, reason, url, inPerSecond, outPerSecond, seenAt, device } = status;
  const seen = state === 'off' ? '' : `  ${seenWords(seenAt)}`;
  const rates = `in ${inPerSecond}/s  out ${outPerSecond}/s${seen}`;
  const own = identityWords(device ?? {});
  const where = url === '' ? '' : `  ${visibleText(url)}`;
  return `${String(number).padStart(3)}  ${state.padEnd(10)}  ${visibleText(name)}  ${kind}${where}  ${rates}\n     ${visibleText(reason)}\n${own === '' ? '' : `     ${visibleText(own)}\n`}`;
}

function seenWords(seenAt: Millis | null): string {
  return seenAt === null ? 'never seen' : `seen ${formatSpan(millis(Math.max(0, Date.now() - seenAt)))} ago`;
}
