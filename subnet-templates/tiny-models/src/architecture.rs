//! The shape of a model, as `config.json` states it.

use crate::error::TinyModelError;

/// The shape of a model of the Llama family, with the names of Hugging Face. Input and output embedding are one matrix.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Architecture {
    /// Number of tokens.
    pub vocab_size: usize,
    /// Width of a position between layers.
    pub hidden_size: usize,
    /// Width inside of the feed-forward network.
    pub intermediate_size: usize,
    /// Number of layers.
    pub num_hidden_layers: usize,
    /// Heads that ask.
    pub num_attention_heads: usize,
    /// Heads that are asked; divides the number of those that ask.
    pub num_key_value_heads: usize,
    /// Positions at most.
    pub max_position_embeddings: usize,
    /// Base of the rotary angles.
    pub rope_theta: f64,
    /// Keeps the norm from dividing by zero.
    pub rms_norm_eps: f64,
}

/// A matrix or vector of weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in `model.safetensors`.
    pub name: String,
    /// Rows and columns, or the length.
    pub shape: Vec<usize>,
}

impl Parameter {
    /// How many numbers it is.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it scales a norm: such a vector starts at one and is not pulled to zero.
    pub(crate) fn is_norm(&self) -> bool {
        self.shape.len() == 1
    }

    /// Whether it writes into the stream between layers.
    pub(crate) fn is_residual(&self) -> bool {
        self.name.ends_with("o_proj.weight") || self.name.ends_with("down_proj.weight")
    }
}

/// What a file says besides the shape, in the order in which it is written.
#[derive(serde::Serialize)]
struct File<'a> {
    architectures: [&'a str; 1],
    model_type: &'a str,
    #[serde(flatten)]
    shape: &'a Architecture,
    head_dim: usize,
    hidden_act: &'a str,
    attention_bias: bool,
    attention_dropout: f32,
    mlp_bias: bool,
    tie_word_embeddings: bool,
    initializer_range: f64,
    bos_token_id: u32,
    eos_token_id: u32,
    torch_dtype: &'a str,
    use_cache: bool,
}

impl Architecture {
    /// Width of a head.
    pub fn head_size(&self) -> usize {
        self.hidden_size / self.num_attention_heads.max(1)
    }

    /// Heads that ask the same head.
    pub fn group_size(&self) -> usize {
        self.num_attention_heads / self.num_key_value_heads.max(1)
    }

    /// All weights, in the order of the computation.
    pub fn parameters(&self) -> Vec<Parameter> {
        let parameter = |name: String, shape: &[usize]| Parameter {
            name,
            shape: shape.to_vec(),
        };
        let width = self.hidden_size;
        let inner = self.intermediate_size;
        let asking = self.num_attention_heads * self.head_size();
        let asked = self.num_key_value_heads * self.head_size();
        let mut all = vec![parameter(
            "model.embed_tokens.weight".into(),
            &[self.vocab_size, width],
        )];
        for layer in 0..self.num_hidden_layers {
            let parts: [(&str, &[usize]); 9] = [
                ("input_layernorm", &[width]),
                ("self_attn.q_proj", &[asking, width]),
                ("self_attn.k_proj", &[asked, width]),
                ("self_attn.v_proj", &[asked, width]),
                ("self_attn.o_proj", &[width, asking]),
                ("post_attention_layernorm", &[width]),
                ("mlp.gate_proj", &[inner, width]),
                ("mlp.up_proj", &[inner, width]),
                ("mlp.down_proj", &[width, inner]),
            ];
            for (part, shape) in parts {
                all.push(parameter(
                    format!("model.layers.{layer}.{part}.weight"),
                    shape,
                ));
            }
        }
        all.push(parameter("model.norm.weight".into(), &[width]));
        all
    }

    /// How many numbers the weights are.
    pub fn count(&self) -> usize {
        self.parameters().iter().map(Parameter::count).sum()
    }

    /// The text of `config.json`.
    pub fn to_config(&self) -> String {
        let file = File {
            architectures: ["LlamaForCausalLM"],
            model_type: "llama",
            shape: self,
            head_dim: self.head_size(),
            hidden_act: "silu",
            attention_bias: false,
            attention_dropout: 0.0,
            mlp_bias: false,
            tie_word_embeddings: true,
            initializer_range: 0.02,
            bos_token_id: 0,
            eos_token_id: 0,
            torch_dtype: "bfloat16",
            use_cache: true,
        };
        // A struct of numbers and strings has nothing that JSON could not say.
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Whether heads and widths fit. **Errors:** [`TinyModelError::Plan`].
    pub fn check(&self) -> Result<(), TinyModelError> {
        let divides = |part: usize, whole: usize| part > 0 && whole.is_multiple_of(part);
        let problem = if !divides(self.num_attention_heads, self.hidden_size) {
            "the heads do not divide the width"
        } else if !self.head_size().is_multiple_of(2) {
            "the width of a head is odd, and rotary positions need pairs"
        } else if !divides(self.num_key_value_heads, self.num_attention_heads) {
            "the heads that are asked do not divide those that ask"
        } else if self.vocab_size == 0 || self.max_position_embeddings < 2 {
            "it has no tokens or no positions"
        } else {
            return Ok(());
        };
        Err(TinyModelError::Plan(problem.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Architecture, Plan};

    #[test]
    fn a_configuration_is_read_as_it_is_written() -> Result<(), serde_json::Error> {
        let architecture = Plan::standard(1_000).architecture;
        let read: Architecture = serde_json::from_str(&architecture.to_config())?;
        assert_eq!(read, architecture);
        Ok(())
    }

    #[test]
    fn a_shape_that_does_not_fit_is_refused() {
        let good = Plan::standard(1_000).architecture;
        assert!(good.check().is_ok());
        for (heads, asked, width) in [(3, 1, 128), (4, 3, 128), (0, 0, 128), (4, 2, 4)] {
            let bad = Architecture {
                num_attention_heads: heads,
                num_key_value_heads: asked,
                hidden_size: width,
                ..good.clone()
            };
            assert!(bad.check().is_err(), "{heads} {asked} {width}");
        }
    }
}
