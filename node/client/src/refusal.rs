//! Why the pool refuses a transaction, in words.

/// What the chain's own numbers mean, with what to do. Source: interface.md, section F.5.
fn custom(code: u8) -> &'static str {
    match code {
        0 => "the coldkey is about to be swapped; wait until the swap is done or cleared",
        1 => "the stake, or the amount to stake, is too low; stake more",
        2 => "the coldkey's balance is too low; fund it",
        3 => "the subnet does not exist; check --netuid",
        4 => "the hotkey is unknown to the chain; register it first",
        5 => "the position holds less than the amount; take a smaller amount",
        6 => "it is too soon after the last such transaction; wait for the subnet's rate limit",
        7 => "the subnet's pool is too small for this amount; take a smaller amount",
        8 => "the price is beyond the limit; accept a worse price or wait",
        9 => "stake of this subnet may not change its coldkey",
        10 => "the hotkey is registered on no subnet; register it first",
        11 => "the address cannot be reached from elsewhere; announce a public one",
        12 => "the endpoint was announced too recently; wait for the subnet's serving rate limit",
        13 => "the port cannot be served; announce another one",
        14 => "nothing can be traded within the price limit; accept a worse price",
        15 => "the round of the commit is already known; commit to a later one",
        16 => {
            "no open commit of this hotkey has this content; it expired, was revealed, or never was"
        }
        17 => "the epoch for revealing has not come; reveal later",
        18 => "the lists differ in length",
        19 => "the hotkey has no uid on the subnet; register it first, it may have been replaced",
        20 => "an EVM key was associated too recently; wait",
        21 => "a swap of the coldkey is disputed; the coldkey is locked until that is settled",
        22 => "the proxy may not act for this account",
        23 => "the encrypted transaction cannot be read",
        24 => "the encrypted transaction is for an unknown key; encrypt it again",
        25 => "the coldkey does not own the hotkey; sign with the coldkey that registered it",
        26 => "the take is below its range",
        27 => "the take is above its range",
        255 => "the call is certain to fail in the present state of the chain",
        _ => "the chain gives a reason that this client does not know; it may be too old",
    }
}

/// The chain's own number and the meaning, from the words of a node.
pub(crate) fn meaning(message: &str, data: &str) -> (Option<u8>, String) {
    let number = data
        .split_once("Custom error:")
        .and_then(|(_, number)| number.trim().parse().ok());
    if let Some(code) = number {
        return (Some(code), format!("{} (code {code})", custom(code)));
    }
    let text = if data.is_empty() { message } else { data };
    let known = if text.contains("pay some fees") {
        "the account cannot pay the fee; fund it. A hotkey sets weights and serves free of charge only where it is \
         registered"
    } else if text.contains("exhaust the resources") || text.contains("ExhaustsResources") {
        "the transaction is too large for a block"
    } else if text.contains("bad signature") {
        "the signature does not fit, since the chain's runtime or history changed meanwhile"
    } else {
        return (None, text.to_owned());
    };
    (None, known.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_interface_has_a_sentence_of_its_own() {
        let mut sentences: Vec<_> = (0..=27).chain([255]).map(custom).collect();
        assert!(!sentences.contains(&custom(28)));
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), 29);
    }

    #[test]
    fn numbers_are_found_in_the_words_of_a_node() {
        let (code, text) = meaning("Invalid Transaction", "Custom error: 19");
        assert_eq!(code, Some(19));
        assert!(text.contains("no uid on the subnet") && text.contains("19"));
        for odd in ["Custom error: 256", "Custom error: -1", "Custom error:"] {
            assert_eq!(meaning("Invalid Transaction", odd).0, None);
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        assert_eq!(meaning("words", ""), (None, "words".into()));
        let (code, text) = meaning(
            "Invalid Transaction",
            "Inability to pay some fees (e.g. account balance too low)",
        );
        assert!(code.is_none() && text.contains("fund it"));
    }
}
