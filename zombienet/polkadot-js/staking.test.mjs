// What a holder of TAO does with stake, with an ordinary polkadot.js client. Amounts are predicted to the unit by
// the simulation on the state before the block.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Keyring } from '@polkadot/api';

import { Node, submit } from './node.mjs';

const TAO = 1_000_000_000n;
const ROOT = 0;
const NETUID = 2;
const NO_EPOCHS = 50_000;

let node;
let api;
const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
const [alice, bob, holder, pauper] = ['//Alice', '//Bob', '//Holder', '//Pauper'].map((uri) =>
  keyring.addFromUri(uri),
);
const [hotkey, second] = ['//owner-hotkey', '//second-hotkey'].map((uri) => keyring.addFromUri(uri).address);

const find = (events, method) =>
  events.map((record) => record.event).find((found) => found.method === method)?.data;
const units = (amount) => BigInt(amount.toString());
const free = async (who, at = api) => units((await at.query.system.account(who.address)).data.free);
const feeOf = (events) => units(find(events, 'TransactionFeePaid').actualFee);

/** Sends a transaction; its events, and the state after its block and before it. */
async function send(call, signer) {
  const { block, events } = await submit(api, call, signer);
  const { parentHash } = await api.rpc.chain.getHeader(block);
  return { events, after: await api.at(block), before: await api.at(parentHash) };
}

/** What a coldkey has staked: `netuid/hotkey` and alpha, in the order of the answer. */
async function staked(who, at = api) {
  const list = await at.call.stakeInfoRuntimeApi.getStakeInfoForColdkey(who.address);
  return list.map((info) => [`${Number(info.netuid)}/${info.hotkey}`, units(info.stake)]);
}

const price = async (netuid) => units(await api.call.swapRuntimeApi.currentAlphaPrice(netuid));
const buying = (tao, at) => at.call.swapRuntimeApi.simSwapTaoForAlpha(NETUID, tao);
const selling = (alpha, at) => at.call.swapRuntimeApi.simSwapAlphaForTao(NETUID, alpha);

before(async () => {
  node = await Node.start();
  api = await node.connect();
  const { subtensorModule, adminUtils, balances, sudo } = api.tx;
  const { events } = await submit(api, subtensorModule.registerNetwork(hotkey), alice);
  assert.equal(Number(find(events, 'NetworkAdded')[0]), NETUID);
  await submit(api, subtensorModule.startCall(NETUID), alice);
  // Dividends would change stake between two blocks. Hyperparameters are frozen shortly before an epoch.
  while (Number(await api.query.subtensorModule.tempo(NETUID)) !== NO_EPOCHS) {
    await submit(api, sudo.sudo(adminUtils.sudoSetTempo(NETUID, NO_EPOCHS)), alice);
  }
  // A new subnet takes no part in the emission of TAO, so nothing but trades moves its pool.
  assert.equal((await api.query.subtensorModule.subnetEmissionEnabled(NETUID)).isTrue, false);
  await submit(api, subtensorModule.tryAssociateHotkey(second), alice);
  await submit(api, balances.transferKeepAlive(holder.address, 1_000n * TAO), bob);
});

after(async () => {
  await api?.disconnect();
  await node?.stop();
});

