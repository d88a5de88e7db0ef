//! Validator: asks miners, scores their answers, sets weights.
