//! TAO of the pallet: accounts of the subnets, payments into them and out of them.
//!
//! The account of a subnet holds at least `SubnetTAO` of it. TAO that is recycled leaves the issuance.

use dendra_primitives::{NetUid, TaoBalance};
use frame_support::{
    PalletId, ensure,
    traits::{
        Get,
        fungible::{Inspect, Mutate},
        tokens::{Fortitude, Precision, Preservation},
    },
};
use sp_runtime::{
    DispatchError, DispatchResult,
    traits::{AccountIdConversion, UniqueSaturatedInto},
};

use crate::{AccountId, Config, Error, Pallet, TotalIssuance};

/// Root of the accounts of subnets.
const SUBNET_ACCOUNTS: PalletId = PalletId(*b"subnets/");

impl<T: Config> Pallet<T> {
    /// The number of the present block.
    pub fn block() -> u64 {
        frame_system::Pallet::<T>::block_number().unique_saturated_into()
    }

    /// The account that signed.
    pub(crate) fn signer(origin: T::RuntimeOrigin) -> Result<AccountId, DispatchError> {
        Ok(frame_system::ensure_signed(origin)?)
    }

    /// The account that holds the TAO of a subnet.
    pub fn subnet_account(netuid: NetUid) -> AccountId {
        SUBNET_ACCOUNTS.into_sub_account_truncating(netuid.get())
    }

    /// Refuses the accounts of the chain itself, which nobody can sign for.
    pub(crate) fn ensure_ordinary_account(account: &AccountId) -> DispatchResult {
        let is_subnet = PalletId::try_from_sub_account::<u16>(account)
            .is_some_and(|(id, _)| id == SUBNET_ACCOUNTS);
        let is_zero = *account == AccountId::new([0; 32]);
        ensure!(!is_subnet && !is_zero, Error::<T>::CannotUseSystemAccount);
        Ok(())
    }

    /// What a coldkey can spend and stay alive.
    pub(crate) fn spendable(coldkey: &AccountId) -> TaoBalance {
        TaoBalance::new(T::Currency::reducible_balance(
            coldkey,
            Preservation::Preserve,
            Fortitude::Polite,
        ))
    }

    /// Moves TAO of a coldkey to the account of a subnet.
    pub(crate) fn charge(
        coldkey: &AccountId,
        netuid: NetUid,
        amount: TaoBalance,
    ) -> DispatchResult {
        if amount.is_zero() {
            return Ok(());
        }
        T::Currency::transfer(
            coldkey,
            &Self::subnet_account(netuid),
            amount.get(),
            Preservation::Preserve,
        )?;
        Ok(())
    }

    /// Moves TAO of a subnet's account to a coldkey.
    ///
    /// **Errors:** an amount below the existential deposit cannot open an account.
    pub(crate) fn pay(netuid: NetUid, coldkey: &AccountId, amount: TaoBalance) -> DispatchResult {
        if amount.is_zero() {
            return Ok(());
        }
        T::Currency::transfer(
            &Self::subnet_account(netuid),
            coldkey,
            amount.get(),
            Preservation::Expendable,
        )?;
        Ok(())
    }

    /// Moves TAO that left a pool to an account. The account of the subnet keeps at least an existential deposit:
    /// a pool keeps its floor, and root has one of its own.
    ///
    /// **Errors:** an amount below the existential deposit cannot open an account.
    pub(crate) fn pay_from_pool(
        netuid: NetUid,
        payee: &AccountId,
        amount: TaoBalance,
    ) -> DispatchResult {
        if amount.is_zero() {
            return Ok(());
        }
        T::Currency::transfer(
            &Self::subnet_account(netuid),
            payee,
            amount.get(),
            Preservation::Preserve,
        )?;
        Ok(())
    }

    /// Pays the fee of a trade from a payer to the block author; without an author, or if the amount
    /// cannot open the author's account, the fee leaves the issuance.
    pub(crate) fn pay_author(payer: &AccountId, fee: TaoBalance) -> DispatchResult {
        if fee.is_zero() {
            return Ok(());
        }
        let paid = T::Author::get().is_some_and(|author| {
            T::Currency::transfer(payer, &author, fee.get(), Preservation::Preserve).is_ok()
        });
        if !paid {
            Self::destroy(payer, fee, Preservation::Preserve)?;
        }
        Ok(())
    }

    /// Takes TAO of a subnet's account out of the issuance.
    pub(crate) fn recycle_tao(netuid: NetUid, amount: TaoBalance) -> DispatchResult {
        Self::destroy(
            &Self::subnet_account(netuid),
            amount,
            Preservation::Expendable,
        )
    }

    /// Takes TAO of a coldkey out of the issuance; the coldkey stays alive.
    pub(crate) fn recycle_from(coldkey: &AccountId, amount: TaoBalance) -> DispatchResult {
        Self::destroy(coldkey, amount, Preservation::Preserve)
    }

    /// Takes TAO of a coldkey out of the issuance, down to nothing.
    pub(crate) fn recycle_all_of(coldkey: &AccountId, amount: TaoBalance) -> DispatchResult {
        Self::destroy(coldkey, amount, Preservation::Expendable)
    }

    fn destroy(
        account: &AccountId,
        amount: TaoBalance,
        preservation: Preservation,
    ) -> DispatchResult {
        if amount.is_zero() {
            return Ok(());
        }
        T::Currency::burn_from(
            account,
            amount.get(),
            preservation,
            Precision::Exact,
            Fortitude::Polite,
        )?;
        Ok(())
    }

    /// All TAO.
    pub fn issuance() -> TaoBalance {
        TaoBalance::new(T::Currency::total_issuance())
    }

    /// Writes the issuance for those who read it; once per block, at its end.
    pub(crate) fn publish_issuance() {
        TotalIssuance::<T>::put(Self::issuance());
    }
}
