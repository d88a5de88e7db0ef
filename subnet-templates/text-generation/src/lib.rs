//! Subnet of verified inference: miners generate text with a model that the owner declared.
