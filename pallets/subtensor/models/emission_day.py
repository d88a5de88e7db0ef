#!/usr/bin/env python3
"""A day of emission, computed from the text of the economics specification (sections 2, 3, 4 and 7).

    emission_day.py            write emission_day.csv beside this file
    emission_day.py --check    compute the day again and compare; exit status 1 if the file differs

The model shares nothing with the chain: no code, no fixed point format, no series. Amounts are integers, every
quotient is one floor division of exact integers, and a power is a decimal of 60 digits. A Rust test
(`tests/emission/day.rs`) reads the file, puts the chain into the state of its first lines, makes the changes it
names, and compares every amount of every block: at checkpoints one by one, in between by a running SHA-256.

Lines of the file, comma separated; all numbers are integers:

    terms    weight of TAO (of 2^64-1), owner cut (of 65535), moving alpha (of 2^32), halving blocks, first block,
             TAO issuance, TAO on root
    subnet   netuid, alpha reserve, TAO reserve, alpha outside, weight of TAO (of 10^18), first block of emission,
             moving price (of 2^96), may receive TAO, accepts registrations, subtoken, pays its owner, tempo,
             last epoch, miner burned (of 2^64-1)
    change   block, what, netuid, value, second value; made before the block begins
    state    block, netuid, alpha reserve, TAO reserve, alpha outside, weight of TAO, alpha of the protocol,
             pending of miners, validators, root and owner, drained for consensus and for the owner so far,
             moving price, TAO taken, alpha injected and alpha minted in this block
    total    block, TAO issuance, TAO not issued so far, SHA-256 of all blocks so far
"""

import collections
import hashlib
import pathlib
import sys
from decimal import ROUND_FLOOR, Context, Decimal, localcontext

SUPPLY = 21 * 10**15
ONE_TOKEN = 10**9
WEIGHT = 10**18
LEAST_WEIGHT = 10**16
LEAST_RESERVE = 10**6
P64 = 2**64 - 1
P16 = 65535
MOVING = 2**96

BLOCKS = 7200
SUBNETS = 20
FIRST_BLOCK = 3_000_001
CHECKPOINTS = {1, 2, 3, *range(720, BLOCKS + 1, 720)}


# Section 2.
def block_emission(issued):
    if issued >= SUPPLY:
        return 0
    halvings = 0
    # log2(1 / (1 - s/S)) >= h + 1
    while SUPPLY >= (SUPPLY - issued) * 2 ** (halvings + 1):
        halvings += 1
    return ONE_TOKEN // 2**halvings


# Section 6.1: alpha for TAO without fee, floored; None where the trade is refused.
def bought(alpha, tao, weight_tao, spent):
    if spent == 0 or spent > 1000 * tao:
        return None
    weight_alpha = WEIGHT - weight_tao
    if weight_alpha == weight_tao:
        out = alpha * spent // (tao + spent)
    else:
        with localcontext(Context(prec=60)):
            power = (Decimal(tao) / (tao + spent)).ln() * weight_tao / weight_alpha
            exact = alpha * (1 - power.exp())
            out = int(exact.to_integral_value(ROUND_FLOOR))
            # The chain may give one less this close to a whole number; the day must not depend on it.
            assert 2**-40 < exact - out < 1 - 2**-40 or out == 0, "choose another day"
    if out == 0 or alpha - out < LEAST_RESERVE:
        return None
    return out


