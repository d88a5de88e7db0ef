//! What a block issues: TAO to the pools, alpha to pools and participants (sections 2, 3 and 7 of the economics).