test('TAO becomes stake as simulated, and the runtime API shows it', async () => {
  const limit = 2n * (await price(NETUID));
  const call = api.tx.subtensorModule.addStakeLimit(hotkey, NETUID, 50n * TAO, limit, false);
  const { events, after, before } = await send(call, holder);

  const [coldkey, on, tao, alpha, netuid, fee] = find(events, 'StakeAdded');
  assert.deepEqual(
    [coldkey.toString(), on.toString(), units(tao), Number(netuid)],
    [holder.address, hotkey, 50n * TAO, NETUID],
  );
  const simulated = await buying(50n * TAO, before);
  assert.deepEqual([units(alpha), units(fee)], [units(simulated.alphaAmount), units(simulated.taoFee)]);
  const shown = await before.call.stakeInfoRuntimeApi.getStakeFee(
    null, holder.address, [hotkey, NETUID], holder.address, 50n * TAO,
  );
  assert.equal(units(fee), units(shown));

  assert.deepEqual(await staked(holder, after), [[`${NETUID}/${hotkey}`, units(alpha)]]);
  assert.equal(await free(holder, after), (await free(holder, before)) - 50n * TAO - feeOf(events));
  const stakeApi = after.call.stakeInfoRuntimeApi;
  const [info] = await stakeApi.getStakeInfoForColdkey(holder.address);
  assert.equal(info.isRegistered.isTrue, true);
  const position = await stakeApi.getStakeInfoForHotkeyColdkeyNetuid(hotkey, holder.address, NETUID);
  assert.deepEqual(position.unwrap().toJSON(), info.toJSON());
  const available = await stakeApi.getStakeAvailabilityForColdkeys([holder.address], null);
  const subnets = [...available.values()][0];
  const { total, locked, available: movable } = [...subnets.values()][0];
  assert.deepEqual([total, locked, movable].map(units), [units(alpha), 0n, units(alpha)]);
  assert.equal((await stakeApi.getColdkeyLock(holder.address, NETUID)).isNone, true);
});

test('a price beyond the limit is refused, and so is too little TAO', async () => {
  const { subtensorModule } = api.tx;
  const low = (await price(NETUID)) / 2n;
  const before = await staked(holder);
  await assert.rejects(
    submit(api, subtensorModule.addStakeLimit(hotkey, NETUID, TAO, low, false), holder),
    /SlippageTooHigh|Custom error: 8/,
  );
  await assert.rejects(
    submit(api, subtensorModule.addStake(hotkey, NETUID, 1_999_999n), holder),
    /AmountTooLow|Custom error: 1/,
  );
  assert.deepEqual(await staked(holder), before);
});

test('stake moves to another hotkey without a trade', async () => {
  const [[, all]] = await staked(holder);
  const part = all / 3n;
  const call = api.tx.subtensorModule.moveStake(hotkey, second, NETUID, NETUID, part);
  const { events, after, before } = await send(call, holder);
  assert.equal(units(find(events, 'AlphaMoved').alpha), part);
  assert.deepEqual(await staked(holder, after), [
    [`${NETUID}/${hotkey}`, all - part],
    [`${NETUID}/${second}`, part],
  ]);
  for (const reserve of ['subnetTAO', 'subnetAlphaIn']) {
    const [was, is] = await Promise.all([before, after].map((at) => at.query.subtensorModule[reserve](NETUID)));
    assert.equal(units(is), units(was), reserve);
  }
});

test('root stakes TAO for TAO, and root stake buys alpha as simulated', async () => {
  const { subtensorModule } = api.tx;
  const added = await send(subtensorModule.addStake(hotkey, ROOT, 10n * TAO), holder);
  assert.equal(units(find(added.events, 'StakeAdded')[3]), 10n * TAO);
  assert.deepEqual((await staked(holder, added.after))[0], [`${ROOT}/${hotkey}`, 10n * TAO]);

  const { after, before } = await send(subtensorModule.swapStake(hotkey, ROOT, NETUID, 4n * TAO), holder);
  const bought = units((await buying(4n * TAO, before)).alphaAmount);
  const [[, onHotkey]] = (await staked(holder, before)).filter(([place]) => place === `${NETUID}/${hotkey}`);
  const then = Object.fromEntries(await staked(holder, after));
  assert.equal(then[`${ROOT}/${hotkey}`], 6n * TAO);
  assert.equal(then[`${NETUID}/${hotkey}`], onHotkey + bought);
});

