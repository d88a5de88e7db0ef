// What a subnet owner, a miner and a validator do with an ordinary polkadot.js client.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Keyring } from '@polkadot/api';

import { Node, submit } from './node.mjs';

const TAO = 1_000_000_000n;
const NETUID = 2;

let node;
let api;
const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
const [alice, bob, miner, validator] = ['//Alice', '//Bob', '//miner', '//validator'].map((uri) =>
  keyring.addFromUri(uri),
);

before(async () => {
  node = await Node.start();
  api = await node.connect();
});

after(async () => {
  await api?.disconnect();
  await node?.stop();
});

const event = (events, method) =>
  events.map((record) => record.event).find((found) => found.method === method)?.data;
const text = (list) => Buffer.from(list.map(Number)).toString();

test('root and the first subnet are there from the start', async () => {
  const added = await api.query.subtensorModule.networksAdded.entries();
  assert.deepEqual(added.map(([key]) => Number(key.args[0])).sort(), [0, 1]);
  const all = await api.call.subnetInfoRuntimeApi.getAllDynamicInfo();
  const root = all[0].unwrap();
  assert.equal(Number(root.netuid), 0);
  assert.equal([...text(root.tokenSymbol)].length, 1, 'a symbol is one character');
});

test('an owner creates a subnet for what the chain said, and starts it', async () => {
  const { subtensorModule } = api.tx;
  const cost = (await api.call.subnetRegistrationRuntimeApi.getNetworkRegistrationCost()).toBigInt();
  assert.equal(cost, 1_000n * TAO);
  const owner = keyring.addFromUri('//owner-hotkey').address;
  const { events } = await submit(api, subtensorModule.registerNetwork(owner), alice);
  const [netuid, kind] = event(events, 'NetworkAdded');
  assert.deepEqual([Number(netuid), Number(kind)], [NETUID, 1]);
  assert.equal((await api.query.subtensorModule.subnetLocked(NETUID)).toBigInt(), cost);

  await assert.rejects(submit(api, subtensorModule.startCall(NETUID), bob), /NotSubnetOwner/);
  const started = await submit(api, subtensorModule.startCall(NETUID), alice);
  assert.ok(event(started.events, 'FirstEmissionBlockNumberSet'));
  await assert.rejects(submit(api, subtensorModule.startCall(NETUID), alice), /FirstEmissionBlockNumberAlreadySet/);
  // The next one costs twice as much, less what a few blocks took off.
  const next = (await api.call.subnetRegistrationRuntimeApi.getNetworkRegistrationCost()).toBigInt();
  assert.ok(next > 1_999n * TAO && next <= 2_000n * TAO, String(next));
});

test('a coldkey registers hotkeys, which own nothing', async () => {
  const { subtensorModule } = api.tx;
  const price = (await api.query.subtensorModule.burn(NETUID)).toBigInt();
  await assert.rejects(
    submit(api, subtensorModule.registerLimit(NETUID, miner.address, 1_000n), bob),
    /RegistrationPriceLimitExceeded|Custom error: 8/,
  );
  const { events } = await submit(api, subtensorModule.registerLimit(NETUID, miner.address, 2n * price), bob);
  assert.equal(Number(event(events, 'NeuronRegistered')[1]), 1);
  const paid = event(events, 'RegistrationPaid');
  assert.ok(paid.tao.toBigInt() <= price);
  await submit(api, subtensorModule.burnedRegister(NETUID, validator.address), bob);
  assert.equal(Number((await api.query.subtensorModule.uids(NETUID, validator.address)).unwrap()), 2);
  assert.equal((await api.query.system.account(miner.address)).data.free.toBigInt(), 0n);
});

test('a miner without balance publishes where it serves', async () => {
  const serve = (ip) => api.tx.subtensorModule.serveAxon(NETUID, 1, ip, 8091, 4, 4, 0, 0);
  await assert.rejects(submit(api, serve(0), miner), /Custom error: 11/);
  await submit(api, serve(0x7f000001), miner);
  const metagraph = (await api.call.subnetInfoRuntimeApi.getMetagraph(NETUID)).unwrap();
  assert.equal(Number(metagraph.numUids), 3);
  assert.equal(metagraph.hotkeys[1].toString(), miner.address);
  assert.equal(metagraph.coldkeys[1].toString(), bob.address);
  assert.equal(Number(metagraph.axons[1].ip), 0x7f000001);
  assert.equal(Number(metagraph.axons[1].port), 8091);
  assert.equal(Number(metagraph.axons[0].port), 0, 'no axon reads as zeros');
  await assert.rejects(submit(api, serve(0x7f000001), miner), /Custom error: 12/);
});

test('an owner sets a hyperparameter and reads it back', async () => {
  const read = async (name) => {
    const list = (await api.call.subnetInfoRuntimeApi.getSubnetHyperparamsV3(NETUID)).unwrap();
    return list.find((entry) => entry.name.toUtf8() === name).value;
  };
  assert.equal((await read('commit_reveal_weights_enabled')).toJSON().bool, true);
  const { adminUtils } = api.tx;
  const off = adminUtils.sudoSetCommitRevealWeightsEnabled(NETUID, false);
  await assert.rejects(submit(api, off, bob), /NotSubnetOwner/);
  // Not in the last blocks before an epoch.
  for (;;) {
    try {
      await submit(api, off, alice);
      break;
    } catch (error) {
      if (!/AdminActionProhibitedDuringWeightsWindow/.test(error.message)) throw error;
    }
  }
  assert.equal((await read('commit_reveal_weights_enabled')).toJSON().bool, false);
  assert.equal(Number((await read('tempo')).toJSON().u16), 10);
});

test('weights without a permit are refused before they reach a block', async () => {
  const weights = api.tx.subtensorModule.setWeights(NETUID, [1], [65535], 0);
  await assert.rejects(submit(api, weights, validator), /Custom error: (6|255)/);
  // A neuron may always set its own weight, once the rate limit has passed.
  const limit = api.tx.sudo.sudo(api.tx.adminUtils.sudoSetWeightsSetRateLimit(NETUID, 0));
  await submit(api, limit, alice);
  await submit(api, api.tx.subtensorModule.setWeights(NETUID, [2], [1], 0), validator);
  const row = await api.query.subtensorModule.weights(NETUID, 2);
  assert.deepEqual(row.toJSON(), [[2, 65535]]);
  const neuron = (await api.call.neuronInfoRuntimeApi.getNeuron(NETUID, 2)).unwrap();
  assert.deepEqual(neuron.weights.map(([uid, value]) => [Number(uid), Number(value)]), [[2, 65535]]);
});

test('epochs run at their tempo', async () => {
  const before = Number(await api.query.subtensorModule.subnetEpochIndex(NETUID));
  const { number } = await api.rpc.chain.getHeader();
  const last = number.toNumber() + 11;
  for (let height = number.toNumber(); height < last; ) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    height = (await api.rpc.chain.getHeader()).number.toNumber();
  }
  const after = Number(await api.query.subtensorModule.subnetEpochIndex(NETUID));
  assert.ok(after > before, `${before} epochs, then ${after}`);
});
