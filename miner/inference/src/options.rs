//! What an engine may use.

use crate::kernel::Floats;

/// What an engine may use, and how it computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Threads that compute; none for as many as the machine has processors.
    pub threads: Option<usize>,
    /// The widest type in which weights are kept.
    pub data_type: DataType,
    /// Where models are computed.
    pub device: Device,
    /// Requests of one model that are computed together, at most.
    pub most_running: usize,
    /// Requests of one model that wait for that, at most; one more is refused.
    pub most_waiting: usize,
    /// Bytes that keys and values of all running requests of one model may take.
    pub kv_budget_bytes: usize,
    /// Tokens of prompts that are computed in one pass, at most: a new request delays the others by no more than that.
    pub prefill_tokens: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: None,
            data_type: DataType::F32,
            device: Device::Cpu,
            most_running: 16,
            most_waiting: 256,
            kv_budget_bytes: 2 << 30,
            prefill_tokens: 192,
        }
    }
}

/// The widest type in which floating-point weights are kept in memory. Computations are in 32 bits always, but for those with
/// quantised weights, which meet inputs of eight bits and keep keys and values in f16.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataType {
    /// As they are in the file.
    #[default]
    F32,
    /// bf16.
    Bf16,
    /// f16.
    F16,
}

impl DataType {
    pub(crate) const fn floats(self) -> Floats {
        match self {
            Self::F32 => Floats::Single,
            Self::Bf16 => Floats::Brain,
            Self::F16 => Floats::Half,
        }
    }
}

impl std::str::FromStr for DataType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "f32" => Ok(Self::F32),
            "bf16" => Ok(Self::Bf16),
            "f16" => Ok(Self::F16),
            _ => Err(format!("`{text}` is not one of f32, bf16, f16")),
        }
    }
}

impl std::fmt::Display for DataType {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::F16 => "f16",
        })
    }
}

/// Where models are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// On the processor, by the kernels of this crate: results do not depend on what is computed together.
    #[default]
    Cpu,
    /// On the processor, by Candle's tensors: the path of graphics processors, to test it.
    CandleCpu,
    /// On a graphics card of NVIDIA, by number; needs the feature `cuda`.
    Cuda(usize),
    /// On a graphics processor of Apple; needs the feature `metal`.
    Metal,
}

impl std::str::FromStr for Device {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':').unwrap_or((text, "0")) {
            ("cpu", _) => Ok(Self::Cpu),
            ("candle-cpu", _) => Ok(Self::CandleCpu),
            ("metal", _) => Ok(Self::Metal),
            ("cuda", number) => number
                .parse()
                .map(Self::Cuda)
                .map_err(|_| format!("`{number}` is not the number of a card")),
            _ => Err(format!(
                "`{text}` is not one of cpu, cuda, cuda:NUMBER, metal, candle-cpu"
            )),
        }
    }
}