test('stake becomes TAO as simulated', async () => {
  const limit = (await price(NETUID)) / 2n;
  const call = api.tx.subtensorModule.removeStakeLimit(second, NETUID, 5n * TAO, limit, false);
  const { events, after, before } = await send(call, holder);
  const simulated = await selling(5n * TAO, before);
  const [, , tao, alpha, , fee] = find(events, 'StakeRemoved');
  assert.deepEqual(
    [tao, alpha, fee].map(units),
    [units(simulated.taoAmount), 5n * TAO, units(simulated.alphaFee)],
  );
  assert.equal(await free(holder, after), (await free(holder, before)) + units(tao) - feeOf(events));
  const position = (at) =>
    at.call.stakeInfoRuntimeApi.getStakeInfoForHotkeyColdkeyNetuid(second, holder.address, NETUID);
  const [was, is] = await Promise.all([before, after].map(async (at) => units((await position(at)).unwrap().stake)));
  assert.equal(is, was - 5n * TAO);
});

test('a claim of root dividends pays what is owed: nothing before an epoch', async () => {
  const { subtensorModule } = api.tx;
  await submit(api, subtensorModule.setRootClaimType('Keep'), holder);
  assert.equal((await api.query.subtensorModule.rootClaimType(holder.address)).isKeep, true);
  const was = await staked(holder);
  const { events } = await submit(api, subtensorModule.claimRoot([NETUID]), holder);
  assert.equal(find(events, 'RootClaimed'), undefined);
  assert.deepEqual(await staked(holder), was);
  assert.equal(units(await api.call.betaBasketRuntimeApi.getRootBasketOwed(holder.address)), 0n);
  assert.equal((await api.call.betaBasketRuntimeApi.getRootBasketPositions(holder.address)).length, 0);
});

test('a hotkey with a seat on root is a delegate, with those who stake on it', async () => {
  const { delegateInfoRuntimeApi } = api.call;
  assert.equal((await delegateInfoRuntimeApi.getDelegate(hotkey)).isNone, true);
  await submit(api, api.tx.subtensorModule.rootRegister(hotkey), alice);
  const delegate = (await delegateInfoRuntimeApi.getDelegate(hotkey)).unwrap();
  assert.equal(delegate.ownerSs58.toString(), alice.address);
  assert.equal(Number(delegate.take), 11_796);
  assert.deepEqual(delegate.registrations.map(Number), [ROOT, NETUID]);
  const listed = delegate.nominators.find(([who]) => who.toString() === holder.address)[1];
  const expected = (await staked(holder))
    .filter(([place]) => place.endsWith(hotkey))
    .map(([place, stake]) => [Number(place.split('/')[0]), stake]);
  assert.deepEqual(listed.map(([netuid, stake]) => [Number(netuid), units(stake)]), expected);
  const delegated = await delegateInfoRuntimeApi.getDelegated(holder.address);
  assert.deepEqual(
    delegated.map(([{ nominators }, [netuid, stake]]) => [nominators.length, Number(netuid), units(stake)]),
    expected.map(([netuid, stake]) => [0, netuid, stake]),
  );
});

test('whoever has stake and no TAO pays fees with stake', async () => {
  const { subtensorModule } = api.tx;
  const gift = subtensorModule.transferStake(pauper.address, hotkey, NETUID, NETUID, 8n * TAO);
  await submit(api, gift, holder);
  assert.equal(await free(pauper), 0n);
  assert.deepEqual(await staked(pauper), [[`${NETUID}/${hotkey}`, 8n * TAO]]);
  await assert.rejects(
    submit(api, api.tx.system.remark('0x00'), pauper),
    /Inability to pay some fees|balance too low/,
  );

  const { events, after } = await send(subtensorModule.removeStake(hotkey, NETUID, 3n * TAO), pauper);
  const paid = find(events, 'FeePaidInAlpha');
  assert.equal(paid.who.toString(), pauper.address);
  const [, , tao] = find(events, 'StakeRemoved');
  assert.ok(units(paid.tao) >= feeOf(events));
  // What the alpha of the fee yielded in excess is the signer's.
  assert.equal(await free(pauper, after), units(tao) + units(paid.tao) - feeOf(events));
  assert.deepEqual(await staked(pauper, after), [[`${NETUID}/${hotkey}`, 5n * TAO - units(paid.alpha)]]);
});