class Subnet:
    FIELDS = (
        "netuid alpha_in tao alpha_out weight first moving enabled registration subtoken pays_owner tempo"
        " last_epoch burned"
    ).split()

    def __init__(self, *values):
        self.__dict__.update(zip(self.FIELDS, values))
        self.protocol = 0
        self.server = self.validator = self.root = self.owner = 0
        self.drained = self.drained_owner = 0
        self.taken = self.injected = self.minted = 0

    # Section 3.1.
    def is_eligible(self, block):
        return bool(self.first <= block and self.registration and self.subtoken)

    def price(self):
        return (WEIGHT - self.weight) * self.tao, self.weight * self.alpha_in

    # Section 3.2: whether the pool takes both at an unchanged price (6.3).
    def inject(self, tao, alpha):
        if tao == 0 and alpha == 0:
            return False
        side_tao = self.weight * self.alpha_in * (self.tao + tao)
        side_alpha = (WEIGHT - self.weight) * self.tao * (self.alpha_in + alpha)
        total = side_tao + side_alpha
        weight = (2 * WEIGHT * side_tao + total) // (2 * total)
        if not LEAST_WEIGHT <= weight <= WEIGHT - LEAST_WEIGHT:
            return False
        self.weight = weight
        self.tao += tao
        self.alpha_in += alpha
        return True

    def issue(self, share, chain):
        # Root proportion with the alpha that there is, as (dividend, divisor).
        def proportion():
            root = chain.tao_weight * chain.root
            return root, root + P64 * (self.alpha_in + self.alpha_out)

        self.minted = block_emission(self.alpha_in + self.alpha_out)
        self.taken = self.injected = 0
        if share > 0 and self.tao > 0 and self.alpha_in > 0:
            part, whole = proportion()
            cap = self.minted * part // whole
            up, down = self.price()
            alpha, tao = share * down // up, share
            if alpha > cap:
                alpha, tao = cap, cap * up // down
                chain.seen["capped"] += 1
            if self.inject(tao, alpha):
                self.taken, self.injected = tao, alpha
                chain.seen["injected"] += 1
            elif tao or alpha:
                chain.seen["injection refused"] += 1
            excess = share - tao
            out = bought(self.alpha_in, self.tao, self.weight, excess)
            if out is not None:
                self.tao += excess
                self.alpha_in -= out
                self.alpha_out += out
                self.protocol += out
                self.taken += excess
                chain.seen["bought"] += 1
            elif excess:
                chain.seen["purchase refused"] += 1
        # Section 3.3.
        self.alpha_out += self.minted
        part, whole = proportion()
        cut = chain.owner_cut if self.pays_owner else 0
        rest = self.minted * (P16 - cut)
        owner = self.minted * cut // P16
        server = rest // (2 * P16)
        root = rest * part // (2 * P16 * whole)
        validator = rest * (whole - part) // (2 * P16 * whole)
        if chain.pays_root:
            self.root += root
        else:
            self.alpha_out -= root
        self.owner += owner
        self.server += server
        self.validator += validator
        return self.taken

    # Section 7.
    def move_price(self, block, chain):
        age = block - self.first
        up, down = self.price()
        target = min(up * MOVING // down, MOVING)
        step = abs(target - self.moving) * chain.moving_alpha * age
        step //= 2**32 * (age + chain.halving) if age else 1
        self.moving += step if target >= self.moving else -step

    # Section 4. Nobody has weights here, so no miner earns and nothing is withheld.
    def drain(self, block):
        if self.tempo == 0 or block - self.last_epoch < self.tempo:
            return
        self.last_epoch = block
        self.drained += self.server + self.validator + self.root
        self.drained_owner += self.owner
        self.server = self.validator = self.root = self.owner = 0
        self.burned = 0

    def amounts(self):
        return [
            self.netuid, self.alpha_in, self.tao, self.alpha_out, self.weight, self.protocol, self.server,
            self.validator, self.root, self.owner, self.drained, self.drained_owner, self.moving, self.taken,
            self.injected, self.minted,
        ]  # fmt: skip


class Chain:
    def __init__(self, subnets):
        self.tao_weight = 971_718_665_099_567_868
        self.owner_cut = 11_796
        self.moving_alpha = 12_885
        self.halving = 201_600
        # Three thousand blocks before the first halving.
        self.issuance = SUPPLY // 2 - 3_000 * ONE_TOKEN
        self.root = 200_000 * ONE_TOKEN
        self.recycled = 0
        self.subnets = {subnet.netuid: subnet for subnet in subnets}
        self.digest = bytes(32)
        # How often what happened.
        self.seen = collections.Counter()

    def change(self, what, netuid, first, second):
        if what == "root":
            self.root += first
            self.issuance += first
            return
        subnet = self.subnets[netuid]
        if what == "reserves":
            # As by trades: the TAO comes from an account, or goes to one.
            subnet.alpha_in, subnet.tao = first, second
        else:
            setattr(subnet, what, first)

    def block(self, block):
        emission = block_emission(self.issuance)
        part = [subnet for subnet in self.subnets.values() if subnet.is_eligible(block)]
        self.pays_root = sum(subnet.moving for subnet in part) > MOVING
        weights = [subnet.moving * (P64 - subnet.burned) for subnet in part]
        if not any(weights):
            weights = [subnet.moving for subnet in part]
        total = sum(weight for weight, subnet in zip(weights, part) if subnet.enabled)
        issued = 0
        for subnet in self.subnets.values():
            subnet.taken = subnet.injected = subnet.minted = 0
        for weight, subnet in zip(weights, part):
            share = emission * weight // total if subnet.enabled and total else 0
            issued += subnet.issue(share, self)
            subnet.move_price(block, self)
        self.issuance += issued
        self.recycled += emission - issued
        for subnet in self.subnets.values():
            subnet.drain(block)
        text = ";".join(",".join(map(str, subnet.amounts())) for subnet in self.subnets.values())
        line = f"{block};{self.issuance};{self.recycled};{text}"
        self.digest = hashlib.sha256(self.digest + line.encode()).digest()


class Lottery:
    """Numbers that every version of the language draws alike."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        number = 0
        for _ in range(4):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
            number = number << 32 | self.state >> 32
        return number % bound


def some_subnets(lottery):
    """Twenty subnets that differ in everything, and some at an edge."""
    subnets = []
    for netuid in range(2, 2 + SUBNETS):
        tao = 10 ** (10 + lottery.below(5)) * (1 + lottery.below(9)) + lottery.below(10**9)
        # Prices, at equal weights, from 0.01 to 3.
        alpha = tao * 10_000 // (100 + lottery.below(30_000 if netuid % 5 == 0 else 1_500))
        alpha = min(alpha, 2 * 10**15)
        out = lottery.below(3 * 10 ** (12 + lottery.below(4)))
        weight = 5 * 10**17 if netuid % 3 else 10**17 * (1 + lottery.below(9))
        first = FIRST_BLOCK - 1 - lottery.below(2_900_000)
        subnets.append(
            Subnet(
                netuid, alpha, tao, out, weight, first, lottery.below(MOVING // 12), 1, 1, 1, 1,
                90 + lottery.below(400), FIRST_BLOCK - 1 - lottery.below(90), 0,
            )  # fmt: skip
        )
    by_netuid = {subnet.netuid: subnet for subnet in subnets}
    # The alpha of one is about to halve; another has none left to issue.
    by_netuid[3].alpha_out = SUPPLY // 2 - by_netuid[3].alpha_in - 2_000 * ONE_TOKEN
    by_netuid[4].alpha_out = SUPPLY - by_netuid[4].alpha_in
    # Its weight of TAO is the least there may be. That of another is the most, and an injection would raise it:
    # a unit of alpha costs more than the subnet's share, so only TAO would be injected.
    by_netuid[6].weight, by_netuid[6].alpha_out = LEAST_WEIGHT, 5 * 10**15
    by_netuid[19].weight, by_netuid[19].moving = WEIGHT - LEAST_WEIGHT, MOVING // 200
    by_netuid[19].alpha_in, by_netuid[19].tao = 1_000, 10**12
    # So small that the chain's purchases move it; and one too small for them.
    by_netuid[7].alpha_in, by_netuid[7].tao = 3 * 10**9, 10**9
    by_netuid[8].alpha_in, by_netuid[8].tao, by_netuid[8].alpha_out = 2 * 10**9, 1_000, 4 * 10**15
    # Not started yet; started in this day; without TAO; without registrations; without a paid owner.
    by_netuid[9].first = FIRST_BLOCK + BLOCKS
    by_netuid[10].first = FIRST_BLOCK + 500
    by_netuid[10].moving = 0
    by_netuid[11].enabled = 0
    by_netuid[12].registration = 0
    by_netuid[13].pays_owner = 0
    by_netuid[14].burned = P64
    by_netuid[15].burned = P64 // 3
    by_netuid[15].tempo = 0
    by_netuid[16].subtoken = 0
    # The sum of all moving prices passes one in the course of the day.
    assert all(subnet.alpha_out >= 0 for subnet in subnets)
    part = [subnet for subnet in subnets if subnet.is_eligible(FIRST_BLOCK + 1_000)]
    missing = MOVING - MOVING // 400 - sum(subnet.moving for subnet in part)
    by_netuid[5].moving += missing
    assert 0 < by_netuid[5].moving < MOVING
    by_netuid[5].first = FIRST_BLOCK - 2_900_000
    by_netuid[5].alpha_in = by_netuid[5].tao // 2
    return subnets


def some_changes(lottery, subnets):
    """What happens in between: (block of the day, what, netuid, value, second value)."""
    changes = [
        (400, "enabled", 11, 1, 0),
        (900, "registration", 12, 1, 0),
        (1_300, "pays_owner", 13, 1, 0),
        (1_700, "subtoken", 16, 1, 0),
        (2_000, "root", 0, 3_000_000 * ONE_TOKEN, 0),
        (2_500, "enabled", 17, 0, 0),
        (3_000, "registration", 18, 0, 0),
        (4_000, "registration", 18, 1, 0),
        (4_400, "pays_owner", 2, 0, 0),
        (6_000, "root", 0, 777_777_777, 0),
    ]
    for _ in range(40):
        netuid = 2 + lottery.below(SUBNETS)
        changes.append((1 + lottery.below(BLOCKS), "burned", netuid, lottery.below(P64), 0))
    # Prices that jump, as trades make them.
    for _ in range(40):
        subnet = subnets[lottery.below(SUBNETS)]
        if subnet.netuid in (3, 4, 6, 7, 8, 19):
            continue
        alpha = subnet.alpha_in * (50 + lottery.below(100)) // 100
        tao = subnet.tao * (50 + lottery.below(100)) // 100
        changes.append((1 + lottery.below(BLOCKS), "reserves", subnet.netuid, alpha, tao))
    # Everything off for some blocks: nobody is enabled, and nothing is issued.
    for subnet in subnets:
        changes.append((5_000, "enabled", subnet.netuid, 0, 0))
        changes.append((5_003, "enabled", subnet.netuid, int(subnet.netuid != 17), 0))
    # And all weight withheld for one block: moving prices alone decide.
    for subnet in subnets:
        changes.append((5_010, "burned", subnet.netuid, P64, 0))
        changes.append((5_012, "burned", subnet.netuid, 0, 0))
    return sorted(changes, key=lambda change: change[0])


def day():
    lottery = Lottery(7)
    subnets = some_subnets(lottery)
    chain = Chain(subnets)
    changes = some_changes(lottery, subnets)
    lines = ["# Written by emission_day.py; do not edit."]

    def write(kind, *values):
        lines.append(",".join(map(str, (kind, *values))))

    write("terms", chain.tao_weight, chain.owner_cut, chain.moving_alpha, chain.halving, FIRST_BLOCK,
          chain.issuance, chain.root)  # fmt: skip
    for subnet in subnets:
        write("subnet", *(getattr(subnet, field) for field in Subnet.FIELDS))
    for change in changes:
        write("change", FIRST_BLOCK - 1 + change[0], *change[1:])
    did_pay_root = set()
    for number in range(1, BLOCKS + 1):
        block = FIRST_BLOCK - 1 + number
        for change in changes:
            if change[0] == number:
                chain.change(*change[1:])
        chain.block(block)
        did_pay_root.add(chain.pays_root)
        if number in CHECKPOINTS:
            for subnet in subnets:
                write("state", block, *subnet.amounts())
            write("total", block, chain.issuance, chain.recycled, chain.digest.hex())
    # That the day is as varied as it claims.
    assert did_pay_root == {False, True}
    assert block_emission(chain.issuance) == ONE_TOKEN // 2
    assert subnets[1].minted == ONE_TOKEN // 2 and subnets[2].minted == 0
    for what in ("capped", "injected", "injection refused", "bought", "purchase refused"):
        assert chain.seen[what] > 100, chain.seen
    return "\n".join(lines) + "\n"


def main():
    file = pathlib.Path(__file__).with_name("emission_day.csv")
    text = day()
    if sys.argv[1:] == ["--check"]:
        if not file.exists() or file.read_text() != text:
            sys.exit(f"{file.name} is not what the model computes; run emission_day.py and review the change")
        print(f"{file.name} is what the model computes")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        file.write_text(text)


if __name__ == "__main__":
    main()
