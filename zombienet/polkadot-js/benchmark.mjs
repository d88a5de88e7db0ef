// Measures the node as its user meets it. Every figure is printed with what it was measured on; figures of
// one run belong together. Takes about five minutes; `node benchmark.mjs start transfers import metagraph` names the parts.

import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { Keyring } from '@polkadot/api';

import { Node, run, temporaryFolder } from './node.mjs';

const TAO = 1_000_000_000n;
const SENDERS = 50;
const MEMORY_BLOCKS = 500;
const STARTS = 5;
const IMPORTS = 5;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const spread = (values, digits) =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}, n = ${values.length})`;
const report = (name, value) => console.log(`| ${name} | ${value} |`);
const progress = (text) => console.error(`  ${text}`);

const keyring = new Keyring({ type: 'sr25519' });
const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;

/** Senders with enough TAO for many transfers. */
async function fund(api) {
  const alice = keyring.addFromUri('//Alice');
  const senders = Array.from({ length: SENDERS }, (_, at) => keyring.addFromUri(`//Sender/${at}`));
  const gifts = senders.map((who) => api.tx.balances.transferKeepAlive(who.address, 1_000n * TAO));
  await new Promise((resolve, reject) => {
    api.tx.utility
      .batchAll(gifts)
      .signAndSend(alice, ({ status }) => status.isInBlock && resolve())
      .catch(reject);
  });
  return senders;
}

/** Signed transfers, `each` from every sender, in the order in which they can be sent. */
function sign(api, senders, each, firstNonce) {
  const bob = keyring.addFromUri('//Bob').address;
  const options = {
    blockHash: api.genesisHash,
    era: api.registry.createType('ExtrinsicEra', '0x00'),
    genesisHash: api.genesisHash,
    runtimeVersion: api.runtimeVersion,
  };
  const signed = [];
  for (let nonce = firstNonce; nonce < firstNonce + each; nonce += 1) {
    for (const sender of senders) {
      signed.push(api.tx.balances.transferKeepAlive(bob, 1_000n).sign(sender, { ...options, nonce }).toHex());
    }
    if ((nonce - firstNonce) % 50 === 49) progress(`${signed.length} transfers signed`);
  }
  return signed;
}

