import process from 'node:process';
import packageJson from '../../package.json' with { type: 'json' };
import type { EngineNews } from '../engine/engine-news.ts';
import type { Readiness } from '../engine/readiness.ts';
import { visibleText } from '../platform/visible-text.ts';
import type { LineOutput } from './command-io.ts';

/** Bytes that may wait for a reader of stdout that stands still; lines beyond them are left out. */
export const stdoutBacklogMax = 1024 * 1024;

/** What `flyrail serve` writes on stdout; docs/command-line.md describes it. */
export interface ServeLines {
  /** The first line. */
  ready(readiness: Readiness): void;
  /** A later line. News that come before `ready` wait for it, of each kind and bridge the newest. */
  readonly news: (news: EngineNews) => void;
}

export function createServeLines(stdout: LineOutput, { json }: { readonly json: boolean }): ServeLines {
  const format = json ? jsonFormat : plainFormat;
  const early = new Map<string, EngineNews>();
  let isReady = false;
  // Whoever read the lines has gone: the show goes on without them.
  stdout.on?.('error', () => undefined);
  return {
    ready: (readiness) => {
      isReady = true;
      write(format.ready(readiness));
      const known = new Map(readiness.bridges.map(({ id, status }) => [id, status]));
      for (const news of early.values()) {
        if (news.event !== 'bridge-status' || known.get(news.id) !== news.status) write(format.news(news));
      }
      early.clear();
    },
    news: (news) => {
      if (isReady) write(format.news(news));
      else early.set(news.event === 'bridge-status' ? `${news.event} ${news.id}` : news.event, news);
    },
  };

  function write(text: string): void {
    if (text !== '' && (stdout.writableLength ?? 0) <= stdoutBacklogMax) stdout.write(text);
  }
}

interface LineFormat {
  ready(readiness: Readiness): string;
  /** empty for nothing to say */
  news(news: EngineNews): string;
}

const jsonFormat: LineFormat = {
  ready: ({ show, claspUrl, transports, rendezvousUrl, ui, bridges }) => {
    const event = {
      event: 'ready',
      pid: process.pid,
      version: packageJson.version,
      show,
      clasp: { url: claspUrl },
      transports: transports.map(({ kind, url, waitingFor }) => ({ name: kind, url, waitingFor })),
      rendezvous: rendezvousUrl === undefined ? null : { url: rendezvousUrl },
      ui: ui === undefined ? null : uiOf(ui),
      bridges: bridges.map(({ id, kind, url, status }) => ({ id, kind, url, status })),
    };
    return `${JSON.stringify(event)}\n`;
  },
  news: (news) => `${JSON.stringify(news)}\n`,
};

/** What is to be said of an interface on the LAN without TLS. */
export const unencryptedWords =
  'the interface is on the network without TLS: whoever listens there can take over a session. Add --ui-tls.';

function isOpenlyOnTheLan(ui: Readiness['ui']): boolean {
  return ui?.reach === 'network' && !ui.encrypted;
}

/** More than the URL only where other machines reach it. */
function uiOf(ui: NonNullable<Readiness['ui']>) {
  const { url, reach, urls, encrypted } = ui;
  if (reach !== 'network') return { url };
  return { url, urls: urls.map((each) => each.url), encrypted, ...(!encrypted && { warning: unencryptedWords }) };
}

const plainFormat: LineFormat = {
  ready: ({ show, transports, rendezvousUrl, ui, bridges }) => {
    const lines = [
      `Flyrail ${packageJson.version} runs: ${show.name}`,
      ...transports.map(
        ({ url, waitingFor }) =>
          `  ${wayWords(url).padEnd(9)}  ${url}${waitingFor === undefined ? '' : ` (waits: ${waitingFor})`}`,
      ),
      ...(rendezvousUrl === undefined ? [] : [`  rendezvous ${rendezvousUrl}`]),
      ui === undefined ? '  interface  off' : `  interface  ${ui.url}`,
      ...(ui?.urls ?? []).map(({ card, url }) => `  on the LAN ${url}${card === '' ? '' : ` (${card})`}`),
      ...(isOpenlyOnTheLan(ui) ? [`  warning    ${unencryptedWords}`] : []),
      ...bridges.map(({ kind, name, url, status }) => `  ${kind.padEnd(9)}  ${name}: ${status}, ${url}`),
      '  Ctrl C ends it in order.',
    ];
    return lines.map((line) => `${visibleText(line)}\n`).join('');
  },
  news: (news) => {
    if (news.event === 'ui-link') return `  next browser  ${visibleText(news.url)}\n`;
    if (news.event === 'stopping') return `Flyrail stops: ${visibleText(news.reason)}\n`;
    return '';
  },
};

/** What is spoken at a way in. */
function wayWords(url: string): string {
  if (/^mqtts?:/.test(url)) return 'MQTT';
  return /^https?:/.test(url) ? 'web' : 'CLASP';
}
