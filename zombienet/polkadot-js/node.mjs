// A node's process with its own folder and ports, and a client connected to it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ApiPromise, WsProvider } from '@polkadot/api';

const DEADLINE = 60_000;

// Every node and folder of a long benchmark is cleaned up at the end of the process.
process.setMaxListeners(0);

const binary = process.env.DENDRA_NODE;
if (!binary) {
  throw new Error('DENDRA_NODE must name the binary of the node; `cargo xtask test` sets it');
}

/** A port that nobody uses now. */
async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs the node's binary to its end and returns what it printed. */
export async function run(...flags) {
  const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  const errors = [];
  child.stdout.on('data', (data) => output.push(data));
  child.stderr.on('data', (data) => errors.push(data));
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`dendra-node ${flags.join(' ')} ended with ${code}: ${Buffer.concat(errors)}`);
  }
  return Buffer.concat(output).toString();
}

/** A folder that goes with the process that made it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'dendra-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A development chain, or the chain of `spec`, with an authority. */
export class Node {
  static async start({ spec = 'dev', folder = temporaryFolder(), flags = [] } = {}) {
    const node = new Node();
    node.folder = folder;
    node.port = await freePort();
    node.logFile = join(folder, 'node.log');
    const log = createWriteStream(node.logFile, { flags: 'a' });
    await once(log, 'open');
    node.startedAt = performance.now();
    node.process = spawn(
      binary,
      [
        '--chain', spec, '--base-path', folder, '--authority', '//One',
        '--rpc-port', String(node.port),
        '--listen-addr', `/ip4/127.0.0.1/tcp/${await freePort()}`,
        '--unsafe-force-node-key-generation', '--no-prometheus', '--no-telemetry', '--no-mdns',
        ...flags,
      ],
      { stdio: ['ignore', log, log] },
    );
    const kill = () => node.process.kill('SIGKILL');
    process.on('exit', kill);
    node.process.on('exit', () => process.off('exit', kill));
    return node;
  }

  /** Waits for a line in the log and returns the moment at which it was seen. */
  async saw(text) {
    const end = performance.now() + DEADLINE;
    while (performance.now() < end) {
      if (readFileSync(this.logFile, 'utf8').includes(text)) return performance.now();
      if (this.process.exitCode !== null) break;
      await pause(5);
    }
    throw new Error(`the log never said '${text}':\n${readFileSync(this.logFile, 'utf8').slice(-2000)}`);
  }

  async connect() {
    await this.saw('Running JSON-RPC server');
    const provider = new WsProvider(`ws://127.0.0.1:${this.port}`, 100);
    const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: false });
    await api.isReady;
    return api;
  }

  /** Resident memory in MiB. */
  memory() {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
  }

  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
}

/**
 * Sends a transaction and waits until it is final.
 * Rejects with a sentence: the pool's refusal, or the error of the call by name and description.
 */
export function submit(api, transaction, signer, options = {}) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('not final within a minute')), DEADLINE);
    const finish = (settle, value) => {
      clearTimeout(timer);
      settle(value);
    };
    transaction
      .signAndSend(signer, options, ({ status, events, dispatchError, isError }) => {
        if (isError) finish(reject, new Error(`the pool says ${status.type}`));
        if (!status.isFinalized) return;
        if (!dispatchError) return finish(resolve, { block: status.asFinalized, events });
        finish(reject, new Error(explain(api, dispatchError)));
      })
      .catch((error) => finish(reject, error));
  });
}

function explain(api, error) {
  if (error.isModule) {
    const { section, name, docs } = api.registry.findMetaError(error.asModule);
    return `${section}.${name}: ${docs.join(' ')}`;
  }
  return error.toString();
}