/** Hands transfers to the node, no more than `atOnce` without an answer. */
async function send(api, transfers, atOnce = 200) {
  let next = 0;
  const worker = async () => {
    while (next < transfers.length) {
      const transfer = transfers[next];
      next += 1;
      await api.rpc.author.submitExtrinsic(transfer);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Number of signed transactions and the timestamp of each block from `first` on, until `total` are found. */
async function included(api, first, total) {
  const blocks = [];
  let found = 0;
  for (let height = first; found < total; ) {
    const hash = await api.rpc.chain.getBlockHash(height);
    if (hash.isEmpty) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    const { block } = await api.rpc.chain.getBlock(hash);
    const count = block.extrinsics.filter(({ isSigned }) => isSigned).length;
    const time = block.extrinsics[0].method.args[0].toNumber();
    blocks.push({ height, count, time });
    found += count;
    height += 1;
  }
  return blocks;
}

const height = async (api) => (await api.rpc.chain.getHeader()).number.toNumber();

async function firstBlock() {
  const times = [];
  for (let at = 0; at < STARTS; at += 1) {
    const node = await Node.start();
    times.push(((await node.saw('Imported #1 ')) - node.startedAt) / 1000);
    await node.stop();
  }
  report('start to first block, development chain, s', spread(times, 2));
}

async function developmentNode() {
  const node = await Node.start({ flags: ['--pool-limit', '40000', '--pool-kbytes', '40000'] });
  const api = await node.connect();
  progress(`waiting for block ${MEMORY_BLOCKS}`);
  while ((await height(api)) < MEMORY_BLOCKS) await new Promise((resolve) => setTimeout(resolve, 500));
  report(`resident memory after ${MEMORY_BLOCKS} blocks, MiB`, node.memory().toFixed(0));

  const senders = await fund(api);
  const transfers = sign(api, senders, 300, 0);
  const first = (await height(api)) + 1;
  const sending = send(api, transfers);
  const blocks = (await included(api, first, transfers.length)).filter(({ count }) => count > 0);
  await sending;
  // The first and the last block of the run are not full of the time that they stand for.
  const inner = blocks.slice(1, -1);
  const sum = inner.reduce((total, { count }) => total + count, 0);
  const seconds = (blocks.at(-2).time - blocks[0].time) / 1000;
  report('transfers per second included by the development node (client on the same two cores)',
    `${(sum / seconds).toFixed(0)} over ${seconds.toFixed(1)} s, ${inner.length} blocks`);
  await api.disconnect();
  await node.stop();
}

async function fullBlock() {
  // One authority with blocks of 12 s, so that a block can be filled to its limit.
  const folder = temporaryFolder();
  const spec = JSON.parse(await run('chain-spec', '--chain', 'dev'));
  spec.genesis.runtimeGenesis.patch.blockTime.slotDuration = 12_000;
  const plain = join(folder, 'plain.json');
  writeFileSync(plain, JSON.stringify(spec));
  const file = join(folder, 'spec.json');
  writeFileSync(file, await run('chain-spec', '--chain', plain, '--raw'));

  const node = await Node.start({ spec: file, folder, flags: ['--pool-limit', '60000', '--pool-kbytes', '60000', '--state-pruning', 'archive'] });
  const api = await node.connect();
  const senders = await fund(api);
  const transfers = sign(api, senders, 400, 0);
  const first = (await height(api)) + 1;
  await send(api, transfers);
  const blocks = await included(api, first, transfers.length);
  const full = blocks.reduce((best, block) => (block.count > best.count ? block : best));
  const weight = await (await api.at(await api.rpc.chain.getBlockHash(full.height))).query.system.blockWeight();
  const limit = api.consts.system.blockWeights.perClass.normal.maxTotal.unwrap().refTime.toBigInt();
  const used = Number((weight.normal.refTime.toBigInt() * 1000n) / limit) / 10;
  await api.disconnect();
  await node.stop();

  // Importing the chain with the full block at its end, against the same chain without it: start, database
  // and the blocks before cancel out.
  const files = [full.height - 1, full.height].map((last) => ({ last, path: join(folder, `to-${last}.bin`) }));
  for (const { last, path } of files) {
    await run('export-blocks', '--chain', file, '--base-path', folder, '--to', String(last), '--binary', path);
  }
  const time = async (path) => {
    const start = performance.now();
    await run('import-blocks', '--chain', file, '--base-path', temporaryFolder(), '--binary', path);
    return performance.now() - start;
  };
  const differences = [];
  for (let at = 0; at < IMPORTS; at += 1) {
    const [without, with_] = [await time(files[0].path), await time(files[1].path)];
    differences.push(with_ - without);
  }
  report(`import of a block of ${full.count} transfers (${used} % of the weight limit), ms`, spread(differences, 0));
  report('that import, transfers per second', ((full.count / median(differences)) * 1000).toFixed(0));
}

console.log(`machine: ${cpus().length} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`);
console.log(`node: ${(await run('--version')).trim()}`);
console.log('\n| figure | value |\n|---|---|');
/** State of a subnet with this many neurons, each with an axon, stake and an owner of its own. */
function subnetState(api, netuid, neurons) {
  const { subtensorModule: items } = api.query;
  const top = {};
  const set = (item, keys, type, value) => {
    top[items[item].key(...keys)] = hex(api.registry.createType(type, value).toU8a());
  };
  const account = (kind, at) => {
    const bytes = new Uint8Array(32).fill(kind);
    new DataView(bytes.buffer).setUint32(0, netuid * 10_000 + at, true);
    return bytes;
  };
  set('networksAdded', [netuid], 'bool', true);
  set('subnetworkN', [netuid], 'u16', neurons);
  set('maxAllowedUids', [netuid], 'u16', neurons);
  set('mechanismCountCurrent', [netuid], 'u8', 1);
  set('tempo', [netuid], 'u16', 0);
  const columns = {
    validatorPermit: ['Vec<bool>', false], active: ['Vec<bool>', true], consensus: ['Vec<u16>', 7],
    dividends: ['Vec<u16>', 7], emission: ['Vec<u64>', 7], validatorTrust: ['Vec<u16>', 7],
    stakeWeight: ['Vec<u16>', 7], lastUpdate: ['Vec<u64>', 7], incentive: ['Vec<u16>', 7],
  };
  for (const [item, [type, value]] of Object.entries(columns)) {
    set(item, [netuid], type, Array(neurons).fill(value));
  }
  const holders = [];
  for (let uid = 0; uid < neurons; uid += 1) {
    const [hotkey, coldkey] = [account(1, uid), account(2, uid)];
    holders.push([hotkey, coldkey, 1]);
    set('keys', [netuid, uid], 'AccountId', hotkey);
    set('uids', [netuid, hotkey], 'u16', uid);
    set('isNetworkMember', [hotkey, netuid], 'bool', true);
    set('blockAtRegistration', [netuid, uid], 'u64', 1);
    set('owner', [hotkey], 'AccountId', coldkey);
    set('totalHotkeyAlpha', [hotkey, netuid], 'u64', 1_000_000_000 + uid);
    set('axons', [netuid, hotkey], '(u64, u32, u128, u16, u8, u8, u8, u8)', [1, 1, 0x08080808, 80, 4, 4, 0, 0]);
  }
  set('uidHolders', [netuid], 'Vec<(AccountId, AccountId, u64)>', holders);
  return top;
}

async function metagraph() {
  const sizes = [256, 4096];
  const folder = temporaryFolder();
  const scout = await Node.start();
  const scoutApi = await scout.connect();
  const file = join(folder, 'spec.json');
  const spec = JSON.parse(await run('chain-spec', '--chain', 'dev', '--raw'));
  for (const [at, size] of sizes.entries()) {
    Object.assign(spec.genesis.raw.top, subnetState(scoutApi, 10 + at, size));
  }
  const bytes = Object.entries(subnetState(scoutApi, 10, sizes[0]))
    .reduce((sum, [key, value]) => sum + (key.length + value.length) / 2 - 2, 0);
  report('state of a neuron without rows of weights and bonds, keys included, bytes', (bytes / sizes[0]).toFixed(0));
  writeFileSync(file, JSON.stringify(spec));
  await scoutApi.disconnect();
  await scout.stop();

  const node = await Node.start({ spec: file, folder });
  const api = await node.connect();
  for (const [at, size] of sizes.entries()) {
    const argument = hex(api.registry.createType('u16', 10 + at).toU8a());
    const times = [];
    for (let call = 0; call < 21; call += 1) {
      const start = performance.now();
      const answer = await api.rpc.state.call('SubnetInfoRuntimeApi_get_metagraph', argument);
      times.push(performance.now() - start);
      if (answer.length < size * 100) throw new Error(`the metagraph of ${size} neurons has ${answer.length} bytes`);
    }
    report(`get_metagraph of ${size} neurons over RPC, client included, ms`, spread(times, 1));
  }
  await api.disconnect();
  await node.stop();
}

const parts = { start: firstBlock, transfers: developmentNode, import: fullBlock, metagraph };
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
for (const name of chosen) await parts[name]();
process.exit(0);
