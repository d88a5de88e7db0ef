// What a holder of TAO does first, with an ordinary polkadot.js client.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Keyring } from '@polkadot/api';

import { Node, submit } from './node.mjs';

const TAO = 1_000_000_000n;

let node;
let api;
let alice;
let bob;

before(async () => {
  node = await Node.start();
  api = await node.connect();
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  alice = keyring.addFromUri('//Alice');
  bob = keyring.addFromUri('//Bob');
});

after(async () => {
  await api?.disconnect();
  await node?.stop();
});

const free = async (who) => (await api.query.system.account(who.address)).data.free.toBigInt();

test('the chain introduces itself as Bittensor on a local network', async () => {
  const { system } = api.rpc;
  assert.equal((await system.chain()).toString(), 'Bittensor');
  assert.equal((await system.chainType()).toString(), 'Local');
  const properties = await system.properties();
  assert.deepEqual(properties.tokenSymbol.unwrap().map(String), ['TAO']);
  assert.deepEqual(properties.tokenDecimals.unwrap().map(Number), [9]);
  assert.equal(properties.ss58Format.unwrap().toNumber(), 42);
  assert.equal(api.runtimeVersion.specName.toString(), 'node-subtensor');
  assert.equal(api.runtimeVersion.transactionVersion.toNumber(), 1);
});

test('the metadata tells the block time, the deposit and the prefix', async () => {
  assert.equal(api.consts.aura.slotDuration.toNumber(), 250);
  assert.equal(api.consts.balances.existentialDeposit.toNumber(), 500);
  assert.equal(api.consts.system.ss58Prefix.toNumber(), 42);
  const v15 = (await api.call.metadata.metadataAtVersion(15)).unwrap();
  assert.deepEqual([...v15.toU8a(true).slice(0, 5)], [...Buffer.from('meta'), 15]);
});

test('every method that the clients use is there', async () => {
  const { methods } = await api.rpc.rpc.methods();
  const found = new Set(methods.map(String));
  const used = [
    'chain_getBlockHash', 'chain_getHead', 'chain_getFinalizedHead', 'chain_getHeader', 'chain_getBlock',
    'chain_subscribeNewHeads', 'chain_unsubscribeNewHeads',
    'chain_subscribeFinalizedHeads', 'chain_unsubscribeFinalizedHeads',
    'state_getRuntimeVersion', 'state_getMetadata', 'state_call', 'state_getStorageAt', 'state_queryStorageAt',
    'state_getKeysPaged', 'state_getKeys', 'state_subscribeStorage', 'state_unsubscribeStorage',
    'account_nextIndex', 'author_submitExtrinsic', 'author_submitAndWatchExtrinsic',
    'author_unwatchExtrinsic', 'author_pendingExtrinsics', 'rpc_methods', 'system_chain', 'system_name',
    'system_version', 'system_properties', 'system_chainType', 'system_health', 'payment_queryInfo',
  ];
  assert.deepEqual(used.filter((method) => !found.has(method)), []);
  // Mounted and answering without unsafe methods being allowed.
  const keys = await api.rpc.state.getKeys(api.query.system.account.keyPrefix());
  assert.ok(keys.length >= 11, `${keys.length} accounts`);
});

test('a transfer becomes final and its events tell what moved and what it cost', async () => {
  const amount = 5n * TAO;
  const [aliceBefore, bobBefore] = [await free(alice), await free(bob)];
  const transfer = api.tx.balances.transferKeepAlive(bob.address, amount);
  const { partialFee } = await transfer.paymentInfo(alice);
  const { block, events } = await submit(api, transfer, alice);

  const find = (section, method) =>
    events.find(({ event }) => event.section === section && event.method === method)?.event.data;
  const moved = find('balances', 'Transfer');
  assert.equal(moved.from.toString(), alice.address);
  assert.equal(moved.to.toString(), bob.address);
  assert.equal(moved.amount.toBigInt(), amount);
  const fee = find('transactionPayment', 'TransactionFeePaid').actualFee.toBigInt();
  assert.equal(fee, partialFee.toBigInt());
  assert.ok(find('system', 'ExtrinsicSuccess'));
  assert.equal(await free(alice), aliceBefore - amount - fee);
  assert.equal(await free(bob), bobBefore + amount);

  // Whoever decodes the whole block finds version 4 signatures and bare inherents only.
  const { block: content } = await api.rpc.chain.getBlock(block);
  assert.deepEqual(content.extrinsics.map(({ isSigned, version }) => [isSigned, version & 0x7f]), [
    [false, content.extrinsics[0].version & 0x7f],
    [true, 4],
  ]);
});

test('a transfer beyond the balance fails with an error that a person can read', async () => {
  const tooMuch = (await free(bob)) * 2n;
  await assert.rejects(
    submit(api, api.tx.balances.transferKeepAlive(alice.address, tooMuch), bob),
    (error) => {
      assert.match(error.message, /Token.*FundsUnavailable|FundsUnavailable|InsufficientBalance/);
      return true;
    },
  );
});

test('an account without balance is told that it cannot pay', async () => {
  const pauper = new Keyring({ type: 'sr25519' }).addFromUri('//Pauper');
  await assert.rejects(
    submit(api, api.tx.balances.transferKeepAlive(alice.address, 1), pauper),
    /Inability to pay some fees|balance too low/,
  );
});

test('the fee estimate answers for a signer without balance', async () => {
  const pauper = new Keyring({ type: 'sr25519' }).addFromUri('//Pauper');
  const info = await api.tx.balances.transferKeepAlive(bob.address, TAO).paymentInfo(pauper);
  assert.ok(info.partialFee.toBigInt() > 0n);
});

test('the next nonce counts transactions that still wait', async () => {
  const charlie = new Keyring({ type: 'sr25519' }).addFromUri('//Charlie');
  const first = (await api.rpc.system.accountNextIndex(charlie.address)).toNumber();
  const send = (nonce) => api.tx.system.remark(`0x0${nonce % 10}`).signAndSend(charlie, { nonce });
  // The second one waits for the first.
  await send(first + 1);
  await send(first);
  const next = (await api.rpc.system.accountNextIndex(charlie.address)).toNumber();
  assert.equal(next, first + 2);
});

test('several calls in one batch succeed or fail together', async () => {
  const bobBefore = await free(bob);
  const good = api.tx.balances.transferKeepAlive(bob.address, TAO);
  const bad = api.tx.balances.transferKeepAlive(bob.address, (await free(alice)) * 2n);
  await assert.rejects(submit(api, api.tx.utility.batchAll([good, bad]), alice), /FundsUnavailable|InsufficientBalance/);
  assert.equal(await free(bob), bobBefore);
  await submit(api, api.tx.utility.batchAll([good, good]), alice);
  assert.equal(await free(bob), bobBefore + 2n * TAO);
});

test('sudo acts as root', async () => {
  const who = new Keyring({ type: 'sr25519' }).addFromUri('//Gifted');
  const gift = api.tx.balances.forceSetBalance(who.address, TAO);
  const { events } = await submit(api, api.tx.sudo.sudo(gift), alice);
  const result = events.find(({ event }) => event.section === 'sudo')?.event.data.sudoResult;
  assert.ok(result.isOk, result.toString());
  assert.equal(await free(who), TAO);
});

test('a transaction of mode 0 passes the metadata check as the clients send it', async () => {
  await submit(api, api.tx.system.remark('0x00'), alice, { mode: 0 });
});
